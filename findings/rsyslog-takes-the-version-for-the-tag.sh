#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# rsyslog does not read the current syslog format (RFC 5424) at its local socket: its version becomes the tag.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: rsyslog 8.2302.0-1+deb12u2 (Debian 12). Needs apt-get, dpkg and python3, which sends.
# Expected: rsyslog knows RFC 5424 since its first days and finds out by itself which of the two formats a message
#   has; over UDP and TCP it does. So it does at the socket that all local programs write to.
# Seen: imuxsock has a parser of its own for the old format only. "1", the version, is taken for the program's name;
#   host, program, process and the structured data become text. Only UseSpecialParser="off" helps.
# Output seen:
#   as given: program=1 data=- text= 2026-11-29T17:50:00Z host.example diald 12 ID1 [call@32473 uuid="u1"] ended
#   UseSpecialParser=off: program=diald data=[call@32473 uuid="u1"] text=ended
# Why a user of a telephony webhook module meets it: call ids belong into structured data, and many loggers write it
#   when asked to. Filters by program then find nothing, and everything goes to a file of program "1".

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
unpack rsyslog=8.2302.0-1+deb12u2 libestr0=0.1.11-1 libfastjson4=1.2304.0-1
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
cat >rsyslog.conf <<CONF
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="$dir/given" CreatePath="on")
input(type="imuxsock" Socket="$dir/off" CreatePath="on" UseSpecialParser="off")
template(name="fields" type="string" string="program=%programname% data=%structured-data% text=%msg%\n")
action(type="omfile" file="$dir/seen" template="fields")
CONF
usr/sbin/rsyslogd -n -i "$dir/pid" -f "$dir/rsyslog.conf" -M "$(echo "$dir"/usr/lib/*-linux-gnu/rsyslog)" >log 2>&1 &
pids="$pids $!"
wait_for() {
  tries=0
  until eval "$1"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat log; echo "cannot tell: $2"; exit 2; }
    sleep 0.1
  done
}
wait_for '[ -S given ] && [ -S off ]' 'no socket'
count=0
for socket in given off; do
  python3 - "$socket" <<'PYTHON'
import socket, sys
line = b'<134>1 2026-11-29T17:50:00Z host.example diald 12 ID1 [call@32473 uuid="u1"] ended'
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(line, sys.argv[1])
PYTHON
  count=$((count + 1))
  wait_for "[ -f seen ] && [ \$(wc -l <seen) -ge $count ]" 'no line'
done
given=$(sed -n 1p seen)
off=$(sed -n 2p seen)
printf 'as given: %s\nUseSpecialParser=off: %s\n' "$given" "$off"
case $given in
  'program=1 data=- text= 2026-11-29T17:50:00Z host.example diald 12 ID1 [call@32473'*) ;;
  *) exit 1 ;;
esac
[ "$off" = 'program=diald data=[call@32473 uuid="u1"] text=ended' ]
