# SPDX-License-Identifier: Apache-2.0
"""plivo-diald over spools that were filled while it did not run."""
import json
import mmap
import os
import shutil
import struct
import subprocess
import time

import bench_processes as processes
from bench_processes import BenchError
from bench_results import Measure

SECTION = "dispatcher"
EVENTS_A_CALL = 5
WRITERS = 25  # threads, whose events share the syncs of the disk
PATIENCE = 1800  # seconds for a backlog

MEASURES = [
    Measure("cpu_us", "CPU an event, us", "%.1f"),
    Measure("events_per_s", "events/s", "%.0f"),
    Measure("first_ms", "first delivery after a cold start, ms", "%.0f"),
    Measure("store_bytes", "store an event, bytes", "%.0f"),
    Measure("pss_kb", "PSS afterwards, kB", "%.0f"),
    Measure("peak_pss_kb", "largest PSS seen, kB", "%.0f"),
    Measure("peak_rss_kb", "VmHWM, kB", "%.0f"),
    Measure("p50_ms", "accepted to sink p50, ms", "%.2f"),
    Measure("p99_ms", "accepted to sink p99, ms", "%.2f"),
    Measure("forgotten", "of its segments gone meanwhile", "%.0f"),
]


class Lines:
    """The lines of a file sink, counted as they come."""

    def __init__(self, path):
        self.path = path
        self.file = None
        self.lines = 0

    def count(self):
        if self.file is None:
            try:
                self.file = open(self.path, "rb")  # pylint: disable=consider-using-with
            except FileNotFoundError:
                return 0
        while chunk := self.file.read(1 << 20):
            self.lines += chunk.count(b"\n")
        return self.lines


class Counter:
    """The count of a sink_counter."""

    def __init__(self, path):
        with open(path, "wb") as file:
            file.write(bytes(8))
        os.chown(path, *processes.server_identity())
        with open(path, "rb") as file:
            self.map = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)

    def count(self):
        return struct.unpack("=Q", self.map)[0]


class Delivered:
    """What a sink without a place of its own has taken, as the dispatcher says; costly to ask."""

    def __init__(self, run):
        self.run = run
        self.seconds = 0.0
        self.known = 0

    def count(self):
        """Asks once nothing has been done for a while, since asking disturbs what is measured."""
        seconds = processes.tree_cpu(self.run.process.pid)
        rests = seconds - self.seconds < 0.002
        self.seconds = seconds
        time.sleep(0.02)
        if rests:
            done = subprocess.run([self.run.build.ctl, "events", "status", "--spool", self.run.spool,
                                   "--json"], capture_output=True, text=True, check=False)
            try:
                self.known = max(sink["delivered"] for sink in json.loads(done.stdout)["sinks"])
            except (ValueError, KeyError):
                pass
        return self.known


