#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# glossy, a syslog parser for Node, drops the text of a message up to its last "] ", when it has structured data.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 30 November 2026.
# Version: npm glossy 0.1.7. Needs npm and node.
# Expected: in RFC 5424 the structured data ends with the first "]" outside of quotes, and the message is all behind it;
#   brackets mean nothing there. Without structured data glossy reads it so.
# Seen: with structured data, the message is what follows the last "] " of the line. The rest is in no field but
#   originalMessage, and nothing says so: the structured data itself is right.
# Output seen:
#   structured data -: ended [+14155550100] after 12 s
#   structured data [call@32473 uuid="u1"]: after 12 s
# Why a user of a telephony webhook module meets it: events of calls go to syslog with the call id as structured data,
#   and texts have words in brackets: a number, a list, a level. A receiver in Node shows half sentences, for just the
#   lines that carry a call id.

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
# Installs an npm package of one version below $dir.
install() {
  npm install --ignore-scripts --no-audit --no-fund --silent --prefix "$dir" "$@" >npm.log 2>&1 ||
    { cat npm.log; echo 'cannot tell: no package'; exit 2; }
}
install glossy@0.1.7
cat >try.js <<'JS'
const parser = require('glossy').Parse;
for (const data of ['-', '[call@32473 uuid="u1"]']) {
  const line = '<134>1 2026-11-29T17:50:00Z host.example diald 12 ID1 ' + data + ' ended [+14155550100] after 12 s';
  console.log('structured data ' + data + ': ' + parser.parse(line).message);
}
JS
seen=$(node try.js)
echo "$seen"
[ "$seen" = 'structured data -: ended [+14155550100] after 12 s
structured data [call@32473 uuid="u1"]: after 12 s' ]
