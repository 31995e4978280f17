# What packaging/test-deb and packaging/test-release have in common: minimal systems of Debian's
# releases in directories of their own, made from where this machine gets its packages, and entered
# with processes, mounts and, where it is said, a network of their own. Nothing of this machine is
# changed. Whoever reads this file has set `root` and has `say`, `fail` and `skip`.
# SPDX-License-Identifier: Apache-2.0
parts=$root/tests/package
work=

finish() {
  status=$?
  trap - EXIT INT TERM
  [ -z "$work" ] || rm -rf --one-file-system "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_work_directory() {
  [ -n "$work" ] || work=$(mktemp -d "${TMPDIR:-/var/tmp}/plivo-dial-deb.XXXXXX")
}

# What people call the release $1.
name_of_release() {
  case $1 in
    bookworm) echo "Debian 12 (bookworm)" ;;
    trixie) echo "Debian 13 (trixie)" ;;
    sid) echo "Debian unstable (sid)" ;;
    *) return 1 ;;
  esac
}

# Writes $2.list and $2.sources: where this machine gets its own Debian packages from, without what
# else it gets, with the release $1 in place of its own. Unstable has neither updates nor security.
print_debian_sources() {
  RELEASE=$1 perl -e '
    for my $file (glob "/etc/apt/sources.list /etc/apt/sources.list.d/*.list") {
      open my $in, "<", $file or next;
      while (<$in>) {
        next if !s{^(\s*deb\s+(?:\[[^\]]*\]\s+)?\S+\s+)(?:bookworm|trixie|sid)(-updates|-security)?(?=\s)}
          {$1 . $ENV{RELEASE} . ($2 // "")}e;
        print if !defined $2 || $ENV{RELEASE} ne "sid";
      }
    }' >"$2.list"
  RELEASE=$1 perl -e '
    for my $file (glob "/etc/apt/sources.list.d/*.sources") {
      open my $in, "<", $file or next;
      local $/;
      my $text = <$in>;
      $text =~ s/^\s*#.*\n//mg;
      for my $stanza (split /\n\s*\n/, $text) {
        next if $stanza !~ /^Types:.*\bdeb\b/m || $stanza =~ /^Enabled:\s*no/mi;
        my ($suites) = $stanza =~ /^Suites:[ \t]*(.*)$/m or next;
        my @suites = grep { /^(?:bookworm|trixie|sid)(?:-updates|-security)?$/ } split " ", $suites;
        s/^[a-z]+/$ENV{RELEASE}/ for @suites;
        @suites = grep { !/-/ } @suites if $ENV{RELEASE} eq "sid";
        next if !@suites;
        $stanza =~ s/^Suites:.*$/Suites: @suites/m;
        print $stanza =~ s/\s+\z//r, "\n\n";
      }
    }' >"$2.sources"
}

archive_is_out_of_reach() {
  grep -q -E 'Could not (resolve|connect)|Temporary failure|Unable to connect|Connection (failed|timed out)' "$1"
}

# An old system is not the release of today: unstable's is kept for a day, another for a week.
forget_old_system() {
  age=7
  [ "$1" != sid ] || age=1
  find "$2" -maxdepth 1 -name '*system.tar' -mmin "+$((age * 1440))" -delete
}

# make_minimal_system RELEASE ARCHITECTURE FILE LOG: FILE is a tar archive of it, with the packages
# that ours needs to run downloaded but not installed.
make_minimal_system() {
  if [ -s "$3" ]; then
    say "The minimal system is there already: $3"
    return
  fi
  [ "$(id -u)" -eq 0 ] || skip "only root can make another system in a directory."
  command -v mmdebstrap >/dev/null 2>&1 ||
    skip "mmdebstrap is missing; packaging/install-dependencies --trials installs it on Debian."
  make_work_directory
  release=$1 architecture=$2 file=$3 log=$4
  print_debian_sources "$release" "$work/debian"
  set --
  for sources in "$work/debian.list" "$work/debian.sources"; do
    [ ! -s "$sources" ] || set -- "$@" "$sources"
  done
  [ $# -gt 0 ] || skip "apt has no source of Debian's packages on this machine."
  apt-config dump | grep -E '^Acquire::(Check-|Languages|https?::|ftp::|GzipIndexes)' >"$work/apt.conf" || true
  # Without this every package asks the disk whether it is safe, and this system need not be.
  echo force-unsafe-io >"$work/dpkg.cfg"
  say "Making a minimal $(name_of_release "$release"); the log is $log"
  # Packages are downloaded here, because whatever tries ours has no network.
  if ! mmdebstrap --mode=root --format=tar --variant=apt --include=systemd,mount --aptopt="$work/apt.conf" \
    --architectures="$architecture" --dpkgopt="$work/dpkg.cfg" --skip=cleanup/apt/lists,cleanup/apt/cache \
    --customize-hook='chroot "$1" apt-get -q -y -o Dpkg::Use-Pty=0 -o APT::Install-Recommends=true \
      -o APT::Keep-Downloaded-Packages=true --download-only install apache2 \
      "^libxml2(-[0-9]+)?$" "^libcurl4(t64)?$" libsqlite3-0 "^libssl3(t64)?$" libsystemd0 \
      "^libical3(t64)?$" "^libdate-tz3(t64)?$"' \
    "$release" "$file.new" "$@" >"$log" 2>&1; then
    rm -f "$file.new"
    tail -n 20 "$log"
    if archive_is_out_of_reach "$log"; then skip "no archive of Debian can be reached."; fi
    fail "mmdebstrap failed (the end of its log is above)."
  fi
  mv "$file.new" "$file"
}

need_other_system() {
  [ "$(id -u)" -eq 0 ] || skip "only root can enter another system in a directory."
  unshare --mount --pid --net --ipc --uts --fork true 2>/dev/null ||
    skip "the kernel does not let this machine make namespaces, as in a container without privileges."
}

# unpack_system FILE: in $machine, with /trial for what is tried there.
unpack_system() {
  make_work_directory
  machine=$work/machine
  rm -rf --one-file-system "$machine"
  mkdir "$machine"
  tar --extract --directory="$machine" --file="$1" --numeric-owner
  mkdir -p "$machine/trial"
}

# enter_system SCRIPT: runs /trial/SCRIPT of $machine. All its processes end with it. It has the
# network of this machine when that is said by `with_network`, else a loopback interface alone.
enter_system() {
  set -- "$machine" "$1"
  if [ "${with_network-no}" = yes ]; then
    unshare --mount --pid --ipc --uts --fork --kill-child --propagation private \
      sh "$parts/enter" "$@" </dev/null
  else
    unshare --mount --pid --net --ipc --uts --fork --kill-child --propagation private \
      sh "$parts/enter" "$@" </dev/null
  fi
}
