# SPDX-License-Identifier: Apache-2.0
"""The servers that are measured, each with files and a port of its own."""
import abc
import http.client
import os
import random
import re
import shutil
import socket
import subprocess
import time

import bench_processes as processes
import signed_requests
from bench_dispatcher import Lines
from bench_processes import BenchError

# Two processes whose threads are all there from the start, so that none is made in a measurement; and
# more of them in one than there are connections, since event closes those that rest when none is free.
EVENT_MPM = """LoadModule mpm_event_module {modules}/mod_mpm_event.so
StartServers {children}
ServerLimit {children}
ThreadsPerChild {threads}
ThreadLimit {threads}
MaxRequestWorkers {workers}
MinSpareThreads 1
MaxSpareThreads {workers}
"""
PREFORK_MPM = """LoadModule mpm_prefork_module {modules}/mod_mpm_prefork.so
StartServers {workers}
ServerLimit {workers}
MaxRequestWorkers {workers}
MinSpareServers 1
MaxSpareServers {workers}
"""
COMMON = """ServerRoot {place}
ServerName pbx.example.com
Listen 127.0.0.1:{port}
PidFile {place}/pid
DefaultRuntimeDir {place}
ErrorLog {place}/error.log
LogLevel warn
User {user}
Group {group}
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 30
MaxConnectionsPerChild 0
LoadModule authz_core_module {modules}/mod_authz_core.so
"""
EMPTY = """LoadModule bench_empty_module {empty}
<Location /answer>
    SetHandler bench-empty
</Location>
<Location /callback>
    SetHandler bench-empty
</Location>
"""
PLAIN = """LoadModule bench_plain_module {plain}
BenchLog {place}/out/events
BenchToken {token}
BenchOrigin https://pbx.example.com
<Location /answer>
    SetHandler {handler}
</Location>
<Location /callback>
    SetHandler {handler}
</Location>
"""
OURS = """LoadModule plivo_dial_module {module}
PlivoSpool {place}/spool
PlivoDispatcher {dispatcher}
PlivoEventSink events file:{place}/out/events
PlivoPublicURL https://pbx.example.com
PlivoAccount main {account} file:{place}/token
<Location /answer>
    SetHandler plivo-dial
    PlivoSpeak "Connecting your call.."
    PlivoDial +14155550100 timeout=20
</Location>
<Location /callback>
    SetHandler plivo-dial
    PlivoEndpoint callback
</Location>
"""


