#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# httpd's mod_dir redirects a POST to "URL/" although a handler is set and DirectoryCheckHandler is On.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg and curl.
# Expected: mod_dir's manual says that DirectoryCheckHandler decides whether mod_dir adds trailing slashes where
#   another handler is configured. So with "On" a URL of <Location> with SetHandler goes to its handler, even if a
#   directory of that name happens to lie below DocumentRoot.
# Seen: the directive has a say in DirectoryIndex only. The redirect comes first, 301 for POST too. Only
#   "DirectorySlash Off" leaves the URL to the handler.
# Output seen:
#   DirectoryCheckHandler On: GET 301, POST 301
#   DirectorySlash Off: GET 200
# Why a user of a telephony webhook module meets it: prompts lie in DocumentRoot/plivo/..., the webhook is
#   /plivo or /plivo/answer, and the caller's cloud follows a 301 of its POST as GET without a body, or not at all.

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
mkdir -p www/plivo www/voice
start_httpd mpm_event authz_core dir status <<CONF
<Location /plivo>
  SetHandler server-status
  DirectoryCheckHandler On
</Location>
<Location /voice>
  SetHandler server-status
  DirectorySlash Off
</Location>
CONF

code() { curl -s -o body -w '%{http_code}' "$@"; }
on="GET $(code "http://127.0.0.1:$port/plivo"), POST $(code -d Event=StartApp "http://127.0.0.1:$port/plivo")"
off="GET $(code "http://127.0.0.1:$port/voice")"
printf 'DirectoryCheckHandler On: %s\nDirectorySlash Off: %s\n' "$on" "$off"
[ "$on" = 'GET 301, POST 301' ] && [ "$off" = 'GET 200' ]
