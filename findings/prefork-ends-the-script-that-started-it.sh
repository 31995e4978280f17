#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# httpd with the prefork MPM, started in the foreground by a script, ends that script when it is stopped.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg, curl and setsid of util-linux.
# Expected: SIGTERM to httpd's process ends httpd and its children. The script that started it with -DFOREGROUND in
#   the background waits for it and goes on.
# Seen: under prefork httpd sends SIGTERM to its whole process group, which is the script's: the script and all that
#   it started ends. Under event it does not.
# Output seen:
#   event: script went on
#   prefork: script ended, status 143
# Why a user of a telephony webhook module meets it: a container's start script runs httpd and, beside it, the program
#   that delivers events. httpd's clean stop takes the other one down in the middle of its work. A test script that
#   stops "its" httpd vanishes without a line.

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
  libexpat1=2.5.0-1+deb12u5 libpcre2-8-0=10.42-1+deb12u2
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
port=$((20000 + $$ % 20000))
cat >script <<'SCRIPT'
# The script of a container: MPM, PORT.
mpm=$1
port=$2
cat >httpd-$mpm.conf <<CONF
ServerRoot $PWD
ServerName localhost
Listen 127.0.0.1:$port
PidFile $PWD/pid-$mpm
ErrorLog $PWD/error.log
DefaultRuntimeDir $PWD
User #65534
Group #65534
LoadModule mpm_${mpm}_module usr/lib/apache2/modules/mod_mpm_$mpm.so
LoadModule authz_core_module usr/lib/apache2/modules/mod_authz_core.so
CONF
usr/sbin/apache2 -d "$PWD" -f "$PWD/httpd-$mpm.conf" -DFOREGROUND >log 2>&1 &
httpd=$!
tries=0
until curl -s -o ready "http://127.0.0.1:$port/"; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { kill $httpd; exit 2; }
  sleep 0.1
done
kill $httpd
wait $httpd
echo "script went on"
SCRIPT
run() {
  status=0
  setsid -w sh script "$1" "$2" >out 2>&1 || status=$?
  [ $status -ne 2 ] || { cat log; echo 'cannot tell: httpd does not answer'; exit 2; }
  if [ $status -eq 0 ]; then echo "$1: $(cat out)"; else echo "$1: script ended, status $status"; fi
}
event=$(run event "$port")
prefork=$(run prefork $((port + 1)))
printf '%s\n%s\n' "$event" "$prefork"
[ "$event" = 'event: script went on' ] && [ "$prefork" = 'prefork: script ended, status 143' ]
