# SPDX-License-Identifier: Apache-2.0
"""Other ways to serve the same requests, for --peers; each says which package it wants."""
import glob
import grp
import os
import shutil

import bench_processes as processes
import signed_requests
from bench_processes import BenchError
from bench_servers import PREFORK_MPM, Httpd, Server

HERE = os.path.dirname(os.path.abspath(__file__))

NGINX = """daemon off;
worker_processes 1;
user {user} {group};
pid {place}/pid;
error_log {place}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {place}/out/body;
    proxy_temp_path {place}/out/proxy;
    fastcgi_temp_path {place}/out/fastcgi;
    uwsgi_temp_path {place}/out/uwsgi;
    scgi_temp_path {place}/out/scgi;
    server {{
        listen 127.0.0.1:{port};
        default_type application/xml;
        location / {{ return 200 "<Response><Dial><Number>+14155550100</Number></Dial></Response>"; }}
    }}
}}
"""
PHP = """LoadModule php_module {php}
SetEnv BENCH_TOKEN {token}
SetEnv BENCH_LOG {place}/out/events
LoadModule env_module {modules}/mod_env.so
LoadModule alias_module {modules}/mod_alias.so
AliasMatch ^/(answer|callback)$ {here}/peer.php
<Directory {here}>
    Require all granted
    SetHandler application/x-httpd-php
</Directory>
"""


class Nginx(Server):
    """A constant: what there is to gain with another server."""
    checks = False

    def command(self):
        group = processes.server_identity()[1]
        path = os.path.join(self.place, "nginx.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(NGINX.format(place=self.place, port=self.port, user=processes.server_user(),
                                    group=grp.getgrgid(group).gr_name))
        return [self.program(), "-c", path]

    @staticmethod
    def program():
        return shutil.which("nginx") or "/usr/sbin/nginx"


class Gunicorn(Server):
    """The standard library of Python, in as many processes as our httpd has."""

    def command(self):
        os.environ.update(BENCH_TOKEN=signed_requests.TOKEN,
                          BENCH_LOG=os.path.join(self.place, "out", "events"))
        uid, gid = processes.server_identity()
        return [self.program(), "--chdir", HERE, "--workers", "2", "--threads", "8", "--worker-class",
                "gthread", "--bind", "127.0.0.1:%d" % self.port, "--user", str(uid), "--group", str(gid),
                "--keep-alive", "30", "--log-level", "warning", "--env", "PYTHONDONTWRITEBYTECODE=1",
                "peer_wsgi:serve"]

    @staticmethod
    def program():
        return shutil.which("gunicorn") or "/usr/bin/gunicorn"


def make(name, work):
    """The peer of that name, if what it needs is installed."""
    if name in ("nginx", "gunicorn"):
        kind = Nginx if name == "nginx" else Gunicorn
        if not os.path.exists(kind.program()):
            raise BenchError("--peers %s: install the package %s" % (name, name))
        return kind({"nginx": "nginx, a constant", "gunicorn": "gunicorn, Python"}[name], work)
    if name == "php":
        server = Httpd("httpd with PHP", work, PHP, PREFORK_MPM, here=HERE, php="")
        found = sorted(glob.glob(os.path.join(server.words["modules"], "libphp*.so")))
        if not found:
            raise BenchError("--peers php: install the package libapache2-mod-php")
        server.words["php"] = found[-1]
        return server
    raise BenchError("--peers knows nginx, gunicorn and php, not '%s'" % name)
