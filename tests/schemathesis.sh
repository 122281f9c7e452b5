#!/usr/bin/env bash
# Asks every route of a server of its own what the OpenAPI document allows, and what it does not, some ten thousand times: no
# answer may be a server's error, or one that the document does not tell of. The second half names things that are there. Takes schemathesis from PyPI, so it is no
# part of tests/run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'TEXT'
Usage: tests/schemathesis.sh [--server FILE] [--examples N] [ARGUMENT]…

  --server FILE   a hypogeum that is built; without it one is
  --examples N    most requests that are made up for each route, in each half; without it 75
  ARGUMENT        all others are those of `schemathesis run`

A schemathesis on the PATH is used; without one it is installed into target/schemathesis.
TEXT
}

server=
examples=75
while [ $# -gt 0 ]; do
    case "$1" in
        --server) server=$2; shift 2 ;;
        --examples) examples=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) break ;;
    esac
done

if [ -z "$server" ]; then
    cargo build --locked --quiet --bin hypogeum
    server=${CARGO_TARGET_DIR:-target}/debug/hypogeum
fi
schemathesis=$(command -v schemathesis || true)
if [ -z "$schemathesis" ]; then
    schemathesis=target/schemathesis/bin/schemathesis
    if [ ! -x "$schemathesis" ]; then
        python3 -m venv target/schemathesis
        target/schemathesis/bin/pip install --quiet 'schemathesis==4.*'
    fi
fi

folder=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT
# A port that nobody has now.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$folder/server.toml" <<TOML
[server]
data_dir = "$folder/data"
assets_dir = "$PWD/assets"
[udp]
listen = "127.0.0.1:0"
[http]
listen = "127.0.0.1:$port"
[auth]
guests = "loopback"
[log]
filter = "warn"
TOML
"$server" serve --config "$folder/server.toml" >/dev/null 2>"$folder/log" &
pid=$!
url=http://127.0.0.1:$port
until curl --silent --fail --output /dev/null "$url/readyz"; do
    if ! kill -0 "$pid" 2>/dev/null; then
        cat "$folder/log" >&2
        exit 1
    fi
    sleep 0.1
done
json='content-type: application/json'
token=$(curl --silent --fail "$url/v1/guests" -H "$json" -d '{"name": "Explorer"}' |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
# Something for routes to find: their numbers are 1.
for creature in Cinder Ash; do
    curl --silent --fail --output /dev/null "$url/v1/creatures" -H "$json" -H "authorization: Bearer $token" \
        -d "{\"name\": \"$creature\", \"type\": \"emberfox\"}"
done
curl --silent --fail --output /dev/null "$url/v1/games" -H "$json" -H "authorization: Bearer $token" \
    -d '{"creature_ids": [1], "size": 8, "opponents": "novice"}'

checks=not_a_server_error,status_code_conformance,content_type_conformance
checks=$checks,response_schema_conformance,response_headers_conformance
cat >"$folder/any.toml" </dev/null
cat >"$folder/known.toml" <<'TOML'
[parameters]
"path.id" = [1, 2, 3]
"path.key" = ["duels", "weekly_cups", "duel_ratings"]
TOML
for numbers in any known; do
    "$schemathesis" --config-file "$folder/$numbers.toml" run "$url/v1/openapi.json" --checks "$checks" \
        --max-examples "$examples" --header "Authorization: Bearer $token" --generation-database none --warnings off "$@"
done
if grep -E ' ERROR |panicked' "$folder/log" >&2; then
    echo "the server has met an error" >&2
    exit 1
fi
