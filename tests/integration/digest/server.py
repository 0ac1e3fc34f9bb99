"""A mail server (aiosmtpd) for tests: FOLDER PORT none|starttls|implicit. User `user`, password `hunter2`, where TLS is.

Each mail becomes NUMBER.json in FOLDER: the envelope, and what Python's own library reads in the message. While there
is a file `refuse` in FOLDER, its text is the answer to every receiver.
"""

import email
import email.policy
import json
import os
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

folder, port, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def read(bytes_):
    message = email.message_from_bytes(bytes_, policy=email.policy.default)
    part = lambda kind: next((p.get_content() for p in message.walk() if p.get_content_type() == kind), None)
    pictures = [
        {"id": p["Content-ID"], "disposition": p.get_content_disposition(), "is_png": p.get_content()[:4] == b"\x89PNG"}
        for p in message.walk()
        if p.get_content_type() == "image/png"
    ]
    return {
        "headers": {name: str(value) for name, value in message.items()},
        "structure": [p.get_content_type() for p in message.walk()],
        "text": part("text/plain"),
        "html": part("text/html"),
        "pictures": pictures,
        "defects": [str(defect) for p in message.walk() for defect in p.defects],
        "line_bytes_max": max(len(line) for line in bytes_.split(b"\r\n")),
    }


class Handler:
    number = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        refuse = os.path.join(folder, "refuse")
        if os.path.exists(refuse):
            return open(refuse).read().strip()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        Handler.number += 1
        said = read(envelope.original_content)
        said |= {"mail_from": envelope.mail_from, "rcpt_tos": envelope.rcpt_tos, "is_tls": server.transport.get_extra_info("sslcontext") is not None}
        name = os.path.join(folder, f"{Handler.number}.json")
        with open(name + ".part", "w") as file:
            json.dump(said, file)
        os.rename(name + ".part", name)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"user", b"hunter2")
    return AuthResult(success=good, handled=False)


options = {}
if mode != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))
    options = {"authenticator": authenticate, "auth_required": True}
    if mode == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    else:
        options |= {"ssl_context": context, "auth_require_tls": False}
Controller(Handler(), hostname="127.0.0.1", port=port, **options).start()
print("ready", flush=True)
while os.getppid() != 1:
    time.sleep(0.1)
