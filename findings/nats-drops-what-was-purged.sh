#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# NATS JetStream acknowledges a message that it does not store, when one with its id was there and was purged.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: nats-server 2.9.10-1+b3 (Debian 12), npm nats 2.29.3. Needs apt-get, dpkg, npm and node.
# Expected: Nats-Msg-Id keeps a second copy out of the stream. With the first one gone (purged, or taken and
#   acknowledged in a work queue) there is no copy, so the message is stored.
# Seen: the id is remembered apart from the messages, two minutes by default. The publisher gets a success with the
#   number of the message that is no longer there; the stream stays empty.
# Output seen:
#   first: number 1, duplicate false, stored 1
#   after purge: number 1, duplicate true, stored 0
#   after a worker took it: number 2, duplicate true, stored 0
# Why a user of a telephony webhook module meets it: events of calls go to a stream, each with its id as Nats-Msg-Id.
#   A consumer had a fault, the operator empties the stream and lets the events be delivered once more. All are
#   acknowledged, and none is there.

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
# Installs an npm package of one version below $dir.
install() {
  npm install --ignore-scripts --no-audit --no-fund --silent --prefix "$dir" "$@" >npm.log 2>&1 ||
    { cat npm.log; echo 'cannot tell: no package'; exit 2; }
}
unpack nats-server=2.9.10-1+b3
install nats@2.29.3
port=$((20000 + $$ % 20000))
usr/sbin/nats-server -js -sd "$dir/store" -a 127.0.0.1 -p "$port" >server.log 2>&1 &
pids="$pids $!"
cat >try.js <<'JS'
const { connect, StringCodec, AckPolicy } = require('nats');
(async () => {
  const connection = await connect({ servers: '127.0.0.1:' + process.argv[2], waitOnFirstConnect: true,
    maxReconnectAttempts: 50, reconnectTimeWait: 200 });
  const manager = await connection.jetstreamManager();
  const stream = connection.jetstream();
  await manager.streams.add({ name: 'CALLS', subjects: ['calls.>'], retention: 'workqueue' });
  async function publish(label, id) {
    const answer = await stream.publish('calls.hangup', StringCodec().encode('{}'), { msgID: id });
    const info = await manager.streams.info('CALLS');
    console.log(`${label}: number ${answer.seq}, duplicate ${answer.duplicate}, stored ${info.state.messages}`);
  }
  await publish('first', 'event-1');
  await manager.streams.purge('CALLS');
  await publish('after purge', 'event-1');
  await stream.publish('calls.hangup', StringCodec().encode('{}'), { msgID: 'event-2' });
  await manager.consumers.add('CALLS', { durable_name: 'worker', ack_policy: AckPolicy.Explicit });
  const message = await (await stream.consumers.get('CALLS', 'worker')).next();
  await message.ackAck();
  await publish("after a worker took it", 'event-2');
  await connection.close();
})().catch((error) => { console.log('cannot tell: ' + error.message); process.exit(2); });
JS
node try.js "$port" >seen
cat seen
[ "$(cat seen)" = "first: number 1, duplicate false, stored 1
after purge: number 1, duplicate true, stored 0
after a worker took it: number 2, duplicate true, stored 0" ]
