#!/usr/bin/env bash
# Times one job beside R survey on the same file: the health survey nhanes, repeated, by race and age (25 cells with
# linearized standard errors and intervals). Prints seconds and the ratio; both answers must agree.
#
#   Benchmarks/throughput.sh [COPIES]      how often the 8,591 people are repeated; default 50
set -euo pipefail
cd "$(dirname "$0")/.."
copies="${1:-50}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/Pipelines/nhanes" "$work/SampleData/nhanes"

cp Pipelines/nhanes.yaml "$work/Pipelines/"
cp Pipelines/nhanes/* "$work/Pipelines/nhanes/"
awk -v copies="$copies" 'NR == 1 { print; next }
  { rest = substr($0, index($0, ",")); for (copy = 0; copy < copies; copy++) print (NR - 1) "-" copy rest }' \
  SampleData/nhanes/nhanes.csv > "$work/SampleData/nhanes/nhanes.csv"
data="$work/SampleData/nhanes/nhanes.csv"
echo "$(($(wc -l < "$data") - 1)) rows, $(stat -c %s "$data") bytes, $(nproc) cores"

seconds() { local start; start=$(date +%s.%N); "$@" > "$work/log" 2>&1; echo "$(date +%s.%N) - $start" | bc; }
median() { sort -n | sed -n '2p'; }

cat "$data" > /dev/null
ours=$(for _ in 1 2 3; do
  seconds .build/release/pipeline run nhanes --pipelines "$work/Pipelines" --output "$work/Output" --quiet
done | median)
lines=$(for _ in 1 2 3; do seconds wc -l "$data"; done | median)
peer=$(seconds Rscript Benchmarks/throughput.R "$data" "$work/Output/estimates.csv")
grep 'largest difference' "$work/log"
printf 'pipeline %8.3f s\nwc -l    %8.3f s   pipeline takes %.0f x\nR survey %8.3f s   pipeline is %.0f x faster\n' \
  "$ours" "$lines" "$(echo "$ours / $lines" | bc -l)" "$peer" "$(echo "$peer / $ours" | bc -l)"
