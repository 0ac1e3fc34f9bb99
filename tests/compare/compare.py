#!/usr/bin/env python3
"""Has checkdmarc (from PyPI) check the zones of zones.py, and records what it says in recorded.json, with version and day.

    python3 -m venv VENV && VENV/bin/pip install checkdmarc
    VENV/bin/python tests/compare/compare.py

tests/integration/compare.rs checks the same zones with ruascope, and holds the table in docs/check.md.
"""

import datetime
import json
import os
import re
import threading
import socket

import dns.flags
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import checkdmarc
import checkdmarc.dmarc
import checkdmarc.spf
import checkdmarc.utils

from zones import ZONES

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Server:
    """Answers for one zone, over UDP and TCP, on a free port of 127.0.0.1."""

    def __init__(self):
        self.records, self.failing = {}, set()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.port = self.udp.getsockname()[1]
        self.tcp = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.serve_udp, daemon=True).start()
        threading.Thread(target=self.serve_tcp, daemon=True).start()

    def load(self, zone):
        records, failing = {}, set()
        for line in zone.splitlines():
            if line.startswith(";@servfail "):
                failing.add(tuple(line.split()[1:]))
                continue
            name, kind, data = line.split(" ", 2)
            data = re.sub(r'"([^"]+)"', lambda m: " ".join(f'"{m[1][i:i + 250]}"' for i in range(0, len(m[1]), 250)), data)
            rdata = dns.rdata.from_text("IN", kind, data, origin=dns.name.root, relativize=False)
            records.setdefault(name.lower(), []).append(rdata)
        self.records, self.failing = records, failing

    def find(self, name):
        """The records of a name, or None when it does not exist."""
        if name in self.records:
            return self.records[name]
        if any(known.endswith("." + name) for known in self.records):
            return []
        labels = name.split(".")
        for cut in range(1, len(labels)):
            above = ".".join(labels[cut:])
            if f"*.{above}" in self.records:
                return self.records[f"*.{above}"]
            if above in self.records or any(known.endswith("." + above) for known in self.records):
                return None
        return None

    def answer(self, wire):
        query = dns.message.from_wire(wire)
        question = query.question[0]
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA | dns.flags.RA
        name, kind = question.name.to_text().rstrip(".").lower(), question.rdtype
        for _ in range(10):
            if (name,) in self.failing or (name, dns.rdatatype.to_text(kind)) in self.failing:
                reply.set_rcode(dns.rcode.SERVFAIL)
                break
            found = self.find(name)
            if found is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
                break
            alias = [r for r in found if r.rdtype == dns.rdatatype.CNAME]
            rows = alias if alias else [r for r in found if r.rdtype == kind]
            if rows:
                reply.answer.append(dns.rrset.from_rdata_list(dns.name.from_text(name), 300, rows))
            if not alias or kind == dns.rdatatype.CNAME:
                break
            name = alias[0].target.to_text().rstrip(".").lower()
        return reply

    def serve_udp(self):
        while True:
            wire, peer = self.udp.recvfrom(4096)
            reply = self.answer(wire)
            out = reply.to_wire(max_size=65535)
            if len(out) > 1232:
                reply.answer.clear()
                reply.flags |= dns.flags.TC
                out = reply.to_wire()
            self.udp.sendto(out, peer)

    def serve_tcp(self):
        while True:
            stream, _ = self.tcp.accept()
            with stream:
                size = int.from_bytes(stream.recv(2), "big")
                out = self.answer(stream.recv(size)).to_wire(max_size=65535)
                stream.sendall(len(out).to_bytes(2, "big") + out)


def theirs(port):
    """Everything that checkdmarc says about DMARC and SPF, as one text."""
    servers = [dns.nameserver.Do53Nameserver("127.0.0.1", port)]
    said = []
    checkdmarc.utils.DNS_CACHE.clear()
    for check in (checkdmarc.dmarc.check_dmarc, checkdmarc.spf.check_spf):
        result = check("example.com", nameservers=servers, timeout=2.0, retries=0)
        said += [str(result.get("error") or ""), *map(str, result.get("warnings") or [])]
        said.append("all: " + str((result.get("parsed") or {}).get("all")))
    return [text for text in said if text]


def row(server, name):
    """The zone, what of our rules says that it was found, and what checkdmarc says."""
    zone, words, rule = ZONES[name]
    server.load(zone.replace("KEY1024", f'"{key("rsa.txt")}"').replace("KEY", f'"{key("rsa2048.txt")}"'))
    said = theirs(server.port)
    if rule is None:
        hits = [text for text in said if not text.startswith("all: ")] or ["nothing"]
    else:
        hits = [text for text in said if words and re.search(words, text, re.I | re.S)] or ["-"]
    return {"name": name, "zone": zone, "rule": rule, "theirs": re.sub(r"@\d+", "@53", re.sub(r"\s+", " ", hits[0]))}


def key(name):
    with open(os.path.join(ROOT, "fixtures/dns/dkim_key", name), encoding="ascii") as f:
        return f.read().strip()


def main():
    server = Server()
    zones = [row(server, name) for name in ZONES]
    recorded = {"checkdmarc": checkdmarc.__version__, "date": datetime.date.today().isoformat(), "zones": zones}
    with open(os.path.join(ROOT, "tests/compare/recorded.json"), "w", encoding="utf-8") as f:
        json.dump(recorded, f, indent=1, ensure_ascii=False)
        f.write("\n")


if __name__ == "__main__":
    main()
