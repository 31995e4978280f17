# SPDX-License-Identifier: Apache-2.0
"""An answer URL and a callback URL as one writes them in Python, without a framework."""
import base64
import hashlib
import hmac
import json
import os
import urllib.parse
from xml.etree import ElementTree

TOKEN = os.environ.get("BENCH_TOKEN", "").encode()
ORIGIN = "https://pbx.example.com"
LOG = os.environ.get("BENCH_LOG", "/dev/null")


def is_signed(environ, pairs):
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] == "GET":
        told = "&".join("%s=%s" % pair for pair in sorted(pairs))
    else:
        told = "".join(name + value for name, value in sorted(pairs))
    text = "%s%s?%s.%s" % (ORIGIN, path, told, environ.get("HTTP_X_PLIVO_SIGNATURE_V3_NONCE", ""))
    ours = base64.b64encode(hmac.digest(TOKEN, text.encode(), hashlib.sha256)).decode()
    return hmac.compare_digest(ours, environ.get("HTTP_X_PLIVO_SIGNATURE_V3", ""))


def document(pairs):
    response = ElementTree.Element("Response")
    ElementTree.SubElement(response, "Speak").text = "Connecting your call.."
    dial = ElementTree.SubElement(response, "Dial", timeout="20", callerId=pairs.get("From", ""))
    ElementTree.SubElement(dial, "Number").text = "+14155550100"
    return ElementTree.tostring(response, encoding="utf-8", xml_declaration=True)


def serve(environ, start_response):
    is_get = environ["REQUEST_METHOD"] == "GET"
    if is_get:
        text = environ["QUERY_STRING"]
    else:
        text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    pairs = urllib.parse.parse_qsl(text, keep_blank_values=True)
    if not is_signed(environ, pairs):
        start_response("403 Forbidden", [("Content-Length", "0")])
        return [b""]
    body = document(dict(pairs)) if is_get else b""
    if not is_get:
        with open(LOG, "a", encoding="utf-8") as file:
            file.write(json.dumps(dict(pairs)) + "\n")
    start_response("200 OK", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]