def asked(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        raise BenchError("%s does not work: install httpd's development package" % command[0]) from None


def find_httpd():
    """Its program and the directory of its modules."""
    apxs = shutil.which("apxs") or shutil.which("apxs2") or "apxs"
    program = os.path.join(asked(apxs, "-q", "sbindir"), asked(apxs, "-q", "progname"))
    return program, asked(apxs, "-q", "LIBEXECDIR")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server(abc.ABC):
    """One that runs in the foreground as `command` says, for places {place}, {port} and the like.

    `checks`: it has to refuse a callback with a wrong signature, and to answer with a document.
    `delivers`: each request leaves a line in out/events, sooner or later.
    """
    checks = True
    delivers = False

    def __init__(self, name, work):
        self.name = name
        self.place = os.path.join(work, re.sub("[^a-z0-9]+", "-", name.lower()))
        self.port = 0
        self.process = None
        self.log = None
        self.lines = None

    @abc.abstractmethod
    def command(self):
        """The words that start it."""

    def start(self, prefix=(), **who):
        os.mkdir(self.place)
        os.chmod(self.place, 0o755)
        for name in ("spool", "out"):
            processes.make_directory(os.path.join(self.place, name))
        with open(os.path.join(self.place, "token"), "w", encoding="ascii") as file:
            file.write(signed_requests.TOKEN + "\n")
        os.chmod(file.name, 0o600)
        if who:
            for name in ("", "token"):
                os.chown(os.path.join(self.place, name), who["user"], who["group"])
        self.lines = Lines(os.path.join(self.place, "out", "events"))
        self.port = free_port()
        path = os.path.join(self.place, "log")
        self.log = open(path, "w", encoding="utf-8")  # pylint: disable=consider-using-with
        self.process = processes.start(list(prefix) + self.command(), stdout=self.log,
                                       stderr=self.log, **who)
        self.wait_for_port()

    def wait_for_port(self):
        """By the kernel's table, since a connection would be a request less for what is measured."""
        listens = " 0100007F:%04X 00000000:0000 0A " % self.port
        end = time.monotonic() + 60
        while True:
            with open("/proc/net/tcp", encoding="ascii") as file:
                if listens in file.read():
                    return
            if self.process.poll() is not None or time.monotonic() > end:
                raise BenchError("%s does not start: %s" % (self.name, self.told()))
            time.sleep(0.02)

    def told(self):
        text = ""
        for name in ("log", "error.log"):
            try:
                with open(os.path.join(self.place, name), encoding="utf-8", errors="replace") as file:
                    text += file.read()[-2000:]
            except FileNotFoundError:
                pass
        return text

    def stop(self):
        if self.process:
            processes.stop(self.process)
            self.log.close()
        shutil.rmtree(self.place, ignore_errors=True)

    def ask(self, raw):
        """Status and body of one request that is made of bytes."""
        with socket.create_connection(("127.0.0.1", self.port), 30) as one:
            one.sendall(raw)
            response = http.client.HTTPResponse(one)
            response.begin()
            return response.status, response.read().decode("utf-8", "replace")

    def check(self):
        """That it does what it is measured for."""
        numbers = random.Random(os.urandom(8))
        for kind in signed_requests.KINDS:
            status, body = self.ask(signed_requests.request(kind, numbers))
            if status != 200 or (kind == "answer" and self.checks and "<Number>" not in body):
                raise BenchError("%s gives %d to %s: %s%s" % (self.name, status, kind, body, self.told()))
        if self.checks:
            wrong = signed_requests.request("callback", numbers, token="another")
            if self.ask(wrong)[0] != 403:
                raise BenchError("%s takes what was not signed" % self.name)
        if self.delivers:
            self.wait_for_lines(2)

    def wait_for_lines(self, count, patience=300):
        """Until the sink has so many; what it then has."""
        end = time.monotonic() + patience
        while self.lines.count() < count:
            if time.monotonic() > end:
                raise BenchError("%s has delivered %d of %d events: %s" %
                                 (self.name, self.lines.count(), count, self.told()))
            time.sleep(0.005)
        return self.lines.lines


class Httpd(Server):
    """An httpd with the directives `text`."""

    def __init__(self, name, work, text, mpm=EVENT_MPM, **words):
        super().__init__(name, work)
        self.text = text
        self.mpm = mpm
        self.children = 2
        self.threads = 64
        self.single = False
        self.program, modules = find_httpd()
        self.words = dict(words, modules=modules, token=signed_requests.TOKEN,
                          account=signed_requests.ACCOUNT)
        self.delivers = words.get("dispatcher", "Off") != "Off"

    def command(self):
        uid, gid = processes.server_identity()
        words = dict(self.words, place=self.place, port=self.port, user="#%d" % uid, group="#%d" % gid,
                     children=self.children, threads=self.threads, workers=self.children * self.threads)
        text = COMMON + self.mpm + self.text
        # Part of the program in some distributions.
        if os.path.exists(os.path.join(words["modules"], "mod_unixd.so")):
            text = COMMON + "LoadModule unixd_module {modules}/mod_unixd.so\n" + self.mpm + self.text
        path = os.path.join(self.place, "httpd.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.format(**words))
        return [self.program, "-X" if self.single else "-DFOREGROUND", "-f", path]


def empty(work, build):
    server = Httpd("empty handler", work, EMPTY, empty=build.tool("bench_empty.so"))
    server.checks = False
    return server


def plain(work, build, durable):
    name, handler = ("plain C, durable", "bench-plain-durable") if durable else ("plain C", "bench-plain")
    return Httpd(name, work, PLAIN, plain=build.tool("bench_plain_c.so"), handler=handler)


def product(work, build, dispatches):
    return Httpd(build.name if dispatches else build.name + ", no dispatcher", work, OURS,
                 module=build.module, dispatcher="On " + build.diald if dispatches else "Off")
