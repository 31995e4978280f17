#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mod_lua's r:parsebody() answers a form of more than 8 KiB with empty tables, and says nothing.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg and curl.
# Expected: a body over the function's limit is an error: nil, a raised error, 413, or at least a line in the log.
# Seen: without the optional size, anything over 8,192 bytes gives two empty tables, as if nothing had been sent.
#   The request goes on as 200, the error log at level info is silent.
# Output seen:
#   8000 bytes: CallUUID=present, status 200
#   9000 bytes: CallUUID=absent, status 200
#   lines in the error log: 0
# Why a user of a telephony webhook module meets it: most webhooks have 1 KB. The one with a transcription of a long
#   voicemail has more, and looks then like a request of somebody who sent no field at all.

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
  local values = r:parsebody()
  r.content_type = "text/plain"
  r:puts("CallUUID=" .. (values.CallUUID and "present" or "absent"))
  return apache2.OK
end
LUA
start_httpd mpm_event authz_core lua <<CONF
LogLevel info
LuaRoot $dir
LuaMapHandler ^/show$ show.lua
CONF
lines_before=$(wc -l <error.log)
ask() {
  awk -v size="$1" 'BEGIN { printf "CallUUID=u1&transcription="; for (n = 26; n < size; n++) printf "x" }' >form
  echo "$(wc -c <form) bytes: $(curl -s -w ', status %{http_code}' --data-binary @form "http://127.0.0.1:$port/show")"
}
small=$(ask 8000)
large=$(ask 9000)
logged=$(($(wc -l <error.log) - lines_before))
printf '%s\n%s\nlines in the error log: %s\n' "$small" "$large" "$logged"
[ "$small" = '8000 bytes: CallUUID=present, status 200' ] &&
  [ "$large" = '9000 bytes: CallUUID=absent, status 200' ] && [ "$logged" = 0 ]
