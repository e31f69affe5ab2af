#!/usr/bin/env bash
# Loads one delimited release three times, and beside it the peer, in turn: bench/add.sh FILE.csv.gz MAPPING
set -euo pipefail
file=$(realpath "$1") mapping=$2
here=$(cd "$(dirname "$0")" && pwd)
throughline=${THROUGHLINE:-$here/../target/release/throughline}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for run in 1 2 3; do
  "$throughline" init "$scratch/w$run" > /dev/null
  /usr/bin/time -f "throughline  %e s wall  %U s user  %M KiB" \
    "$throughline" --workspace "$scratch/w$run" add "$file" --as "$mapping" > /dev/null
  /usr/bin/time -f "pandas       %e s wall  %U s user  %M KiB" \
    python3 "$here/add_pandas.py" "$file" "$scratch/p$run.parquet"
done
