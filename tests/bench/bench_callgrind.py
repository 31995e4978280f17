# SPDX-License-Identifier: Apache-2.0
"""Instructions of our processes, counted by callgrind, which a busy machine does not change.

What the kernel does is not in them. Valgrind knows no instructions for SHA, so signatures count for
more than they cost.
"""
import os
import random
import re
import shutil
import subprocess
import time

import bench_dispatcher
import bench_processes as processes
import bench_servers
import signed_requests
from bench_processes import BenchError
from bench_results import Measure

SECTION = "instructions"
MEASURES = [Measure("answer", "answer", "%.0f"), Measure("callback", "callback", "%.0f"),
            Measure("event", "event, in plivo-diald", "%.0f")]


def valgrind(place):
    if not shutil.which("valgrind"):
        raise BenchError("instructions are counted by valgrind: install it")
    return ["valgrind", "--tool=callgrind", "--quiet", "--callgrind-out-file=" + os.path.join(place, "calls")]


def control(word, pid, **who):
    """Lets callgrind forget what it has counted (-z), or write it (-d)."""
    done = subprocess.run(["callgrind_control", word, str(pid)], capture_output=True, text=True,
                          check=False, **who)
    if done.returncode != 0 or "OK." not in done.stdout:
        raise BenchError("callgrind_control %s: %s%s" % (word, done.stdout, done.stderr))


def counted(place):
    """What the last -d wrote."""
    files = sorted((name for name in os.listdir(place) if name.startswith("calls.")),
                   key=lambda name: int(name.split(".")[1]))
    with open(os.path.join(place, files[-1]), encoding="utf-8", errors="replace") as file:
        for line in file:
            if found := re.match(r"(?:summary|totals): (\d+)", line):
                return int(found.group(1))
    raise BenchError("callgrind wrote no count into " + place)


def user():
    uid, gid = processes.server_identity()
    return {"user": uid, "group": gid, "extra_groups": []} if os.getuid() == 0 else {}


class Bench:
    def __init__(self, work, builds, options):
        self.work = work
        self.builds = builds
        self.options = options

    def of_requests(self, server):
        """Of one request of each kind, in an httpd of one process that has served some."""
        server.single = True
        server.children, server.threads = 1, 2
        values = {}
        who = user()  # as root httpd would change its user, and could not be asked then
        try:
            calls = processes.make_directory(os.path.join(self.work, "calls"))
            server.start(valgrind(calls), **who)
            numbers = random.Random(1)
            for kind in signed_requests.KINDS:
                self.ask(server, kind, numbers, self.options.counted // 4 + 8)
                control("-z", server.process.pid, **who)
                self.ask(server, kind, numbers, self.options.counted)
                control("-d", server.process.pid, **who)
                values[kind] = counted(calls) / self.options.counted
            return values
        finally:
            server.stop()
            shutil.rmtree(os.path.join(self.work, "calls"))

    @staticmethod
    def ask(server, kind, numbers, count):
        for _ in range(count):
            status = server.ask(signed_requests.request(kind, numbers, closes=True))[0]
            if status != 200:
                raise BenchError("%s gives %d: %s" % (server.name, status, server.told()))
        time.sleep(0.3)  # what is done behind the answer

    def of_events(self, build, calls):
        """Of a plivo-diald from its start until the file has all events."""
        bench = bench_dispatcher.Bench(self.work, self.builds, self.options)
        events = calls * bench_dispatcher.EVENTS_A_CALL
        backlog = bench.backlog(calls, bench_dispatcher.EVENTS_A_CALL)
        with bench_dispatcher.Run(bench, build, backlog) as run:
            run.add_file()
            run.prefix = valgrind(run.place)
            run.who = user()
            run.start()
            run.wait(events)
            control("-d", run.process.pid, **run.who)
            count = counted(run.place)
        shutil.rmtree(backlog)
        return count

    def measure(self, results, say):
        wanted = [bench_servers.empty(self.work, self.builds[0]),
                  bench_servers.plain(self.work, self.builds[0], False),
                  bench_servers.plain(self.work, self.builds[0], True)]
        wanted += [bench_servers.product(self.work, build, False) for build in self.builds]
        for server in wanted:
            values = self.of_requests(server)
            say("instructions, %s: %s" % (server.name, values))
            results.add(SECTION, SECTION, server.name, 0, values)
        few, many = self.options.counted, self.options.counted * 3
        for build in self.builds:
            more = self.of_events(build, many) - self.of_events(build, few)
            values = {"event": more / (many - few) / bench_dispatcher.EVENTS_A_CALL}
            say("instructions, %s: %s" % (build.name, values))
            results.add(SECTION, SECTION, build.name, 0, values)
