#!/bin/sh
# Fills tests/fuzz/corpus/<target> from the fixtures and from what earlier runs reached (kept/<target>.zip, made smaller by
# libFuzzer's -merge=1); run it before the fuzzer, from anywhere.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../../fixtures

# seed TARGET FIND-EXPRESSION...: copies what find gives, each file under the hash of its content.
seed() {
    target=$here/corpus/$1
    shift
    mkdir -p "$target"
    find "$fixtures" -type f -size -64k "$@" -print | while IFS= read -r file; do
        cp -- "$file" "$target/$(sha1sum <"$file" | cut -c1-16)"
    done
    set -- "$target"/*
    [ -e "$1" ] || { echo "no seeds in $target" >&2; exit 1; }
    echo "$# seeds in $target"
}

seed aggregate -name '*.xml'
seed archive '(' -iname '*.gz' -o -iname '*.zip' ')'
seed mail '(' -name '*.eml' -o -name '*.mbox' ')'
seed open -not -name '*.rs' -not -name '*.md' -not -name '*.json' -not -path '*/fixtures/keys/*'
seed dmarc -path '*/dns/dmarc/*.txt'
seed spf -path '*/dns/spf/*.txt'
seed pem -path '*/fixtures/keys/*' -not -name '*.sh'
seed spf_tree -path '*/dns/spf_tree/*.txt'
seed dkim_key -path '*/dns/dkim_key/*.txt'

# What earlier runs reached.
for kept in "$here"/kept/*.zip; do
    python3 -m zipfile -e "$kept" "$here/corpus/$(basename "$kept" .zip)/"
done

# Crashes that were fixed are good seeds too.
for target in aggregate archive dkim_key dmarc mail open pem spf spf_tree; do
    find "$here/../robustness/crash/$target" -type f -exec cp -- {} "$here/corpus/$target/" ';' 2>/dev/null || true
done
