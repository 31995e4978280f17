# SPDX-License-Identifier: Apache-2.0
"""Processes that are measured: where they run, what they use, and how they end."""
import os
import pwd
import signal
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
WWW_USERS = ("www-data", "apache", "http")


class BenchError(Exception):
    """Something that is needed is not there, or did not do what it should."""


def server_identity():
    """uid and gid of httpd's user where root measures, which may not serve as root; else our own."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    for name in WWW_USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise BenchError("no user %s here: install httpd" % " or ".join(WWW_USERS))


def server_user():
    return pwd.getpwuid(server_identity()[0]).pw_name


def make_directory(path):
    """A directory of the server's user."""
    os.mkdir(path)
    os.chmod(path, 0o750)
    os.chown(path, *server_identity())
    return path


def processors():
    """Those for what is measured, and those for all else: the same where there is only one."""
    mine = sorted(os.sched_getaffinity(0))
    return {mine[0]}, {mine[1] if len(mine) > 1 else mine[0]}


SERVER_CPUS, OUR_CPUS = processors()


def start(command, measured=True, **options):
    """Starts `command` on the processor of what is measured."""
    options.setdefault("stdin", subprocess.DEVNULL)
    # httpd's prefork ends by a signal to its whole group, which would be us.
    options.setdefault("start_new_session", True)
    cpus = SERVER_CPUS if measured else OUR_CPUS
    return subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, cpus), **options)


def stop(process, patience=60):
    """Ends a process that start() gave."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stat_of(pid):
    """The fields of /proc/PID/stat behind the program's name."""
    with open("/proc/%d/stat" % pid, encoding="latin-1") as file:
        return file.read().rpartition(")")[2].split()


def tree(root):
    """`root` and all processes below it."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(stat_of(int(name))[1]), []).append(int(name))
            except (OSError, IndexError):
                continue
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def own_cpu(pid):
    """Seconds of a process, of its clock, which is finer than /proc."""
    return time.clock_gettime((~pid << 3) | 2)


def tree_cpu(root):
    """Seconds of the process, of those below it, and of those below it that have ended."""
    seconds = 0.0
    for pid in tree(root):
        try:
            fields = stat_of(pid)
            seconds += own_cpu(pid) + (int(fields[13]) + int(fields[14])) / TICK
        except (OSError, IndexError):
            continue
    return seconds


def tree_pss(root):
    """kB of PSS of the process and of those below it."""
    total = 0
    for pid in tree(root):
        total += pss(pid)
    return total


def pss(pid):
    try:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("Pss:")), 0)
    except OSError:
        return 0


def peak_rss(pid):
    """kB, with the pages that it shares."""
    with open("/proc/%d/status" % pid, encoding="utf-8", errors="replace") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("VmHWM:")), 0)


def busy_seconds():
    """Seconds that all processors have worked since the start of the machine."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    idle = fields[3] + fields[4]
    return (sum(fields[:8]) - idle) / TICK


class OtherWork:
    """What others made the machine do, in processors, from here to now()."""

    def __init__(self, *running):
        self.running = running  # processes whose work is ours, too
        self.begun = time.monotonic()
        self.ours = self.our_seconds()
        self.busy = busy_seconds()

    def our_seconds(self):
        """Of this process, of those that it has seen end, and of those that run on."""
        seconds = sum(os.times()[:4])
        return seconds + sum(tree_cpu(pid) for pid in self.running)

    def now(self):
        busy = busy_seconds() - self.busy
        seconds = time.monotonic() - self.begun
        return max(busy - (self.our_seconds() - self.ours), 0) / seconds


def forget_pages(*paths):
    """Takes the files, and all files below the directories, out of the page cache."""
    for path in paths:
        files = [path]
        if os.path.isdir(path):
            files = [os.path.join(place, name) for place, _, names in os.walk(path) for name in names]
        for name in files:
            try:
                file = os.open(name, os.O_RDONLY)
            except OSError:
                continue
            os.fsync(file)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)
