#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Finding: an ext4 that the kernel stopped after an error still looks writable.
#
# With errors=remount-ro, which Debian's installer writes into /etc/fstab for /, Linux answers an
# error in an ext4 by refusing all further writes with EROFS. Everything that a program can ask
# without writing goes on to say that the file system is writable: the mount options in
# /proc/mounts ("rw"), ST_RDONLY of statvfs(3), access(2) with W_OK. Only opening a file to write,
# creating one, writing or syncing tells. So a health check has to write.
#
# The error here is made by the kernel itself, through the file that it has for this purpose,
# /sys/fs/ext4/DEVICE/trigger_fs_error (Documentation/ABI/testing/sysfs-fs-ext4), on a file system
# of 16 MiB in a file of a temporary folder. Nothing else on the machine is touched.
#
# Needs root, loop devices, mkfs.ext4 (e2fsprogs), findmnt (util-linux), python3 for the two system
# calls that no shell has.
#
# Exit status: 0 the behaviour is as it was found; 1 it has changed, see the lines CHANGED; 2 it
# could not be tried here.
#
# Seen on 29 November 2026, Linux 6.18.44, e2fsprogs 1.47.0 (Debian 12), x86-64; other kernels were
# not tried:
#   before     mounts=rw statvfs=rw access=granted create=done append=done open-file=done
#              options: rw,relatime,errors=remount-ro
#   after      mounts=rw statvfs=rw access=granted create=EROFS append=EROFS open-file=EROFS
#              options: rw,relatime,errors=remount-ro,emergency_ro
# The one trace is the new word emergency_ro behind the options.
#
# mod_plivo_dial goes by it: httpd's processes, plivo-dialctl and configtest make, write, sync and
# remove a small file (lib/spool/spool_trial.h).
set -u

cannot() {
  echo "not tried: $1" >&2
  exit 2
}

# A kernel can't be installed into a folder: the version that this was seen on is asked for.
pinned=6.18
case $(uname -r) in
  "$pinned".*) ;;
  *) cannot "this is Linux $(uname -r), and it was seen on $pinned" ;;
esac
[ "$(id -u)" = 0 ] || cannot "only root can mount"
for tool in mkfs.ext4 mount umount losetup findmnt python3; do
  command -v "$tool" >/dev/null 2>&1 || PATH=$PATH:/usr/sbin:/sbin
  command -v "$tool" >/dev/null 2>&1 || cannot "there is no $tool"
done

folder=$(mktemp -d) || cannot "no temporary folder"
mounted=no
cleanup() {
  exec 9>&-
  [ "$mounted" = no ] || umount "$folder/mnt" 2>/dev/null || umount -l "$folder/mnt"
  rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 2' HUP INT TERM

truncate -s 16M "$folder/image" && mkdir "$folder/mnt" || cannot "no space in $folder"
mkfs.ext4 -q -F "$folder/image" || cannot "mkfs.ext4 fails"
mount -o loop,errors=remount-ro "$folder/image" "$folder/mnt" 2>"$folder/why" ||
  cannot "no loop mount: $(cat "$folder/why")"
mounted=yes
device=$(basename "$(findmnt -n -o SOURCE --target "$folder/mnt")")
trigger=/sys/fs/ext4/$device/trigger_fs_error
[ -w "$trigger" ] || cannot "there is no $trigger that can be written"

echo "kernel     $(uname -r)"
echo "e2fsprogs  $(mkfs.ext4 -V 2>&1 | head -n 1)"

# What a program is told about the mount point and two files in it, one line.
look() {
  python3 - "$folder/mnt" "$1" <<'PYTHON'
import errno, os, sys
mnt, moment = sys.argv[1:]

def outcome(action):
    try:
        action()
        return "done"
    except OSError as error:
        return errno.errorcode[error.errno]

def create():
    os.close(os.open(mnt + "/new-" + moment, os.O_WRONLY | os.O_CREAT | os.O_EXCL))

def append():
    file = os.open(mnt + "/old", os.O_WRONLY | os.O_APPEND)
    try:
        os.write(file, b"x")
    finally:
        os.close(file)

def write_and_sync():
    os.write(9, b"x")  # open since before the error
    os.fsync(9)

options = next(line.split()[3] for line in open("/proc/mounts") if line.split()[1] == mnt)
words = options.split(",")
print("mounts=" + words[0],
      "statvfs=" + ("ro" if os.statvfs(mnt).f_flag & os.ST_RDONLY else "rw"),
      "access=" + ("granted" if os.access(mnt, os.W_OK) else "denied"),
      "create=" + outcome(create),
      "append=" + outcome(append),
      "open-file=" + outcome(write_and_sync))
print("options: " + options, file=sys.stderr)
PYTHON
}

: >"$folder/mnt/old"
exec 9>>"$folder/mnt/open"
before=$(look before 2>"$folder/options") || cannot "python3 fails: $(cat "$folder/options")"
echo "before     $before"
echo "           $(cat "$folder/options")"

echo "plivo-dial finding" >"$trigger" || cannot "the kernel takes no trigger"
after=$(look after 2>"$folder/options") || cannot "python3 fails: $(cat "$folder/options")"
echo "after      $after"
echo "           $(cat "$folder/options")"

status=0
expect() {
  [ "$2" = "$3" ] && return
  echo "CHANGED $1: found $2, was $3"
  status=1
}
expect before "$before" \
  "mounts=rw statvfs=rw access=granted create=done append=done open-file=done"
expect after "$after" \
  "mounts=rw statvfs=rw access=granted create=EROFS append=EROFS open-file=EROFS"
[ "$status" = 0 ] && echo "as it was found: only writing tells"
exit "$status"
