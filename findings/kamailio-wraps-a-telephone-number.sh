#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Kamailio cannot compare a telephone number with a number: it keeps 32 bits, and wraps or drops the rest in silence.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: kamailio 5.6.3-2 (Debian 12). Needs apt-get, dpkg and python3, which sends one request.
# Expected: a number of eleven digits in the configuration is kept, or refused when the configuration is checked
#   ("kamailio -c"); and the dialled 14155550100 is more than 100.
# Seen: the check is content. The literal has another value; the dialled number, which is too large, is no number at
#   all in a comparison, so ">" is false.
# Output seen:
#   check of the configuration: exit 0
#   literal 14155550100 is 1270648212
#   dialled 14155550100 is not above 100
# Why a user of a telephony webhook module meets it: Kamailio is the usual SIP server beside such a cloud, and "numbers
#   from 14155550100 to 14155550199 go to the cloud" is a comparison that one writes. Short extensions pass the test.

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
unpack kamailio=5.6.3-2
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
modules=$(echo "$dir"/usr/lib/*-linux-gnu/kamailio/modules)
port=$((20000 + $$ % 20000))
cat >kamailio.cfg <<'CONF'
#!KAMAILIO
debug=1
log_stderror=yes
fork=no
loadmodule "pv.so"
loadmodule "xlog.so"
request_route {
  $var(literal) = 14155550100;
  xlog("L_ERR", "seen: literal 14155550100 is $var(literal)\n");
  if ($rU > 100) {
    xlog("L_ERR", "seen: dialled $rU is above 100\n");
  } else {
    xlog("L_ERR", "seen: dialled $rU is not above 100\n");
  }
  exit;
}
CONF
status=0
usr/sbin/kamailio -c -l "udp:127.0.0.1:$port" -f kamailio.cfg -L "$modules" >check.log 2>&1 || status=$?
echo "check of the configuration: exit $status"
usr/sbin/kamailio -l "udp:127.0.0.1:$port" -f kamailio.cfg -L "$modules" -Y "$dir" -w "$dir" -DD -E >log 2>&1 &
pids="$pids $!"
tries=0
until [ "$(grep -c 'seen: ' log || :)" -ge 2 ]; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { cat log; echo 'cannot tell: no request arrived'; exit 2; }
  python3 - "$port" <<'PYTHON'
import socket, sys
request = "\r\n".join(["OPTIONS sip:14155550100@gw.example SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1",
    "From: <sip:ann@h.example>;tag=1", "To: <sip:14155550100@gw.example>", "Call-ID: 1", "CSeq: 1 OPTIONS",
    "Max-Forwards: 9", "Content-Length: 0", "", ""])
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(request.encode(), ("127.0.0.1", int(sys.argv[1])))
PYTHON
  sleep 0.3
done
literal=$(sed -n 's/.*seen: \(literal .*\)/\1/p' log | head -1)
dialled=$(sed -n 's/.*seen: \(dialled .*\)/\1/p' log | head -1)
printf '%s\n%s\n' "$literal" "$dialled"
[ $status -eq 0 ] && [ "$literal" = 'literal 14155550100 is 1270648212' ] &&
  [ "$dialled" = 'dialled 14155550100 is not above 100' ]
