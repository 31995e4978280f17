#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fail2ban takes a telephone number at the start of a line for the time of the line.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: fail2ban 1.0.2-2 (Debian 12). Needs apt-get, dpkg and python3.
# Expected: of a line without a time fail2ban uses the time at which it reads it; a number of a telephone is no time.
# Seen: ten or eleven digits at the start of a line, also behind a bracket and "+", are seconds since 1970. The line
#   is of the year 2418, no warning is given, and the number is cut out before the filter's expression sees the line.
# Output seen:
#   [+14155550100] refused 192.0.2.7 -> Sat Jul 28 09:15:00 2418, by template {^LN-BEG}Epoch
#   refused 192.0.2.7 [+14155550100] -> this year
# Why a user of a telephony webhook module meets it: a log format of its own puts what matters first, the called
#   number. Filters that need the number find nothing, and every line is four hundred years late.

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
unpack fail2ban=1.0.2-2
PYTHONPATH=$dir/usr/lib/python3/dist-packages
TZ=UTC
export PYTHONPATH TZ
check() {
  python3 usr/bin/fail2ban-regex -c etc/fail2ban -v "$1" 'refused <HOST>' >out 2>&1 || :
  grep -q '^Lines: 1 lines, .* 1 matched' out || { cat out; echo 'cannot tell: no match'; exit 2; }
  sed -n 's/^|      192\.0\.2\.7  //p' out
}
first=$(check '[+14155550100] refused 192.0.2.7')
template=$(sed -n 's/^|  \[1\] \({^LN-BEG}Epoch\)$/\1/p' out)
last=$(check 'refused 192.0.2.7 [+14155550100]')
case $last in *" $(date +%Y)") last='this year' ;; esac
printf '[+14155550100] refused 192.0.2.7 -> %s, by template %s\n' "$first" "$template"
printf 'refused 192.0.2.7 [+14155550100] -> %s\n' "$last"
[ "$first, $template" = 'Sat Jul 28 09:15:00 2418, {^LN-BEG}Epoch' ] && [ "$last" = 'this year' ]
