#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Perl's URI takes two SIP addresses for one that RFC 3261 calls different: with ":5060" and without a port.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: liburi-perl 5.17-1 (Debian 12). Needs apt-get, dpkg and perl.
# Expected: canonical() and eq() of URI::sip go by SIP's own rules of comparison. There a port that is written never
#   equals one left out, also if it is the default: it says "look up no SRV record, go to this port".
# Seen: the module treats SIP as it does HTTP. canonical() removes ":5060" and eq() is true; so the address that is
#   stored is not the one that was given, and calls to it take another way.
# Output seen:
#   canonical: sip:ann@pbx.example
#   eq: 1
# Why a user of a telephony webhook module meets it: scripts that make lists of SIP users for Dial clean them up with
#   this module to find doubles. "sip:ann@pbx.example:5060" was written with the port because the domain's SRV record
#   points to somebody else's server.

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
unpack liburi-perl=5.17-1
PERL5LIB=$dir/usr/share/perl5
export PERL5LIB
seen=$(perl -w -MURI -e '
  my $with = URI->new("sip:ann\@pbx.example:5060");
  printf "canonical: %s\neq: %s\n", $with->canonical, $with->eq("sip:ann\@pbx.example") ? 1 : 0;')
echo "$seen"
[ "$seen" = 'canonical: sip:ann@pbx.example
eq: 1' ]
