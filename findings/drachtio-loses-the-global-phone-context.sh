#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# drachtio-srf loses the phone-context of a tel: address when it is a number, and every parameter behind it.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: npm drachtio-srf 5.0.29. Needs npm and node.
# Expected: parseUri() gives the context of a local number: RFC 3966 knows two kinds, a domain and the leading digits
#   of a global number ("+1"), and the second is the usual one with carriers.
# Seen: for a domain the context is there. For "+1" it is null, and it and what follows are not among the parameters
#   either; no error. 911 of one country cannot be told from 911 of another.
# Output seen:
#   tel:7042;phone-context=example.com;isub=5 -> context example.com, parameters phone-context isub
#   tel:911;phone-context=+1;isub=5 -> context null, parameters none
# Why a user of a telephony webhook module meets it: jambonz and most Node gateways beside a telephony cloud use this
#   library, and a number of a SIP header that is handed on in a webhook comes in this form.

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
install drachtio-srf@5.0.29
cat >try.js <<'JS'
const { parseUri } = require('drachtio-srf');
for (const address of ['tel:7042;phone-context=example.com;isub=5', 'tel:911;phone-context=+1;isub=5']) {
  const parsed = parseUri(address);
  console.log(`${address} -> context ${parsed.context}, parameters ${Object.keys(parsed.params).join(' ') || 'none'}`);
}
JS
seen=$(node try.js)
echo "$seen"
[ "$seen" = 'tel:7042;phone-context=example.com;isub=5 -> context example.com, parameters phone-context isub
tel:911;phone-context=+1;isub=5 -> context null, parameters none' ]
