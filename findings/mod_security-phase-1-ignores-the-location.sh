#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# ModSecurity refuses a request by a rule of phase 1 in a <Location> that says "SecRuleEngine Off".
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: libapache2-mod-security2 2.9.7-1+deb12u2 with apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg
#   and curl.
# Expected: a <Location> with "SecRuleEngine Off", or with "SecRuleRemoveById" of the rule, is free of that rule.
# Seen: rules of phase 1 run before httpd has found out which Location a request belongs to; those of phase 2 come
#   after. So the same exception works for one rule and not for the next, without a warning at the start.
# Output seen:
#   elsewhere: phase 1 status 403, phase 2 status 403
#   SecRuleEngine Off: phase 1 status 403, phase 2 status 200
#   SecRuleRemoveById: phase 1 status 403, phase 2 status 200
# Why a user of a telephony webhook module meets it: a rule set takes something honest in a webhook for an attack, and
#   the exception is written where all other settings of the webhook are, in its Location. Some calls are refused on.

set -eu
dir=$(mktemp -d)
pids=
finish() {
  for pid in $pids; do kill "$pid" 2>/dev/null || :; done
  for pid in $pids; do wait "$pid" 2>/dev/null || :; done
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 2' HUP INT TERM
chmod 755 "$dir"
cd "$dir"

# Unpacks Debian packages below $dir, without installing them.
unpack() {
  apt-get download -q "$@" >apt.log 2>&1 || { cat apt.log; echo 'cannot tell: no package'; exit 2; }
  for package in ./*.deb; do dpkg -x "$package" .; rm "$package"; done
}
unpack apache2-bin=2.4.71-1~deb12u1 libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 \
  libexpat1=2.5.0-1+deb12u5 libpcre2-8-0=10.42-1+deb12u2 liblua5.3-0=5.3.6-2
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
port=$((20000 + $$ % 20000))

# Starts httpd in the foreground, as a job, with the modules named and the rest of the configuration from
# standard input; waits until it answers.
start_httpd() {
  mkdir -p www
  {
    printf 'ServerRoot %s\nServerName localhost\nListen 127.0.0.1:%s\n' "$dir" "$port"
    printf 'PidFile %s/pid\nErrorLog %s/error.log\nDefaultRuntimeDir %s\nDocumentRoot %s/www\n' \
      "$dir" "$dir" "$dir" "$dir"
    printf 'User #65534\nGroup #65534\n'
    for module in "$@"; do printf 'LoadModule %s_module usr/lib/apache2/modules/mod_%s.so\n' "$module" "$module"; done
    cat
  } >httpd.conf
  setsid usr/sbin/apache2 -d "$dir" -f "$dir/httpd.conf" -DFOREGROUND >httpd.log 2>&1 &
  pids="$pids $!"
  tries=0
  until curl -s -o ready "http://127.0.0.1:$port/"; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat httpd.log error.log; echo 'cannot tell: httpd does not answer'; exit 2; }
    sleep 0.1
  done
}
unpack libapache2-mod-security2=2.9.7-1+deb12u2 liblua5.1-0=5.1.5-9 libyajl2=2.1.0-3+deb12u2 \
  libicu72=72.1-3+deb12u1 libcurl3-gnutls=7.88.1-10+deb12u15 libxml2=2.9.14+dfsg-1.3~deb12u6
start_httpd mpm_event authz_core status unique_id <<CONF
LoadModule security2_module usr/lib/apache2/modules/mod_security2.so
SecRuleEngine On
SecRequestBodyAccess On
SecAuditEngine Off
SecDataDir $dir
SecTmpDir $dir
SecRule REQUEST_HEADERS:X-Kind "@streq one" "id:1,phase:1,deny,status:403"
SecRule REQUEST_HEADERS:X-Kind "@streq two" "id:2,phase:2,deny,status:403"
<Location /elsewhere>
  SetHandler server-status
</Location>
<Location /off>
  SetHandler server-status
  SecRuleEngine Off
</Location>
<Location /removed>
  SetHandler server-status
  SecRuleRemoveById 1 2
</Location>
CONF
ask() { curl -s -o body -w '%{http_code}' -H "X-Kind: $2" "http://127.0.0.1:$port/$1"; }
statuses() { echo "phase 1 status $(ask "$1" one), phase 2 status $(ask "$1" two)"; }
elsewhere=$(statuses elsewhere)
off=$(statuses off)
removed=$(statuses removed)
printf 'elsewhere: %s\nSecRuleEngine Off: %s\nSecRuleRemoveById: %s\n' "$elsewhere" "$off" "$removed"
[ "$elsewhere" = 'phase 1 status 403, phase 2 status 403' ] && [ "$off" = 'phase 1 status 403, phase 2 status 200' ] &&
  [ "$removed" = "$off" ]
