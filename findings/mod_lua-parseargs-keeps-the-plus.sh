#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mod_lua's r:parseargs() leaves a "+" of the query as it is, while r:parsebody() makes it a blank.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg and curl.
# Expected: the two functions are a pair and decode the same form encoding: "Ann+Lee" is "Ann Lee" in both, and only
#   "%2B" is a plus sign.
# Seen: parseargs() decodes %XX only. "+" and "%2B" come out equal, so a script cannot tell them apart any more.
# Output seen:
#   query: CallerName=[Ann+Lee] From=[+14155550100]
#   body: CallerName=[Ann Lee] From=[+14155550100]
# Why a user of a telephony webhook module meets it: the cloud is told GET or POST by one menu; its values hold
#   "%2B" in each number and "+" in each name of two words. A script that passed its tests with POST gives wrong
#   names with GET, and replacing "+" by a blank afterwards breaks the numbers.

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
cat >show.lua <<'LUA'
function handle(r)
  local values = r.method == "POST" and r:parsebody() or r:parseargs()
  r.content_type = "text/plain"
  r:puts("CallerName=[" .. values.CallerName .. "] From=[" .. values.From .. "]")
  return apache2.OK
end
LUA
start_httpd mpm_event authz_core lua <<CONF
LuaRoot $dir
LuaMapHandler ^/show$ show.lua
CONF
form='CallerName=Ann+Lee&From=%2B14155550100'
query=$(curl -s "http://127.0.0.1:$port/show?$form")
body=$(curl -s -d "$form" "http://127.0.0.1:$port/show")
printf 'query: %s\nbody: %s\n' "$query" "$body"
[ "$query" = 'CallerName=[Ann+Lee] From=[+14155550100]' ] && [ "$body" = 'CallerName=[Ann Lee] From=[+14155550100]' ]
