#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# httpd's rotatelogs with a size limit cuts lines in two, one half in each file, far above the limit.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: apache2-utils 2.4.71-1~deb12u1 (Debian 12). Needs apt-get and dpkg.
# Expected: "rotatelogs FILE 20K" starts a new file when the old one has about 20 KiB, and between two lines, as
#   other log programs (multilog, svlogd) do: it is made for line-based logs.
# Seen: it rotates between two reads of its pipe, of up to 64 KiB each, and looks at no line end. When lines come
#   faster than it reads, files grow to 65,536 bytes and begin and end in the middle of a line.
# Output seen (200 lines of about 1 KB):
#   events: 65536 bytes, ends inside a line
#   events.1: 65536 bytes, ends inside a line
#   events.2: 65536 bytes, ends inside a line
#   events.3: 1392 bytes, ends with a whole line
# Why a user of a telephony webhook module meets it: events of calls, one JSON line each, are piped into rotatelogs
#   because it is there with httpd. In a burst, or after a pause of the disk, a line that no JSON reader takes
#   stands at the edge of each file.

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
unpack apache2-utils=2.4.71-1~deb12u1 libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 libexpat1=2.5.0-1+deb12u5
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH

awk 'BEGIN {
  pad = sprintf("%970s", "")
  for (n = 1000; n < 1200; n++) printf "{\"n\":%d,\"pad\":\"%s\"}\n", n, pad
}' >lines
usr/bin/rotatelogs -n 5 "$dir/events" 20K <lines
cut=0
large=0
for file in events events.1 events.2 events.3; do
  size=$(wc -c <$file)
  end='ends with a whole line'
  [ "$(tail -c 2 $file)" = '}' ] || { end='ends inside a line'; cut=$((cut + 1)); }
  [ "$size" -le 20480 ] || large=$((large + 1))
  echo "$file: $size bytes, $end"
done
cat events events.1 events.2 events.3 | cmp - lines
[ $cut -eq 3 ] && [ $large -eq 3 ]
