#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Mosquitto goes on giving a worker that is away its turns of a shared subscription, and so loses half of the events.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 30 November 2026.
# Version: mosquitto 2.0.11-1.2+deb12u2 (Debian 12). Needs apt-get and dpkg.
# Expected: two workers share "$share/workers/calls" to be safe when one is down. While one is away, and the broker
#   knows that, the other gets every message. (MQTT 5 leaves the choice to the broker, for each message.)
# Seen: turns go round all sessions that are kept, connected or not. With two workers, one of them away, the other
#   gets each second message. Those of the one away are dropped with QoS 0, and wait for it with QoS 1.
# Output seen (messages 1 to 10, QoS 0 and QoS 1; which half goes to whom may differ):
#   QoS 0: 5 to the one online, 0 to the other when it is back
#   QoS 1: 5 to the one online, 5 to the other when it is back
# Why a user of a telephony webhook module meets it: a hook publishes each call with mosquitto_pub, whose default is
#   QoS 0, and two workers keep their sessions so as to lose nothing. A restart of one then costs half of the calls,
#   or delays them, while the other is idle.

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
unpack mosquitto=2.0.11-1.2+deb12u2 mosquitto-clients=2.0.11-1.2+deb12u2 libmosquitto1=2.0.11-1.2+deb12u2 \
  libcjson1=1.7.15-1+deb12u4 libwrap0=7.6.q-32 libdlt2=2.18.8-6 libnsl2=1.3.0-2 libtirpc3=1.3.3+ds-1
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
port=$((20000 + $$ % 20000))
wait_for() {
  tries=0
  until eval "$1"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { cat log; echo "cannot tell: $2"; exit 2; }
    sleep 0.1
  done
}
printf 'listener %s 127.0.0.1\nallow_anonymous true\nlog_dest stderr\nlog_type all\n' "$port" >mosquitto.conf
usr/sbin/mosquitto -c mosquitto.conf >log 2>&1 &
broker=$!
pids=$broker
wait_for 'grep -q " running" log' 'no broker'

# A worker of the name given, with a session that is kept for an hour, and more arguments.
worker() {
  name=$1
  shift
  usr/bin/mosquitto_sub -h 127.0.0.1 -p "$port" -V 5 -c -x 3600 -i "$name" -q 1 -t "\$share/workers/calls" "$@"
}
# shellcheck disable=SC2034 # it is read by the eval of wait_for
connects() { grep -c "New client connected .* as $1 " log; }
seen=
for qos in 0 1; do
  for name in away online; do worker $name -E || { cat log; echo 'cannot tell: no subscription'; exit 2; }; done
  before=$(connects online)
  worker online -W 4 >got.online 2>err &
  reader=$!
  pids="$broker $reader"
  wait_for "[ \$(connects online) -gt $before ]" 'the worker does not connect'
  seq 10 | usr/bin/mosquitto_pub -h 127.0.0.1 -p "$port" -V 5 -q $qos -t calls -l
  wait $reader || :
  pids=$broker
  worker away -W 2 >got.away 2>err || :
  line="QoS $qos: $(wc -l <got.online) to the one online, $(wc -l <got.away) to the other when it is back"
  echo "$line"
  seen="$seen$line;"
done
[ "$seen" = "QoS 0: 5 to the one online, 0 to the other when it is back;\
QoS 1: 5 to the one online, 5 to the other when it is back;" ]
