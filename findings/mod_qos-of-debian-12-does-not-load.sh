#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Debian 12's own mod_qos cannot be loaded into Debian 12's own httpd.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: libapache2-mod-qos 11.63-1+b2 with apache2-bin 2.4.71-1~deb12u1 (Debian 12). Needs apt-get and dpkg.
# Expected: a module that the stable distribution ships for its httpd, with its dependencies met, loads.
# Seen: the module still calls the old PCRE library and is linked with none; httpd itself uses PCRE2 now, so
#   nothing in the process has the functions, and httpd refuses its whole configuration.
# Output seen:
#   Cannot load .../mod_qos.so into server: .../mod_qos.so: undefined symbol: pcre_free
#   libraries it asks for that are a PCRE: 0
# Why a user of a telephony webhook module meets it: mod_qos is what one reaches for to keep other visitors from
#   taking all workers while calls wait for their answer. "apt install" and the next restart take the server down.

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
unpack libapache2-mod-qos=11.63-1+b2 apache2-bin=2.4.71-1~deb12u1 libapr1=1.7.2-3+deb12u1 \
  libaprutil1=1.6.3-1+deb12u1 libexpat1=2.5.0-1+deb12u5 libpcre2-8-0=10.42-1+deb12u2 libpcre3=2:8.39-15
LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu):$(echo "$dir"/lib/*-linux-gnu)
export LD_LIBRARY_PATH
cat >httpd.conf <<CONF
ServerName localhost
Listen 127.0.0.1:$((20000 + $$ % 20000))
LoadModule mpm_event_module $dir/usr/lib/apache2/modules/mod_mpm_event.so
LoadModule qos_module $dir/usr/lib/apache2/modules/mod_qos.so
CONF
status=0
usr/sbin/apache2 -t -d "$dir" -f "$dir/httpd.conf" >check.log 2>&1 || status=$?
sed "s|$dir|...|g" check.log
linked=$(ldd usr/lib/apache2/modules/mod_qos.so | grep -c pcre || :)
echo "libraries it asks for that are a PCRE: $linked"
[ $status -ne 0 ] && [ "$linked" = 0 ] && grep -q 'mod_qos.so: undefined symbol: pcre_' check.log
