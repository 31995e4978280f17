# What the scripts beside this have in common. They run as root in a minimal Debian 12 of their own,
# in /trial of which are the package and these scripts.
# SPDX-License-Identifier: Apache-2.0
package=libapache2-mod-plivo-dial
spool=/var/lib/plivo-dial
token=/etc/apache2/plivo/main.token
error_log=/var/log/apache2/error.log
deb=$(echo "/trial/${package}"_*.deb)

cd /root
umask 022
exec 3>&1
: >/trial/log

say() { printf '    %s\n' "$*" >&3; }

# Says what happened last, since nobody can look into this system later.
fail() {
  {
    printf 'FAILED: %s\n' "$*"
    printf -- '--- the last output:\n'
    tail -n 25 /trial/log
    [ ! -s "$error_log" ] || {
      printf -- '--- the end of %s:\n' "$error_log"
      tail -n 25 "$error_log"
    }
  } >&3
  exit 1
}

# Runs a command that must succeed; its output is kept for fail.
must() {
  printf '$ %s\n' "$*" >>/trial/log
  "$@" >>/trial/log 2>&1 </dev/null || fail "$* (exit status $?)"
}

# Runs apt-get. Packages come from the cache, which the making of this system filled.
apt() { must apt-get -q -y -o Dpkg::Use-Pty=0 "$@"; }

# The output of the last command of must.
last_output() { perl -0777 -ne 'print $1 if /\A(?:.*\n)?\$ [^\n]*\n(.*)\z/s' /trial/log; }

# Waits at most 60 seconds until the command "$@" succeeds.
wait_until() {
  tries=0
  until "$@" >>/trial/log 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || return 1
    sleep 0.1
  done
}

# The processes whose program is $1, whether its file is still there or not.
processes_of() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/exe" 2>/dev/null) in
      "$1" | "$1 (deleted)") echo "${process#/proc/}" ;;
    esac
  done
}
runs() { [ -n "$(processes_of "$1")" ]; }
runs_no() { ! runs "$1"; }

# A page of the server, head and body; fails when the server does not answer.
page() {
  perl -MIO::Socket::INET -e '
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 80, Timeout => 20)
      or exit 1;
    print $socket "GET $ARGV[0] HTTP/1.0\r\nHost: localhost\r\n\r\n";
    local $/;
    my $reply = <$socket>;
    defined $reply && length $reply or exit 1;
    $reply =~ s/^(?:Date|Last-Modified|ETag):.*\r\n//mg;
    print $reply;' "$1"
}

install_apache() {
  echo 'ServerName localhost' >/trial/name.conf
  apt install apache2
  install -m 644 /trial/name.conf /etc/apache2/conf-available/name.conf
  must a2enconf name
  must invoke-rc.d apache2 reload
  wait_until page / || fail "Debian's apache2 does not serve"
}

# The packages that ours needs, which stay when it is purged.
install_dependencies() {
  # shellcheck disable=SC2046 # names of packages
  apt install $(dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed 's/^ *//; s/[ (|:].*//' |
    grep -v '^apache2-api-')
}

# What a call needs: the token file and the example as it is, with a file as its sink.
configure() {
  install -d -m 700 /etc/apache2/plivo
  (umask 077 && echo ThisIsNoRealTokenButLooksLikeOne >"$token")
  {
    cat "/usr/share/doc/$package/examples/forward.conf"
    echo "PlivoEventSink archive file:/var/log/plivo-dial/events.json"
    for line in "$@"; do echo "$line"; done
  } >/etc/apache2/conf-available/plivo-calls.conf
  must a2enconf plivo-calls
  must apache2ctl configtest
  must invoke-rc.d apache2 reload
}

# What an administrator has to remove, since no package made it.
remove_configuration() {
  must a2disconf -p plivo-calls
  rm -r /etc/apache2/plivo /etc/apache2/conf-available/plivo-calls.conf /var/log/plivo-dial
}

# One call whose first number is busy and whose second one answers.
call() {
  plivo-dialctl call --url http://127.0.0.1/dialstatus --public-url https://pbx.example.com \
    --token-file "$token" --outcome '+14155550100=busy' --outcome '+14155550122=completed' "$@"
}

delivered_all() {
  plivo-dialctl events verify --json >/trial/verify.json 2>&1 &&
    grep -q -E '"pending": *0[,}]' /trial/verify.json &&
    ! grep -q -E '"(pending|dead)": *[1-9]' /trial/verify.json
}
number() { sed -n -E "s/.*\"$1\": *([0-9]+).*/\1/p" /trial/verify.json | head -n 1; }

# The package again, with version $1, and with another module and other programs; $2 (optional) is a
# shell command that changes more of it, in its directory.
repack() {
  rm -rf /trial/repack
  dpkg-deb --raw-extract "$deb" /trial/repack
  cd /trial/repack
  sed -i "s/^Version: .*/Version: $1/" DEBIAN/control
  for file in usr/sbin/plivo-diald usr/bin/plivo-dialctl usr/lib/apache2/modules/mod_plivo_dial.so; do
    printf 'version %s' "$1" >>"$file"
  done
  [ -z "${2-}" ] || eval "$2"
  find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums
  cd /root
  dpkg-deb --root-owner-group -Znone --build /trial/repack "/trial/next_$1.deb" >>/trial/log 2>&1 ||
    fail "dpkg-deb cannot build version $1"
  rm -r /trial/repack
  echo "/trial/next_$1.deb"
}

# Every file of this system, and the content of those in /etc, but for what any installation of any
# package leaves (apache2's directories for notes on who disabled what among them).
list_files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /trial -o -path /var/cache/apt -o -path /var/lib/apt \
    -o -path /var/log/apt -o -path /var/lib/dpkg/status-old -o -path /var/lib/dpkg/triggers \
    -o -path /tmp -o -path /run/lock -o -path /dev \) -prune \
    -o -type d -path '/var/lib/apache2/*/disabled_by_*' -o -printf '%p %M %u:%g %l\n'
  find /etc -type f ! -name ld.so.cache -exec md5sum {} +
}

# Lines of the error log from warn upwards, since the last call of this.
log_read=0
new_complaints() {
  tail -c "+$((log_read + 1))" "$error_log" | grep -E '\[[a-z_]*:(warn|error|crit|alert|emerg)\]' || true
  log_read=$(stat -c %s "$error_log")
}
