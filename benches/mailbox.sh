#!/usr/bin/env bash
# Time and memory of fetching a mailbox from Dovecot on this machine, beside parsedmarc.
#
#   benches/mailbox.sh [--mails N] [--rounds N] [--parsedmarc]
#
# GEN_CORPUS  the corpus generator (default: the one in the sample folder beside the checkout)
# RUASCOPE    a program of a release build (default: built now)
# CORPORA     where corpora are kept between runs (default: target/bench-corpora)
#
# Each run gets a mailbox as it was at first and a store of its own. Both programs read over TLS, store, and move the
# reports to another folder; parsedmarc (newest, from PyPI) offline, n_procs 2, all mails in one batch, to files. Peak
# memory is that of the largest process. Figures of two runs can't be compared: machines drift.
set -euo pipefail
cd "$(dirname "$0")/.."

mails=10000
rounds=3
parsedmarc=no
while [ $# -gt 0 ]; do
    case "$1" in
        --mails) mails="$2"; shift 2 ;;
        --rounds) rounds="$2"; shift 2 ;;
        --parsedmarc) parsedmarc=yes; shift ;;
        *) sed -n '2,13p' "$0"; exit 64 ;;
    esac
done

generator="${GEN_CORPUS:-../shared/bin/gen_corpus.py}"
folder="$(realpath -m "${CORPORA:-target/bench-corpora}")"
work="$(mktemp -d)"
chmod 755 "$work"
dovecot=
stop() {
    [ -z "$dovecot" ] || kill "$dovecot" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

corpus="$folder/mail$mails"
if [ ! -d "$corpus/reports" ]; then
    mkdir -p "$folder"
    python3 "$generator" "$corpus" --seed 1 --reports "$mails" --profile mail --median 4 --p99 20 --dup 0 --corrupt 0 >&2
fi
if [ -z "${RUASCOPE:-}" ]; then
    cargo build --release --quiet
    RUASCOPE=target/release/ruascope
fi

# The mailbox as it is at first: hard links, which a move leaves alone.
mkdir -p "$work/first/new" "$work/first/cur" "$work/first/tmp"
number=0
find "$corpus/reports" -type f -name '*.eml' | sort | while read -r mail; do
    number=$((number + 1))
    cp "$mail" "$work/first/new/$number.M.host"
done

# As root, Dovecot runs as nobody: it reads no mail as root.
as_user=()
user="$(id -un)" group="$(id -gn)"
if [ "$(id -u)" = 0 ]; then
    user=nobody group=nogroup
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
mkdir -p "$work/run" "$work/ssl" "$work/mail"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout "$work/ssl/key.pem" -out "$work/ssl/ca.pem" -subj "/CN=localhost" \
    -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE 2>/dev/null
echo 'user:{PLAIN}pass' >"$work/passwd"
port=$((20000 + RANDOM % 20000))
cat >"$work/dovecot.conf" <<CONF
base_dir = $work/run
state_dir = $work/run
log_path = $work/run/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
first_valid_uid = 0
first_valid_gid = 0
mail_uid = $user
mail_gid = $group
mail_home = $work/mail/%u
mail_location = maildir:$work/mail/%u/Maildir
auth_mechanisms = plain login
ssl = required
ssl_cert = <$work/ssl/ca.pem
ssl_key = <$work/ssl/key.pem
passdb {
  driver = passwd-file
  args = $work/passwd
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$work/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $port
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF

# The server anew, with the mailbox as it was at first.
begin() {
    if [ -n "$dovecot" ]; then
        kill "$dovecot"
        wait "$dovecot" 2>/dev/null || true
    fi
    rm -rf "$work/mail/user" "$work/run"
    mkdir -p "$work/mail/user" "$work/run"
    cp -al "$work/first" "$work/mail/user/Maildir"
    [ "${#as_user[@]}" = 0 ] || chown -R "$user:$group" "$work/mail" "$work/run" "$work/ssl" "$work/passwd" "$work/dovecot.conf"
    "${as_user[@]}" dovecot -F -c "$work/dovecot.conf" &
    dovecot=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done
    # Dovecot numbers the mails at the first look: that is not the client's time.
    doveadm -c "$work/dovecot.conf" mailbox status -u user messages INBOX >/dev/null
}

measure() { # NAME COMMAND...
    python3 - "$mails" "$@" <<'PYTHON'
import resource, subprocess, sys, time
mails, name, *command = sys.argv[1:]
start = time.monotonic()
ran = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
seconds = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"| {name} | {seconds:.2f} s | {int(mails) / seconds:,.0f} | {used.ru_utime + used.ru_stime:.2f} s "
      f"| {used.ru_maxrss / 1024:.0f} MiB | {ran.returncode} |", flush=True)
PYTHON
}

# Where the mails lie afterwards.
folders() {
    find "$work/mail/user/Maildir" -path '*/new/*' -o -path '*/cur/*' |
        sed -E "s#^$work/mail/user/Maildir/##; s#(new|cur)/[^/]*\$##; s#^\$#INBOX#; s#/\$##" | sort | uniq -c |
        awk '{ printf "%s%s in %s", (NR > 1 ? ", " : ""), $1, $2 } END { print "" }'
}

cat >"$work/ruascope.toml" <<TOML
[mailbox.main]
host = "localhost"
port = $port
user = "user"
password_command = "echo pass"
ca_file = "$work/ssl/ca.pem"
after = "move:Archive"
TOML

echo "$(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(rustc --version), $(git rev-parse --short HEAD 2>/dev/null || echo "not a checkout"), dovecot $(dovecot --version | cut -d' ' -f1), $mails mails"
echo "| program | time | mails/s | processor time | peak memory | exit |"
echo "|---|---|---|---|---|---|"
run_ruascope() {
    begin
    rm -f "$work"/s.db*
    measure ruascope "$RUASCOPE" --config "$work/ruascope.toml" --store "$work/s.db" fetch -q
}
run_parsedmarc() {
    begin
    rm -rf "$work/out"
    measure parsedmarc "$venv/bin/parsedmarc" -c "$work/parsedmarc.ini"
}
if [ "$parsedmarc" = yes ]; then
    venv="$folder/parsedmarc"
    [ -x "$venv/bin/parsedmarc" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet parsedmarc; }
    cat >"$work/parsedmarc.ini" <<INI
[general]
offline = True
silent = True
log_file = $folder/parsedmarc.log
n_procs = 2
save_aggregate = True
output = $work/out
[mailbox]
watch = False
batch_size = 0
[imap]
host = localhost
port = $port
ssl = True
skip_certificate_verification = True
user = user
password = pass
INI
fi
for round in $(seq "$rounds"); do
    run_ruascope
    if [ "$parsedmarc" = yes ] && [ "$round" = 1 ]; then
        echo "after ruascope: $(folders)" >&2
        run_parsedmarc
        echo "after $("$venv/bin/pip" show parsedmarc 2>/dev/null | sed -n 's/^Version: /parsedmarc /p'): $(folders)" >&2
        # To look into afterwards, with its log: what it did not take for a report.
        rm -rf "$folder/left" && cp -r "$work/mail/user/Maildir" "$folder/left" && rm -rf "$folder/left/.Archive.Aggregate"
    fi
done
echo "in the store: $("$RUASCOPE" --store "$work/s.db" store stats --format json | python3 -c 'import json,sys; s=json.load(sys.stdin); print(s["reports"], "reports,", s["records"], "records")')" >&2
