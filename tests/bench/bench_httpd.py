# SPDX-License-Identifier: Apache-2.0
"""Webhooks in a real httpd: ours, and what it is compared with."""
import json
import os
import subprocess
import time

import bench_peers
import bench_processes as processes
import bench_servers
import signed_requests
from bench_processes import BenchError
from bench_results import Measure

SECTION = "httpd"
MEMORY = "memory"
REFERENCE = "empty handler"
MODES = {"kept alive, 32 connections": (32, False), "a new connection each, 32 at once": (32, True),
         "one connection": (1, False)}

MEASURES = [
    Measure("requests_per_s", "requests/s", "%.0f"),
    Measure("cpu_us", "CPU a request, us", "%.1f"),
    Measure("p50_us", "p50, us", "%.0f"),
    Measure("p99_us", "p99, us", "%.0f"),
    Measure("delivered_s", "last event at the sink, s after", "%.2f"),
]
WITH_RATIO = ("requests_per_s", "cpu_us")
MEMORY_MEASURES = [
    Measure("pss_kb", "PSS of all processes, kB", "%.0f"),
    Measure("diald_pss_kb", "of it plivo-diald, kB", "%.0f"),
]


def all_servers(work, builds, options):
    servers = [bench_servers.empty(work, builds[0]), bench_servers.plain(work, builds[0], False),
               bench_servers.plain(work, builds[0], True)]
    for build in builds:
        servers += [bench_servers.product(work, build, True), bench_servers.product(work, build, False)]
    return servers + [bench_peers.make(name, work) for name in options.peers]


class Bench:
    def __init__(self, work, builds, options):
        self.work = work
        self.builds = builds
        self.options = options
        self.client = builds[0].tool("bench_load_client")
        self.servers = []

    def load(self, server, connections, path):
        """Sends the requests of a file; CPU is of all that the server has to do for them."""
        lines = server.lines.count()
        before = processes.tree_cpu(server.process.pid)
        done = subprocess.run([self.client, str(server.port), str(connections), path],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError("%s: %s%s" % (server.name, done.stderr, server.told()))
        sent = json.loads(done.stdout)
        if sent["refused"] or sent["broken"]:
            raise BenchError("%s: of %d requests %d were refused and %d broken: %s" %
                             (server.name, sent["requests"], sent["refused"], sent["broken"], server.told()))
        answered = time.monotonic()
        values = {"requests_per_s": sent["requests"] / sent["seconds"], "p50_us": sent["p50_us"],
                  "p99_us": sent["p99_us"]}
        if server.delivers:
            server.wait_for_lines(lines + sent["requests"])
            values["delivered_s"] = time.monotonic() - answered
        values["cpu_us"] = (processes.tree_cpu(server.process.pid) - before) / sent["requests"] * 1e6
        return values

    def scenarios(self):
        for kind in signed_requests.KINDS:
            for mode, (connections, closes) in MODES.items():
                yield "%s, %s" % (kind, mode), kind, connections, closes

    def measure(self, results, say):
        """All servers stay up, and each gets the same requests, which are new in each round."""
        path = os.path.join(self.work, "requests")
        self.servers = all_servers(self.work, self.builds, self.options)
        try:
            for server in self.servers:
                server.start()
                server.check()
            for number in range(-1, self.options.rounds):  # the first makes them warm
                for at, (name, kind, connections, closes) in enumerate(self.scenarios()):
                    if self.options.only not in name:
                        continue
                    count = self.options.requests if connections > 1 else self.options.requests // 4
                    signed_requests.write_requests(path, kind, max(count, 1), number * 100 + at, closes)
                    turn = number % len(self.servers)
                    for server in self.servers[turn:] + self.servers[:turn]:
                        others = processes.OtherWork(server.process.pid)
                        values = self.load(server, connections, path)
                        values["others"] = others.now()
                        if number >= 0:
                            results.add(SECTION, name, server.name, number, values)
                            say("round %d of %d, %s, %s: %s" %
                                (number + 1, self.options.rounds, name, server.name,
                                 ", ".join("%s %.6g" % item for item in values.items())))
        finally:
            for server in self.servers:
                server.stop()

    def measure_memory(self, results, say):
        """Each alone, since a page that two servers share would count half for each."""
        path = os.path.join(self.work, "requests")
        for number, server in enumerate(all_servers(self.work, self.builds, self.options)):
            try:
                server.start()
                server.check()
                for kind in signed_requests.KINDS:
                    signed_requests.write_requests(path, kind, self.options.requests, 1000 + number)
                    self.load(server, 32, path)
                time.sleep(self.options.rest)
                values = {"pss_kb": processes.tree_pss(server.process.pid)}
                for pid in processes.tree(server.process.pid):
                    with open("/proc/%d/comm" % pid, encoding="utf-8") as file:
                        if file.read().strip() == "plivo-diald":
                            values["diald_pss_kb"] = processes.pss(pid)
                results.add(MEMORY, MEMORY, server.name, 0, values)
                say("memory, %s: %s" % (server.name, values))
            finally:
                server.stop()

