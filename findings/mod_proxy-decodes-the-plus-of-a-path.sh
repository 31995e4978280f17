#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# httpd's mod_proxy sends another path to the backend than it was asked for: "%2B" of a number becomes "+".
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get, dpkg, curl and python3, which is the backend.
# Expected: a proxy hands on the path that it got, byte for byte, as it does with the query.
# Seen: the path is decoded and written anew: %2B, %40, %3A, %3B, %2C, %7E and %41 arrive as "+", "@", ":", ";", ",",
#   "~" and "A", two slashes as one. Only "nocanon" keeps it. The query is left alone, also there.
# Output seen:
#   asked: /to/%2B14155550100/sip%3Aann%40example?from=%2B1
#   arrived: /to/+14155550100/sip:ann@example?from=%2B1
#   arrived with nocanon: /nocanon/%2B14155550100/sip%3Aann%40example?from=%2B1
# Why a user of a telephony webhook module meets it: the number is put into the path of the webhook, properly escaped,
#   and the cloud signs the address as it is written in its console. The backend that checks the signature over the
#   path it sees refuses each call, though the request is honest.

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
cat >backend.py <<'PYTHON'
import socketserver, sys
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        path = self.rfile.readline().split()[1]
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))
socketserver.TCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
PYTHON
backend=$((port + 1))
python3 backend.py $backend >backend.log 2>&1 &
pids="$pids $!"
tries=0
until curl -s -o answer "http://127.0.0.1:$backend/"; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { cat backend.log; echo 'cannot tell: no backend'; exit 2; }
  sleep 0.1
done
start_httpd mpm_event authz_core proxy proxy_http <<CONF
ProxyPass /to http://127.0.0.1:$backend/to
ProxyPass /nocanon http://127.0.0.1:$backend/nocanon nocanon
CONF
rest='%2B14155550100/sip%3Aann%40example?from=%2B1'
plain=$(curl -s "http://127.0.0.1:$port/to/$rest")
kept=$(curl -s "http://127.0.0.1:$port/nocanon/$rest")
printf 'asked: /to/%s\narrived: %s\narrived with nocanon: %s\n' "$rest" "$plain" "$kept"
[ "$plain" = '/to/+14155550100/sip:ann@example?from=%2B1' ] && [ "$kept" = "/nocanon/$rest" ]
