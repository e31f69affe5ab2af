#!/usr/bin/env bash
# Takes in an EOIR-shaped release, and beside it the peer, in turn: bench/evidence/run.sh [CASES] [RUNS]
# Needs python3 with duckdb (PYTHON names it). The release is made once under target/bench.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
cases=${1:-1000000} runs=${2:-3}
throughline=${THROUGHLINE:-$root/target/release/throughline}
python=${PYTHON:-python3}
made=$root/target/bench/eoir-$cases
if [ ! -f "$made/release-1.zip" ]; then
  mkdir -p "$made"
  "$throughline" synth eoir --cases "$cases" --seed 7 --out "$made" > /dev/null
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for run in $(seq "$runs"); do
  "$throughline" init "$scratch/w" > /dev/null
  /usr/bin/time -f '{"wall": %e, "user": %U, "system": %S, "peak_kib": %M}' -o "$scratch/time" \
    "$throughline" --workspace "$scratch/w" --format json add "$made/release-1.zip" --as eoir/case-release \
    > "$scratch/receipt.json"
  "$python" - "$scratch/receipt.json" "$scratch/time" <<'P'
import json, sys
receipt, time = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
total = lambda key: sum(f[key] for f in receipt["files"])
print("throughline", json.dumps({**time, "rows_read": total("rows_read"), "kept": total("rows_kept"),
    "refused": total("rows_refused"), "repaired": total("rows_repaired"), "reconciled": receipt["reconciled"]}))
P
  rm -rf "$scratch/w"
  echo "duckdb      $("$python" "$here/peer_duckdb.py" "$made/release-1.zip" "$root/mappings/eoir/case-release.toml" "$scratch/p")"
  rm -rf "$scratch/p"
done
