#!/usr/bin/env bash
# Time and memory of ingest beside the leanest possible program, on corpora of reports.
#
#   benches/run.sh [--rounds N] [--corpora "gz2000 eml2000 small5k mix20k large1"] [--parsedmarc]
#
# GEN_CORPUS  the corpus generator (default: the one in the sample folder beside the checkout)
# CORPORA     where corpora are kept between runs (default: target/bench-corpora)
#
# Both programs take turns (A B A B …), each in a process and a store of its own. The medians are printed, and the
# ratio of the medians. Figures of two runs can't be compared: machines drift.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5
corpora="gz2000 eml2000 small5k mix20k large1"
parsedmarc=no
while [ $# -gt 0 ]; do
    case "$1" in
        --rounds) rounds="$2"; shift 2 ;;
        --corpora) corpora="$2"; shift 2 ;;
        --parsedmarc) parsedmarc=yes; shift ;;
        *) sed -n '2,10p' "$0"; exit 64 ;;
    esac
done

generator="${GEN_CORPUS:-../shared/bin/gen_corpus.py}"
folder="${CORPORA:-target/bench-corpora}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

make_corpus() { # NAME
    local out="$folder/$1"
    [ -d "$out/reports" ] && return
    if [ ! -f "$generator" ]; then
        echo "error: no corpus generator at $generator; name one in GEN_CORPUS" >&2
        exit 69
    fi
    mkdir -p "$folder"
    local options
    case "$1" in
        gz2000)  options="--reports 2000 --container gz" ;;
        eml2000) options="--reports 2000 --profile mail --container gz" ;;
        small5k) options="--reports 5000 --container gz --median 4 --p99 20 --dup 0 --corrupt 0" ;;
        mix20k)  options="--reports 20000" ;;
        large1)  options="--profile large --reports 1 --records 100000 --container gz --dup 0 --corrupt 0" ;;
        *) echo "error: no corpus is called $1" >&2; exit 64 ;;
    esac
    # shellcheck disable=SC2086 # words on purpose
    python3 "$generator" "$out" --seed 1 $options >&2
}

built="$(cargo bench --no-run --bench limit --bench ingest --message-format json-render-diagnostics 2>"$work/build.log")" \
    || { cat "$work/build.log" >&2; exit 70; }
program() { printf '%s\n' "$built" | grep -o "\"executable\":\"[^\"]*/$1-[0-9a-f]*\"" | tail -1 | cut -d'"' -f4; }
limit="$(program limit)"
ingest="$(program ingest)"

echo "$(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(rustc --version), $(git rev-parse --short HEAD 2>/dev/null || echo "not a checkout")"
for corpus in $corpora; do
    make_corpus "$corpus"
    # Once unmeasured, so that the files lie in the page cache.
    "$limit" "$folder/$corpus/reports" "$work/store.db" >/dev/null
    for _ in $(seq "$rounds"); do
        "$limit" "$folder/$corpus/reports" "$work/limit.db" | sed "s/\treports\t/\t$corpus\t/" >>"$work/lines.tsv"
        "$ingest" "$folder/$corpus/reports" "$work/ingest.db" | sed "s/\treports\t/\t$corpus\t/" >>"$work/lines.tsv"
    done
done

python3 - "$work/lines.tsv" <<'PYTHON'
import statistics, sys
runs = {}
for line in open(sys.argv[1]):
    program, corpus, *numbers = line.rstrip("\n").split("\t")
    runs.setdefault(corpus, {}).setdefault(program, []).append([float(number) for number in numbers])
median = lambda lines, field: statistics.median(line[field] for line in lines)
print("| corpus | reports | records | limit | ingest | ratio | ratio of processor time | records/s | peak memory | store, bytes a record |")
print("|---|---|---|---|---|---|---|---|---|---|")
for corpus, of in runs.items():
    limit, ingest = of["limit"], of["ingest"]
    _, reports, records, _, size, _ = ingest[0]
    wall = median(ingest, 0)
    print(f"| {corpus} | {reports:,.0f} | {records:,.0f} | {median(limit, 0):.2f} s | {wall:.2f} s | {wall / median(limit, 0):.1f} "
          f"| {median(ingest, 5) / max(median(limit, 5), 1):.1f} | {records / wall:,.0f} | {max(line[3] for line in ingest) / 1024:.0f} MiB "
          f"| {size / max(records, 1):.0f} |")
PYTHON

if [ "$parsedmarc" = yes ]; then
    venv="$folder/parsedmarc"
    [ -x "$venv/bin/parsedmarc" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet parsedmarc; }
    echo
    echo "$("$venv/bin/pip" show parsedmarc 2>/dev/null | sed -n 's/^Version: /parsedmarc /p'), offline, n_procs 2, one run each"
    for corpus in $corpora; do
        mkdir -p "$work/out-$corpus"
        printf '[general]\noffline = True\nsilent = True\nn_procs = 2\noutput = %s\n' "$work/out-$corpus" >"$work/parsedmarc.ini"
        python3 - "$venv/bin/parsedmarc" "$work/parsedmarc.ini" "$folder/$corpus/reports" "$corpus" <<'PYTHON'
import pathlib, resource, subprocess, sys, time
program, settings, folder, corpus = sys.argv[1:]
files = sorted(str(path) for path in pathlib.Path(folder).rglob("*") if path.is_file())
start = time.monotonic()
subprocess.run([program, "-c", settings, *files], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{corpus}: {seconds:.1f} s, processor time {used.ru_utime + used.ru_stime:.1f} s, "
      f"peak memory of its largest process {used.ru_maxrss / 1024:.0f} MiB")
PYTHON
    done
fi