class Run:
    """One plivo-diald over a copy of a spool, with its sinks, in a directory that goes with it."""

    def __init__(self, bench, build, backlog):
        self.bench = bench
        self.build = build
        self.place = processes.make_directory(os.path.join(bench.work, "run"))
        self.spool = os.path.join(self.place, "spool")
        self.sinks = []
        self.watched = []
        self.others = []
        self.process = None
        self.started = 0.0
        self.keep = 86400
        self.log = None
        self.prefix = []  # a program that runs it
        self.who = {}  # whose process it is from the start
        if backlog:
            command = ["cp", "-a", "--reflink=auto", backlog, self.spool]
            subprocess.run(command, check=True)
            os.sync()  # or it would be written at the first sync of what is measured
        else:
            processes.make_directory(self.spool)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in [self.process] + self.others:
            if process:
                processes.stop(process)
        if self.log:
            self.log.close()
        shutil.rmtree(self.place)

    def path(self, name):
        return os.path.join(self.place, name)

    def add_file(self):
        self.sinks.append(["file", "file:" + self.path("events")])
        self.watched.append(Lines(self.path("events")))

    def add_stream(self, times=""):
        self.watched.append(Counter(self.path("stream.count")))
        program = [self.bench.tool("bench_sink_counter"), "stream", self.path("stream.count")]
        self.sinks.append(["stream", "stream:" + " ".join(program + ([times] if times else []))])

    def add_syslog(self):
        self.watched.append(Counter(self.path("syslog.count")))
        program = [self.bench.tool("bench_sink_counter"), "syslog", self.path("syslog.count"),
                   self.path("socket")]
        self.others.append(processes.start(program, measured=False))
        while not os.path.exists(self.path("socket")):
            if self.others[-1].poll() is not None:
                raise BenchError("no socket at " + self.path("socket"))
            time.sleep(0.01)
        os.chmod(self.path("socket"), 0o666)
        self.sinks.append(["syslog", "syslog:local0", "socket=" + self.path("socket")])

    def add_exec(self):
        self.sinks.append(["exec", "exec:/bin/true", "concurrency=4"])
        self.watched.append(Delivered(self))

    def add_broken(self):
        self.sinks.append(["broken", "exec:/bin/false"])

    def configure(self):
        uid, gid = processes.server_identity()
        config = {"spool": self.spool, "uid": uid, "gid": gid, "node": "bench", "sinks": self.sinks,
                  "logLevel": "warn", "keep": self.keep}
        with open(self.path("config.new"), "w", encoding="utf-8") as file:
            json.dump(config, file)
        os.rename(self.path("config.new"), self.path("config"))

    def start(self, cold=False):
        self.configure()
        if cold:
            processes.forget_pages(self.spool, self.build.diald)
            if self.bench.options.drop_caches:
                with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
                    file.write("1\n")
        self.log = open(self.path("log"), "a+", encoding="utf-8")  # pylint: disable=consider-using-with
        self.started = time.monotonic()
        self.process = processes.start(self.prefix + [self.build.diald, "--config", self.path("config")],
                                       stdout=self.log, stderr=self.log, **self.who)

    def count(self):
        """What the slowest of the watched sinks has."""
        return min(sink.count() for sink in self.watched)

    def wait(self, count, pause=0.01, each=lambda: None):
        """Until the sinks have `count` events. The moment, and the CPU of the tree by then."""
        end = time.monotonic() + PATIENCE
        while self.count() < count:
            if self.process.poll() is not None or time.monotonic() > end:
                self.log.seek(0)
                raise BenchError("plivo-diald of %s delivered %d of %d events:\n%s" %
                                 (self.build.name, self.count(), count, self.log.read()))
            each()
            time.sleep(pause)
        return time.monotonic(), processes.tree_cpu(self.process.pid)

    def store_size(self):
        """Bytes on the disk of all that the dispatcher keeps beside the segments and its reserve."""
        size = 0
        for place, _, names in os.walk(self.spool):
            if place != os.path.join(self.spool, "in"):
                for name in set(names) - {"reserve"}:
                    state = os.stat(os.path.join(place, name))
                    size += min(state.st_size, state.st_blocks * 512)
        return size

    def segments(self):
        return {name for name in os.listdir(os.path.join(self.spool, "in")) if name.endswith(".seg")}


