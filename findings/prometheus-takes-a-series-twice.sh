#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Prometheus takes a page that has one series twice without complaint, and keeps the first value.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: prometheus (and promtool of the same package) 2.42.0+ds-5+deb12u1 (Debian 12). Needs apt-get, dpkg, curl
#   and python3, which serves the page.
# Expected: the same name with the same labels twice, with two values, is a fault of the page: promtool says so, or
#   the target is down, or at least the server's log has the line that it has for other samples it drops.
# Seen: promtool finds nothing, the target is up, both lines count as scraped, the log is silent at its usual level,
#   and the second value is nowhere.
# Output seen:
#   promtool: exit 0
#   server: up, 2 samples scraped, calls_total 3
#   lines of the log about it: 0
# Why a user of a telephony webhook module meets it: two virtual hosts answer for one number, and each prints its own
#   counter with the same labels. Half of the calls are missing from every graph, and no alarm is raised.

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
unpack prometheus=2.42.0+ds-5+deb12u1
port=$((20000 + $$ % 20000))
printf '# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{to="14155550100"} 3\ncalls_total{to="14155550100"} 8\n' >page
status=0
usr/bin/promtool check metrics <page >promtool.log 2>&1 || status=$?
echo "promtool: exit $status"

cat >serve.py <<'PYTHON'
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = open("page", "rb").read()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *ignored):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
PYTHON
python3 serve.py "$port" >serve.log 2>&1 &
pids="$pids $!"
tries=0
until curl -s -o answer "http://127.0.0.1:$port/metrics"; do
  tries=$((tries + 1))
  [ $tries -lt 150 ] || { cat serve.log; echo 'cannot tell: no page'; exit 2; }
  sleep 0.2
done
cat >prometheus.yml <<CONF
scrape_configs:
  - job_name: calls
    scrape_interval: 1s
    static_configs: [{targets: ['127.0.0.1:$port']}]
CONF
usr/bin/prometheus --config.file=prometheus.yml --storage.tsdb.path=data \
  --web.listen-address=127.0.0.1:$((port + 1)) >prometheus.log 2>&1 &
pids="$pids $!"
tries=0
until curl -s -o targets "http://127.0.0.1:$((port + 1))/api/v1/targets" && grep -Eq '"health":"(up|down)"' targets; do
  tries=$((tries + 1))
  [ $tries -lt 150 ] || { tail -5 prometheus.log; echo 'cannot tell: no scrape'; exit 2; }
  sleep 0.2
done
health=$(sed 's/.*"health":"\([a-z]*\)".*/\1/' targets)
value() {
  curl -s "http://127.0.0.1:$((port + 1))/api/v1/query?query=$1" | sed 's/.*"value":\[[0-9.]*,"\([0-9]*\)".*/\1/'
}
server="$health, $(value scrape_samples_scraped) samples scraped, calls_total $(value calls_total)"
logged=$(grep -Eci 'level=(warn|error)|duplicate' prometheus.log || :)
printf 'server: %s\nlines of the log about it: %s\n' "$server" "$logged"
[ $status -eq 0 ] && [ "$server" = 'up, 2 samples scraped, calls_total 3' ] && [ "$logged" = 0 ]
