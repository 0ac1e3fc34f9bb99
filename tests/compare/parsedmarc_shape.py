#!/usr/bin/env python3
"""Compares `export reports --as parsedmarc` with parsedmarc's own output, field by field.

    python3 -m venv venv && venv/bin/pip install parsedmarc
    venv/bin/python tests/compare/parsedmarc_shape.py --bin target/debug/ruascope PATH...

Each file is read by both. Files that one of them refuses are counted. Fields about addresses (`source` but
`ip_address`) are left out, because parsedmarc brings a database of its own. Differences that docs/parsedmarc.md explains
are counted by their reason; any other is printed, and the exit code is 1.
"""
import argparse
import collections
import ipaddress
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ["TZ"] = "UTC"  # parsedmarc writes local time
time.tzset()
logging.disable(logging.CRITICAL)
import parsedmarc  # noqa: E402


def flat(value, path=""):
    """Every value with its path."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from flat(below, f"{path}.{name}")
    elif isinstance(value, list):
        yield path + "[]", len(value)
        for number, below in enumerate(value):
            yield from flat(below, f"{path}[{number}]")
    else:
        yield path, value


def ours(binary, path):
    with tempfile.TemporaryDirectory() as folder:
        base = [binary, "--store", f"{folder}/s.db", "--offline", "--quiet"]
        subprocess.run([*base, "ingest", str(path)], check=False, capture_output=True)
        lines = subprocess.run([*base, "export", "reports", "--as", "parsedmarc", "--format", "json"],
                               check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def theirs(path):
    try:
        parsed = parsedmarc.parse_report_file(str(path), offline=True, always_use_local_files=True)
    except Exception:  # noqa: BLE001  whatever it is: it was refused
        return []
    report = parsed["report"]
    return [json.loads(json.dumps(report, default=str))] if parsed["report_type"] == "aggregate" else []


def address(text):
    """An address in one form; IPv4 in IPv6 as IPv4."""
    try:
        read = ipaddress.ip_address(str(text).strip())
        return str(getattr(read, "ipv4_mapped", None) or read)
    except ValueError:
        return text


def same_address(one, other):
    return address(one) == address(other)


def reason(path, their, our):
    """Why two values may differ; None when nobody explained it."""
    name = path.rsplit(".", 1)[-1]
    if isinstance(their, str) and isinstance(our, str) and their.strip() == our:
        return "blanks around a value"
    if isinstance(their, str) and isinstance(our, str) and " ".join(their.split()) == " ".join(our.split()):
        return "blanks in a value"
    if isinstance(their, str) and isinstance(our, str) and their.lower().rstrip(".") == our:
        return "names without their final dot, in lower case"
    if isinstance(our, str) and not our.isascii() and isinstance(their, str) and their.isascii():
        return "bytes that are no UTF-8 are kept, not dropped"
    if name == "org_name":
        return "org_name as sent, not cut to its domain"
    if name == "errors[]" or ".errors[" in path:
        return "errors: parsedmarc adds its own about the markup"
    if name == "ip_address" and same_address(their, our):
        return "address in RFC 5952 form"
    if isinstance(their, str) and isinstance(our, str) and their.lower() == our.lower():
        return "letters of another case"
    if name == "xml_namespace" and our is None:
        return "a namespace that is not the document's own, such as xmlns:xs"
    if ".auth_results." in path and (our == "-absent-" or path.endswith("[]") and our == 100):
        return "results past limits.auth_results_max (100)"
    if their is None and our == "" or their == "" and our is None:
        return "empty and absent"
    return None


def key(record):
    return address(record["source"]["ip_address"]), record["count"], record["interval_begin"]


def aligned(their, our):
    """Takes records out of ours that parsedmarc has dropped; both lists are in the order of the report."""
    kept, dropped, rest = [], 0, list(their)
    for record in our:
        if rest and key(rest[0]) == key(record):
            kept.append(record)
            rest.pop(0)
        else:
            dropped += 1
    return (kept, dropped) if not rest else (our, 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default="target/debug/ruascope")
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    files = [file for path in arguments.paths for file in ([path] if path.is_file() else sorted(path.rglob("*")))]
    count, reasons, unexplained = collections.Counter(), collections.Counter(), []
    for file in filter(pathlib.Path.is_file, files):
        their, our = theirs(file), ours(arguments.bin, file)
        if not their or not our:
            count["read by neither" if not their and not our else "read only by parsedmarc" if their else "read only by ruascope"] += 1
            if their:
                unexplained.append(f"{file.name}: read only by parsedmarc")
            continue
        if len(our) != 1:
            count["several reports in a file: parsedmarc reads the first"] += 1
            continue
        count["compared"] += 1
        skipped = [f".source.{name}" for name in
                   ("reverse_dns", "country", "base_domain", "name", "type", "asn", "as_name", "as_domain")]
        their, our = their[0], our[0]
        counted = [record for record in their["records"] if record["count"] >= 0]
        reasons["records with a negative count, which is not known"] += len(their["records"]) - len(counted)
        their["records"] = counted
        if len(our["records"]) > len(their["records"]):
            our["records"], dropped = aligned(their["records"], our["records"])
            reasons["records that parsedmarc drops with a warning"] += dropped
        their, our = dict(flat(their)), dict(flat(our))
        for path in sorted(their.keys() | our.keys()):
            if any(path.endswith(name) for name in skipped):
                continue
            count["fields"] += 1
            one, other = their.get(path, "-absent-"), our.get(path, "-absent-")
            if one != other or type(one) is not type(other):
                why = reason(path, one, other)
                if why:
                    reasons[why] += 1
                else:
                    unexplained.append(f"{file.name} {path}: parsedmarc {one!r}, ruascope {other!r}")
    for name, number in [*count.items(), *(("differs: " + why, number) for why, number in reasons.items())]:
        print(f"{number:7} {name}")
    print(f"{len(unexplained):7} not explained")
    print("\n".join(unexplained[:200]))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
