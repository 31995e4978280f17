#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A RewriteMap gives another answer after httxt2dbm has turned the same text into a DBM file.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin and apache2-utils of 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg and curl.
# Expected: httxt2dbm makes the same map faster. A key that stands twice is either refused, or answered alike.
# Seen: the text map takes the first line of a key, the DBM map made from it the last. Neither httxt2dbm nor httpd
#   says a word, also not with -v.
# Output seen:
#   txt: front
#   dbm: night
# Why a user of a telephony webhook module meets it: the route of a called number is kept in such a map. "First
#   match wins" is how the lines of one were added for years; a growing list is converted as the manual advises,
#   and calls to some numbers go elsewhere.

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
  usr/sbin/apache2 -d "$dir" -f "$dir/httpd.conf" -DFOREGROUND >httpd.log 2>&1 &
  pids="$pids $!"
  tries=0
  until curl -s -o ready "http://127.0.0.1:$port/"; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat httpd.log error.log; echo 'cannot tell: httpd does not answer'; exit 2; }
    sleep 0.1
  done
}
unpack apache2-utils=2.4.71-1~deb12u1
cat >map.txt <<'MAP'
+14155550100 front
+14155550101 sales
+14155550100 night
MAP
usr/sbin/httxt2dbm -v -f SDBM -i map.txt -o map.dbm
chmod 644 map.*
start_httpd mpm_event authz_core rewrite headers <<CONF
RewriteEngine On
RewriteMap text txt:$dir/map.txt
RewriteMap fast dbm=SDBM:$dir/map.dbm
RewriteRule ^/([0-9]+)$ - [E=TEXT:\${text:+\$1|none},E=FAST:\${fast:+\$1|none}]
Header always set Text "%{TEXT}e"
Header always set Fast "%{FAST}e"
CONF
curl -s -D head -o body "http://127.0.0.1:$port/14155550100"
text=$(sed -n 's/^Text: \([a-z]*\).*/\1/p' head)
fast=$(sed -n 's/^Fast: \([a-z]*\).*/\1/p' head)
printf 'txt: %s\ndbm: %s\n' "$text" "$fast"
[ "$text" = front ] && [ "$fast" = night ]
