#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Prometheus drops a whole scrape for a blank at the start of a line, which the format allows and promtool takes.
#
# Exit status: 0 as stated here, 1 it has changed, 2 it could not be tried. Seen on 29 November 2026.
# Version: prometheus (and promtool of the same package) 2.42.0+ds-5+deb12u1 (Debian 12). Needs apt-get, dpkg, curl
#   and python3, which serves the page.
# Expected: the description of the text format says that blanks at both ends of a line are ignored, and "promtool
#   check metrics" accepts the page without a word. So the server reads it.
# Seen: the server takes the blank for a part of the metric's name and calls the target down. promtool has another
#   parser than the server it comes with.
# Output seen:
#   promtool: exit 0
#   server: down, invalid metric name or label names: {__name__=" calls_total", ...}
# Why a user of a telephony webhook module meets it: a small script or page prints the counters of its calls from an
#   indented here-document; it was checked with promtool as advised, and every counter of that page is gone, not
#   only the indented one.

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
printf '# HELP calls_total Calls.\n# TYPE calls_total counter\n  calls_total 3\n' >page
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
error=$(sed 's/.*"lastError":"\(.*\)","lastScrape":.*/\1/; s/\\"/"/g' targets)
echo "server: $health, $error"
[ $status -eq 0 ] && [ "$health" = down ] && case $error in *'__name__=" '*) true ;; *) false ;; esac
