#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# httpd says that HTTP/2 will be inactive under the prefork MPM, serves it all the same, and with threads.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg and a curl with HTTP/2.
# Expected: the warning AH10034 at the start is true ("the HTTP/2 protocol will be inactive"): clients get HTTP/1.1,
#   and a child of prefork runs one request at a time in its one thread, which is what prefork is chosen for.
# Seen: with "Protocols h2c http/1.1" a client that begins with HTTP/2 is answered in it, and the children have
#   a second thread from the start, for mod_http2's worker.
# Output seen:
#   warning: the HTTP/2 protocol will be inactive
#   answered in HTTP/2 with status 200
#   threads of a child: 2
# Why a user of a telephony webhook module meets it: prefork is still there for an old PHP beside the webhooks, and a
#   proxy in front that speaks h2c to its backends brings them in. What was safe as there are no threads is not.

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
unpack libnghttp2-14=1.52.0-1+deb12u3
most_threads() {
  for child in $(ps -o pid= --ppid "$1"); do
    sed -n 's/^Threads:[[:space:]]*//p' "/proc/$child/status"
  done | sort -n | tail -1
}
start_httpd mpm_prefork authz_core status http2 <<CONF
Protocols h2c http/1.1
StartServers 1
MinSpareServers 1
MaxSpareServers 1
<Location /status>
  SetHandler server-status
</Location>
CONF
warning=$(sed -n 's/.*AH10034.*\(the HTTP\/2 protocol will be inactive\).*/\1/p' error.log | head -1)
parent=$(cat pid)
answer=$(curl -s --http2-prior-knowledge -o body -w 'answered in HTTP/%{http_version} with status %{http_code}' \
  "http://127.0.0.1:$port/status")
threads=$(most_threads "$parent")
printf 'warning: %s\n%s\nthreads of a child: %s\n' "$warning" "$answer" "$threads"
[ "$warning" = 'the HTTP/2 protocol will be inactive' ] && [ "$answer" = 'answered in HTTP/2 with status 200' ] &&
  [ "$threads" -gt 1 ]
