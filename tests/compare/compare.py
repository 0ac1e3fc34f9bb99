#!/usr/bin/env python3
"""Checks the zones of zones.py with ruascope and with checkdmarc (from PyPI), and prints what each finds as a table.

    python3 -m venv VENV && VENV/bin/pip install checkdmarc
    VENV/bin/python tests/compare/compare.py target/debug/ruascope            # the table
    VENV/bin/python tests/compare/compare.py target/debug/ruascope --write    # puts it into docs/check.md

Exit 1 when ruascope misses something that a zone is made for, or finds it where it is not.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
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
BEGIN, END = "<!-- compare.py -->\n", "<!-- end -->\n"


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


def ours(binary, port, folder):
    """Findings of `ruascope check` by rule, and the exit code."""
    config = os.path.join(folder, "ruascope.toml")
    with open(config, "w", encoding="utf-8") as f:
        f.write(f'[dns]\nservers = ["127.0.0.1:{port}"]\ntimeout_s = 2\nattempts = 1\n'
                '[[domain]]\nname = "example.com"\n[[domain.dkim]]\nselector = "s1"\n')
    store = os.path.join(folder, "store.db")
    if os.path.exists(store):
        os.unlink(store)
    command = [binary, "--config", config, "--store", store, "--format", "json", "check", "example.com"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    domain = json.loads(done.stdout)["domains"][0]
    return domain, done.returncode


def row(binary, server, folder, name):
    zone, words, rule = ZONES[name]
    with open(os.path.join(ROOT, "fixtures/dns/dkim_key/rsa2048.txt"), encoding="ascii") as f:
        good = f.read().strip()
    with open(os.path.join(ROOT, "fixtures/dns/dkim_key/rsa.txt"), encoding="ascii") as f:
        short = f.read().strip()
    server.load(zone.replace("KEY1024", f'"{short}"').replace("KEY", f'"{good[:200]}" "{good[200:]}"'))
    domain, code = ours(binary, server.port, folder)
    said = theirs(server.port)
    found = [f for f in domain["findings"] if rule and re.fullmatch(rule, f["rule"])]
    loud = [f["rule"] for f in domain["findings"] if f["severity"] != "info"]
    if rule is None:
        mine, is_good = ("nothing" if not loud else ", ".join(loud)), not loud
        hits = [text for text in said if not text.startswith("all: ")]
        their = "nothing" if not hits else hits[0]
    else:
        is_good = bool(found)
        mine = f"{found[0]['severity']}: `{found[0]['rule']}`" if found else "**missed**"
        hits = [text for text in said if words and re.search(words, text, re.I | re.S)]
        their = hits[0] if hits else "-"
    their = re.sub(r"\s+", " ", their).replace("|", "\\|")
    return f"| {name} | {mine} | {code} | {their[:110] + ('…' if len(their) > 110 else '')} |", is_good


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("binary")
    ap.add_argument("--write", action="store_true", help="put the table into docs/check.md")
    opt = ap.parse_args()
    server, lines, bad = Server(), [], []
    with tempfile.TemporaryDirectory() as folder:
        for name in ZONES:
            line, is_good = row(os.path.abspath(opt.binary), server, folder, name)
            lines.append(line)
            if not is_good:
                bad.append(name)
    table = "| zone | ruascope | exit | checkdmarc " + checkdmarc.__version__ + " |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"
    if opt.write:
        path = os.path.join(ROOT, "docs/check.md")
        with open(path, encoding="utf-8") as f:
            before, rest = f.read().split(BEGIN)
        after = rest.split(END)[1]
        with open(path, "w", encoding="utf-8") as f:
            f.write(before + BEGIN + table + END + after)
    else:
        print(table, end="")
    for name in bad:
        print(f"not as it should be: {name}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
