#!/usr/bin/env bash
# Programs of others against ours. `prepare` installs them outside the work tree; `run FOLDER` runs them on what
# `tests/it/interop.rs` has written into FOLDER; `oidc` and `webhook` are peers that a test starts; `spectral` judges an OpenAPI document, `client` plays a story with the client that is
# generated from it, `fuzz` asks the service whatever the document allows; `ready` says by its exit code
# whether they are installed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tools=${DATADEAL_INTEROP:-$HOME/.cache/datadeal-interop}
stamp=$(cat "$here/requirements.txt" "$here/package-lock.json" | sha256sum | cut -c1-16)

need() {
  for program in "$@"; do
    command -v "$program" >/dev/null || { echo "skipped: needs $program"; exit 3; }
  done
}

prepare() {
  need python3 node npm
  [ -e "$tools/$stamp" ] && return
  rm -rf "$tools"
  mkdir -p "$tools/npm"
  python3 -m venv "$tools/venv"
  # aics-tlog asks for Python 3.12 and runs on 3.11
  "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --ignore-requires-python -r "$here/requirements.txt"
  cp "$here/package.json" "$here/package-lock.json" "$tools/npm/"
  (cd "$tools/npm" && npm ci --silent --no-audit --no-fund)
  touch "$tools/$stamp"
}

run() {
  local folder=$1 python="$tools/venv/bin/python"
  export PYTHONDONTWRITEBYTECODE=1
  "$python" "$here/verify.py" --vectors "$here/../vectors"
  "$python" "$here/verify.py" --expected "$folder"
  "$python" "$here/log.py" "$folder"
  # a newer log: nothing new about the deal; a suspension that the bundle does not have; another history
  local newer=0
  for expected in bundle.json:log:0 early.json:log:3 bundle.json:fork:1; do
    IFS=: read -r bundle log code <<<"$expected"
    "$python" "$here/verify.py" "$folder/$bundle" --log-key "$(cat "$folder/log.vkey")" --log "$folder/$log" || newer=$?
    [ "$newer" = "$code" ] || { echo "$expected: exit code $newer"; exit 1; }
    newer=0
  done
  with_packages records.mjs "$folder/bundle.json"
}

# a script finds its packages beside itself
with_packages() {
  local script=$1
  shift
  cp "$here/$script" "$tools/npm/"
  node "$tools/npm/$script" "$@"
}

case ${1:-} in
  prepare) prepare ;;
  ready) need python3 node npm; [ -e "$tools/$stamp" ] || { echo "skipped: needs tests/interop/interop.sh prepare"; exit 3; } ;;
  run) run "$2" ;;
  oidc) with_packages oidc.mjs "$2" ;;
  credentials) with_packages credentials.mjs "$2" "$3" ;;
  webhook) with_packages webhook.mjs ;;
  log) PYTHONDONTWRITEBYTECODE=1 "$tools/venv/bin/python" "$here/http_log.py" "$2" "$3" ;;
  token) with_packages token.mjs "$2" "$3" "$4" "$5" ;;
  client)
    # what is made of the document, the program that uses it, and the program's words
    client=$tools/npm/client
    mkdir -p "$client"
    cp "$here/client.ts" "$client/"
    cd "$client"
    ../node_modules/.bin/openapi-typescript "$2" --output api.d.ts >/dev/null
    ../node_modules/.bin/tsc --strict --noUncheckedIndexedAccess --target es2022 --module nodenext --types node client.ts
    node client.js "${@:3}"
    ;;
  fuzz)
    # a document, a key, how many examples of each operation: no fault of the service, no status and no body that is not promised
    cd "$tools"
    "$tools/venv/bin/st" run "$2" --header "Authorization: Bearer $3" --max-examples "$4" --seed 1 --no-color \
      --phases examples,coverage,fuzzing --workers 1 \
      --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance
    ;;
  shacl) PYTHONDONTWRITEBYTECODE=1 "$tools/venv/bin/python" "$here/shacl.py" "$2" "$3" ;;
  spectral) "$tools/npm/node_modules/.bin/spectral" lint --quiet --fail-severity error --ruleset "$2" "$3" ;;
  *) echo "usage: interop.sh prepare | ready | run FOLDER | oidc REDIRECT | credentials TIME AUDIENCE | webhook | log URL OLD | token KEYS ISSUER AUDIENCE TIME | client DOCUMENT WORDS... | fuzz DOCUMENT KEY EXAMPLES | shacl SHAPES FILE | spectral RULESET DOCUMENT" >&2; exit 2 ;;
esac
