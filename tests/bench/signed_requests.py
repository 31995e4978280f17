# SPDX-License-Identifier: Apache-2.0
"""Requests as Plivo sends and signs them, each with its own nonce and its own ids."""
import base64
import hashlib
import hmac
import random
import urllib.parse
import uuid

ORIGIN = "https://pbx.example.com"
TOKEN = "a-token-for-measuring-0123456789abcdef"
ACCOUNT = "MAXXXXXXXXXXXXXXXXXX"
KINDS = {"answer": "GET", "callback": "POST"}


def new_id(numbers):
    return str(uuid.UUID(int=numbers.getrandbits(128), version=4))


def pairs_of(kind, numbers):
    call, leg = new_id(numbers), new_id(numbers)
    pairs = {"ALegRequestUUID": call, "ALegUUID": call, "CallUUID": call, "RequestUUID": call,
             "BillRate": "0.0085", "CallStatus": "ringing", "Direction": "inbound", "Event": "StartApp",
             "From": "14155550111", "ParentAuthID": ACCOUNT, "SIP-H-To": "<sip:14155550199@192.0.2.1>",
             "SessionStart": "2026-11-20 10:15:01.123456", "To": "14155550199"}
    if kind == "callback":
        pairs.update({"CallStatus": "in-progress", "DialALegUUID": call, "DialAction": "hangup",
                      "DialBLegBillDuration": "120", "DialBLegBillRate": "0.0105",
                      "DialBLegDuration": "63", "DialBLegFrom": "14155550111",
                      "DialBLegHangupCause": "NORMAL_CLEARING", "DialBLegHangupCauseCode": "4000",
                      "DialBLegStatus": "hangup", "DialBLegTo": "14155550100", "DialBLegUUID": leg,
                      "Event": "DialHangup"})
    return pairs


def sign(kind, pairs, nonce, token):
    """By version 3 of Plivo's signatures."""
    names = sorted(pairs)
    if KINDS[kind] == "GET":
        told = "&".join(name + "=" + pairs[name] for name in names)
    else:
        told = "".join(name + pairs[name] for name in names)
    text = "%s/%s?%s.%s" % (ORIGIN, kind, told, nonce)
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha256)).decode()


def request(kind, numbers, closes=False, token=TOKEN):
    """One request, as bytes."""
    pairs = pairs_of(kind, numbers)
    nonce = "%020d" % numbers.randrange(10 ** 20)
    signature = sign(kind, pairs, nonce, token)
    form = urllib.parse.urlencode(pairs)
    is_get = KINDS[kind] == "GET"
    lines = ["GET /%s?%s HTTP/1.1" % (kind, form) if is_get else "POST /%s HTTP/1.1" % kind,
             "Host: pbx.example.com", "User-Agent: Plivo", "Accept: */*", "Accept-Encoding: gzip",
             "X-Plivo-Signature-V3: " + signature, "X-Plivo-Signature-Ma-V3: " + signature,
             "X-Plivo-Signature-V3-Nonce: " + nonce]
    if not is_get:
        lines += ["Content-Type: application/x-www-form-urlencoded", "Content-Length: %d" % len(form)]
    if closes:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n" + ("" if is_get else form)).encode()


def write_requests(path, kind, count, seed, closes=False):
    """As load_client.c reads them. Another seed gives other requests."""
    numbers = random.Random(seed)
    with open(path, "wb") as file:
        for _ in range(count):
            one = request(kind, numbers, closes)
            file.write(b"%d\n" % len(one) + one)