class Bench:
    """The scenarios, with the spools that they begin with."""

    def __init__(self, work, builds, options):
        self.work = work
        self.builds = builds
        self.options = options
        self.backlogs = {}

    def tool(self, name):
        return self.builds[0].tool(name)

    def write(self, spool, *words):
        """Events into a spool, as httpd's user does it."""
        command = [self.tool("bench_backlog"), spool] + [str(word) for word in words]
        uid, gid = processes.server_identity()
        who = {"user": uid, "group": gid, "extra_groups": []} if os.getuid() == 0 else {}
        if processes.start(command, measured=False, **who).wait() != 0:
            raise BenchError("failed: " + " ".join(command))

    def fill(self, spool, calls, events_a_call):
        self.write(spool, calls, events_a_call, WRITERS)

    def backlog(self, calls, events_a_call):
        """A spool that is filled once, for all rounds and builds."""
        if (calls, events_a_call) not in self.backlogs:
            spool = os.path.join(self.work, "backlog-%d-%d" % (calls, events_a_call))
            self.fill(processes.make_directory(spool), calls, events_a_call)
            self.backlogs[calls, events_a_call] = spool
        return self.backlogs[calls, events_a_call]

    def over_backlog(self, build, events, add_sinks, cold=False):
        """From the start of the dispatcher until its sinks have all that waited."""
        calls = max(events // EVENTS_A_CALL, 1)
        events = calls * EVENTS_A_CALL
        with Run(self, build, self.backlog(calls, EVENTS_A_CALL)) as run:
            add_sinks(run)
            run.start(cold)
            values = {}
            if cold:
                values["first_ms"] = (run.wait(1, 0.001)[0] - run.started) * 1e3
            peak = [0, 0.0]

            def watch():
                if time.monotonic() - peak[1] > 1:
                    peak[0] = max(peak[0], processes.pss(run.process.pid))
                    peak[1] = time.monotonic()
            ended, seconds = run.wait(events, each=watch if cold else lambda: None)
            values["cpu_us"] = seconds / events * 1e6
            values["events_per_s"] = events / (ended - run.started)
            if cold:
                values["peak_pss_kb"] = max(peak[0], processes.pss(run.process.pid))
            time.sleep(self.options.rest)
            values["store_bytes"] = run.store_size() / events
            values["pss_kb"] = processes.pss(run.process.pid)
            values["peak_rss_kb"] = processes.peak_rss(run.process.pid)
            return values

    def beside_broken(self, build, waiting):
        """What new events cost at a sound sink while `waiting` calls wait at a broken one."""
        calls = max(self.options.events // EVENTS_A_CALL, 1)
        with Run(self, build, self.backlog(waiting, 1)) as run:
            run.add_file()
            run.add_broken()
            run.start()
            run.wait(waiting)
            time.sleep(self.options.rest / 2)
            before, begun = processes.tree_cpu(run.process.pid), time.monotonic()
            self.fill(run.spool, calls, EVENTS_A_CALL)
            events = calls * EVENTS_A_CALL
            ended, after = run.wait(waiting + events)
            return {"cpu_us": (after - before) / events * 1e6, "events_per_s": events / (ended - begun),
                    "pss_kb": processes.pss(run.process.pid),
                    "peak_rss_kb": processes.peak_rss(run.process.pid)}

    def while_forgetting(self, build, events):
        """How long single events take while the segments of `events` delivered ones are forgotten."""
        calls = max(events // EVENTS_A_CALL, 1)
        with Run(self, build, self.backlog(calls, EVENTS_A_CALL)) as run:
            arrived, accepted = run.path("arrived"), run.path("accepted")
            run.add_stream(arrived)
            run.start()
            run.wait(calls * EVENTS_A_CALL)
            segments = run.segments()
            run.keep = 0
            run.configure()
            period_us = 5000
            count = int(self.options.probe_seconds * 1e6 / period_us)
            self.write(run.spool, "probe", count, period_us, accepted)
            forgotten = len(segments - run.segments())
            run.wait(calls * EVENTS_A_CALL + count)
            took = latencies(accepted, arrived)
            return {"p50_ms": took[len(took) // 2], "p99_ms": took[len(took) * 99 // 100],
                    "forgotten": forgotten}

    def scenarios(self):
        options = self.options

        def all_three(run):
            run.add_file()
            run.add_stream()
            run.add_syslog()
        sinks = {"file": Run.add_file, "stream": Run.add_stream, "exec": Run.add_exec,
                 "file+stream+syslog": all_three}
        for name, add in sinks.items():
            events = options.exec_events if name == "exec" else options.events
            yield ("%s, %d events" % (name, events),
                   lambda build, add=add, events=events: self.over_backlog(build, events, add))
        for events in options.waiting:
            yield ("file, cold, %d waiting" % events,
                   lambda build, events=events: self.over_backlog(build, events, Run.add_file, True))
        for calls in options.broken:
            yield ("file beside broken, %d calls waiting" % calls,
                   lambda build, calls=calls: self.beside_broken(build, calls))
        if options.forgotten:
            yield ("stream while %d events are forgotten" % options.forgotten,
                   lambda build: self.while_forgetting(build, options.forgotten))


def latencies(accepted, arrived):
    """Milliseconds between two files of times, sorted."""
    def read(path):
        with open(path, encoding="ascii") as file:
            return {words[0]: int(words[1]) for words in map(str.split, file) if len(words) == 2}
    begun, ended = read(accepted), read(arrived)
    return sorted((ended[one] - begun[one]) / 1e6 for one in begun)
