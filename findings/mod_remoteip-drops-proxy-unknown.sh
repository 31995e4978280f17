#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# httpd's mod_remoteip closes the connection on the shortest line of the PROXY protocol, "PROXY UNKNOWN".
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg, curl and python3, which is the client.
# Expected: the protocol's specification gives "PROXY UNKNOWN" and the line end as a whole, valid header: the receiver
#   uses the connection's own addresses and goes on. With addresses behind UNKNOWN mod_remoteip does just that.
# Seen: the short form has 15 bytes and mod_remoteip reads 16 at first, for the other version. The line is
#   recognised, then the rest counts as an "internal error", and the client gets no byte.
# Output seen:
#   PROXY UNKNOWN 192.0.2.1 192.0.2.2 1 2: HTTP/1.1 200 OK
#   PROXY UNKNOWN: no answer, AH03513
# Why a user of a telephony webhook module meets it: a load balancer in front of the webhooks sends this very line with
#   its own health checks. The checks fail, the node is taken out, and calls go nowhere while httpd is well.

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
start_httpd mpm_event authz_core status remoteip <<CONF
Listen 127.0.0.1:$((port + 1))
<VirtualHost 127.0.0.1:$((port + 1))>
  ServerName proxied
  RemoteIPProxyProtocol On
  <Location /status>
    SetHandler server-status
  </Location>
</VirtualHost>
CONF
ask() {
  python3 - $((port + 1)) "$1" <<'PYTHON'
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
client.settimeout(20)
client.sendall(sys.argv[2].encode() + b"\r\nGET /status HTTP/1.1\r\nHost: proxied\r\nConnection: close\r\n\r\n")
try:
    answer = client.recv(4096)
except OSError:
    answer = b""
print(answer.split(b"\r\n")[0].decode() or "no answer")
PYTHON
}
long=$(ask 'PROXY UNKNOWN 192.0.2.1 192.0.2.2 1 2')
short=$(ask 'PROXY UNKNOWN')
logged=$(sed -n 's/.*\(AH03513\).*/\1/p' error.log | head -1)
printf 'PROXY UNKNOWN 192.0.2.1 192.0.2.2 1 2: %s\nPROXY UNKNOWN: %s, %s\n' "$long" "$short" "$logged"
[ "$long" = 'HTTP/1.1 200 OK' ] && [ "$short, $logged" = 'no answer, AH03513' ]
