# `just` lists what can be done. `just ci` does everything that the build server does, and more.

default:
    @just --list

# --- dev ---

# The quick checks: what the commit hook runs.
[group('dev')]
quick:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test --lib --quiet

# The main job on the example input.
[group('dev')]
run *ARGS:
    cargo run --release -- run fixtures {{ARGS}}

# Enable the commit hook.
[group('dev')]
hooks:
    git config core.hooksPath .githooks

# --- check ---

[group('check')]
check:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings

# Documentation, with the private parts, without a broken link.
[group('check')]
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Licences, advisories and sources of all crates (needs cargo-deny).
[group('check')]
deny:
    cargo deny --locked check

# The oldest compiler that Cargo.toml promises.
[group('check')]
msrv:
    cargo +"$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"rust_version":"\([^"]*\)".*/\1/p')" check --locked --all-targets

# --- test ---

# What the build server runs.
[group('test')]
all:
    tests/all

[group('test')]
test *ARGS:
    cargo test --locked {{ARGS}}

# Time and memory of ingest beside the leanest possible program (see docs/benchmarks.md).
[group('test')]
bench *ARGS:
    benches/run.sh {{ARGS}}

# Time of every store question over N records.
[group('test')]
bench-questions RECORDS="1000000":
    cargo bench --bench questions -- --records {{RECORDS}}

# --- gen ---

# Write fixtures/ again; the same bytes come out.
[group('gen')]
fixtures:
    cargo run --release --example make-fixtures -- fixtures

# Write reports/examples/ again from fixtures/, into a store that is thrown away.
[group('gen')]
reports:
    rm -rf target/reports-store && mkdir -p target/reports-store
    RUASCOPE_STORE=target/reports-store/ruascope.db cargo run --release -- run fixtures --out reports/examples --offline --now 2026-11-01T06:00:00Z > target/summary.txt
    mv target/summary.txt reports/examples/summary.txt
    rm -f reports/examples/*.png

# Write tests/integration/check/expected/ again; then look at the difference.
[group('gen')]
check-expected:
    RUASCOPE_WRITE_CHECK=1 cargo test --test integration check::zones

# Write the blocks of docs/panel.md and docs/panel.ja.md again: what the program prints.
[group('gen')]
panel:
    RUASCOPE_WRITE_PANEL=1 cargo test --test integration panel::the_walk_is_what_the_program_prints || true
    cargo test --test integration panel::

# Write the table in docs/check.md again: what ruascope finds today beside what checkdmarc said when it was recorded.
[group('gen')]
compare:
    RUASCOPE_WRITE_COMPARE=1 cargo test --test integration compare:: || true
    cargo test --test integration compare::

# `export --as parsedmarc` beside parsedmarc's own output, field by field (installs it from PyPI).
[group('test')]
compare-parsedmarc *PATHS='fixtures/quirk':
    test -x target/parsedmarc/bin/python || (python3 -m venv target/parsedmarc && target/parsedmarc/bin/pip install --quiet parsedmarc)
    target/parsedmarc/bin/python tests/compare/parsedmarc_shape.py {{PATHS}}

# Ask the newest checkdmarc (from PyPI) again.
[group('gen')]
compare-record:
    python3 -m venv target/checkdmarc && target/checkdmarc/bin/pip install --quiet --upgrade checkdmarc
    target/checkdmarc/bin/python tests/compare/compare.py

# Fails when fixtures/ or reports/ are not what the program writes.
[group('gen')]
gen-check: fixtures reports
    git diff --exit-code -- fixtures reports

# --- release ---

# A small and fast binary in target/dist.
[group('release')]
dist:
    cargo build --locked --profile dist

# Everything that must be true before a version goes out.
[group('release')]
release-check: ci
    git diff --exit-code

# Everything.
[group('release')]
ci: check docs deny all gen-check
