#!/bin/sh
# Runs every target for so many seconds, one after another: `fuzz/run.sh SECONDS [TARGET…]`. Prints executions and
# failures of each. Fails if any target did. FUZZ_TARGET_DIR may name another folder to build in.
set -u
seconds=${1:?"usage: fuzz/run.sh SECONDS [TARGET…]"}
shift
cd "$(dirname "$0")/.." || exit 1
build_in=${FUZZ_TARGET_DIR:-fuzz/target}
targets=${*:-$(cargo +nightly fuzz list)}
cargo +nightly fuzz build --target-dir "$build_in" || exit 1
failed=0
printf '%-18s %12s %10s %9s\n' target executions per_second failures
for target in $targets; do
    found=fuzz/found/$target
    artifacts=fuzz/artifacts/$target
    mkdir -p "$found" "$artifacts"
    log=$(mktemp)
    before=$(find "$artifacts" -type f | wc -l)
    cargo +nightly fuzz run --target-dir "$build_in" "$target" "$found" "fuzz/corpus/$target" -- \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=6144 -malloc_limit_mb=4096 -max_len=65536 \
        -print_final_stats=1 >"$log" 2>&1
    status=$?
    failures=$(($(find "$artifacts" -type f | wc -l) - before))
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log" | tail -1)
    printf '%-18s %12s %10s %9s\n' "$target" "${executions:--}" "${rate:--}" "$failures"
    if [ "$status" -ne 0 ]; then
        failed=1
        tail -40 "$log"
    fi
    rm -f "$log"
done
exit "$failed"
