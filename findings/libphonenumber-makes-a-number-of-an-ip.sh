#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# libphonenumber takes the IP address of a SIP address for a telephone number, and calls it a valid one.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 30 November 2026.
# Version: npm libphonenumber-js 1.13.16 and google-libphonenumber 3.2.47. Needs npm and node.
# Expected: a SIP address with the name of a user is no telephone number: parsing fails, as it does for the same
#   address with a host name. It is known to look for a number within a text, but not to put one together of an IP.
# Seen: all before the first digit is dropped, and the dots of the IP address count as the separators of a number.
#   192.168.178.20, in the network that FRITZ!Box routers use by default, becomes an Austrian landline, and isValid()
#   is true. isValidPhoneNumber() of the same library says no.
# Output seen:
#   sip:alice@pbx.example: js none, google none
#   sip:alice@192.168.178.20: js +4319216817820 valid, google +4319216817820 valid
#   isValidPhoneNumber: false
# Why a user of a telephony webhook module meets it: From and To are numbers or SIP addresses, and a script behind the
#   webhook brings them into one form with the home country as the default. A caller from a PBX without a host name
#   then gets the number of a stranger, which is stored, shown, or called back.

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
install libphonenumber-js@1.13.16 google-libphonenumber@3.2.47
cat >try.js <<'JS'
const js = require('libphonenumber-js/max');
const google = require('google-libphonenumber').PhoneNumberUtil.getInstance();
const show = (number, valid) => number + (valid ? ' valid' : ' not valid');
function byJs(address) {
  const number = js.parsePhoneNumberFromString(address, 'AT');
  return number ? show(number.number, number.isValid()) : 'none';
}
function byGoogle(address) {
  try {
    const number = google.parse(address, 'AT');
    return show(google.format(number, 0), google.isValidNumber(number));
  } catch (error) {
    return 'none';
  }
}
for (const address of ['sip:alice@pbx.example', 'sip:alice@192.168.178.20']) {
  console.log(address + ': js ' + byJs(address) + ', google ' + byGoogle(address));
}
console.log('isValidPhoneNumber: ' + js.isValidPhoneNumber('sip:alice@192.168.178.20', 'AT'));
JS
seen=$(node try.js)
echo "$seen"
[ "$seen" = 'sip:alice@pbx.example: js none, google none
sip:alice@192.168.178.20: js +4319216817820 valid, google +4319216817820 valid
isValidPhoneNumber: false' ]
