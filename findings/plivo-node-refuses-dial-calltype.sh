#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Plivo's own SDK for Node cannot write an attribute of Dial that Plivo documents: callType.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: npm plivo 4.79.0. Needs npm and node.
# Expected: the provider's current SDK writes every attribute that the provider's page on the Dial element lists, or
#   passes on what it does not know: it only writes XML and looks at no value ("timeout: 'soon'" is written).
# Seen: addDial() throws for the attribute's name, and no other call of the SDK can add it.
# Output seen:
#   timeout: <Response><Dial timeout="soon"/></Response>
#   callType: Not a valid attribute : "callType" for "Dial" Element
# Why a user of a telephony webhook module meets it: a document of the module is compared with what the SDK makes of
#   the same wish, or a script is kept for the WhatsApp calls. One of the two seems wrong, and it is the SDK.

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
install plivo@4.79.0
cat >try.js <<'JS'
const plivo = require('plivo');
for (const [name, value] of [['timeout', 'soon'], ['callType', 'whatsapp']]) {
  try {
    const response = new plivo.Response();
    response.addDial({ [name]: value });
    console.log(name + ': ' + response.toXML());
  } catch (error) {
    console.log(name + ': ' + error.message);
  }
}
JS
seen=$(node try.js)
echo "$seen"
[ "$seen" = 'timeout: <Response><Dial timeout="soon"/></Response>
callType: Not a valid attribute : "callType" for "Dial" Element' ]
