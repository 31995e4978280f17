#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# JsSIP and SIP.js turn a telephone number with parameters in a SIP address into another address.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: npm jssip 3.13.8 and sip.js 0.21.2. Needs npm and node.
# Expected: an address that is parsed and written again is the same one. RFC 3261 has the form with parameters of a
#   number before the "@" as its own example, and says that a reserved character and its %XX are not equivalent.
# Seen: both write ";" and "=" of the user part as %3B and %3D, without a word. The parameters have become a part of
#   the number. A name with a plain "+" is left.
# Output seen:
#   jssip: sip:+1-415-555-0100%3Bphone-context%3D+1@gw.example;user=phone
#   sip.js: sip:+1-415-555-0100%3Bphone-context%3D+1@gw.example;user=phone
# Why a user of a telephony webhook module meets it: the callee of a Dial's User element is a browser phone, nearly
#   always one of the two; carriers write phone-context, npdi and rn into addresses of numbers. Whoever compares the
#   address of the webhook with the phone's, or calls back what the phone shows, has two different ones.

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
install jssip@3.13.8 sip.js@0.21.2
cat >try.js <<'JS'
const address = 'sip:+1-415-555-0100;phone-context=+1@gw.example;user=phone';
console.log('jssip: ' + require('jssip').URI.parse(address).toString());
console.log('sip.js: ' + require('sip.js').Grammar.URIParse(address).toString());
JS
seen=$(node try.js)
echo "$seen"
wrong='sip:+1-415-555-0100%3Bphone-context%3D+1@gw.example;user=phone'
[ "$seen" = "$(printf 'jssip: %s\nsip.js: %s' "$wrong" "$wrong")" ]
