#!/usr/bin/env bash
# Runs the fuzz targets one after the other on corpora made by code, and says what they found.
#   tests/fuzz/run.sh                    every target for a minute
#   tests/fuzz/run.sh -s 600 nifti nrrd  two of them, ten minutes each; -n: as they are built
# Findings stay in build/fuzz/findings/TARGET, what a run learnt in build/fuzz/corpus/TARGET. Ends with 1 after a finding.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../packaging/lib.sh"

seconds=60
builds=yes
while getopts ns: option; do
    case $option in
    n) builds=no ;;
    s) seconds=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

ensure_packages build fuzz
[ "$builds" = no ] || build fuzz fuzzers
fuzzers=$root/build/fuzz/fuzz
corpus=$root/build/fuzz/corpus
findings=$root/build/fuzz/findings
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
"$fuzzers/make_fuzz_corpus" "$seeds"
[ $# -gt 0 ] || set -- $(ls "$seeds")

# limits TARGET: what one input of it may weigh, in bytes.
limits() {
    case $1 in
    database) echo 131072 ;;
    dicom_*) echo 32768 ;;
    *) echo 8192 ;;
    esac
}

# patience TARGET: seconds that one input may take. CharLS takes seconds for a damaged frame of a few hundred voxels, and a
# file has up to four that are decoded twice.
patience() {
    case $1 in
    dicom_pixels) echo 120 ;;
    *) echo 20 ;;
    esac
}

# dictionary TARGET: the words that its inputs are made of.
dictionary() {
    case $1 in
    dicom_scan | dicom_decode | rtstruct | seg) echo -dict="$here/dictionaries/dicom.dict" ;;
    nrrd | seg_nrrd) echo -dict="$here/dictionaries/nrrd.dict" ;;
    metaimage) echo -dict="$here/dictionaries/metaimage.dict" ;;
    *_messages | datasets) echo -dict="$here/dictionaries/json.dict" ;;
    esac
}

failures=0
export ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=0:${ASAN_OPTIONS:-}
export UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=suppressions=$here/lsan.supp:print_suppressions=0 GLOG_minloglevel=3
for target in "$@"; do
    mkdir -p "$corpus/$target" "$findings/$target"
    log=$findings/$target.log
    status=0
    # shellcheck disable=SC2046 # no dictionary, no word
    "$fuzzers/$target" "$corpus/$target" "$seeds/$target" $(dictionary "$target") -max_total_time="$seconds" \
        -max_len="$(limits "$target")" -timeout="$(patience "$target")" -rss_limit_mb=2048 -malloc_limit_mb=4096 -entropic=0 -use_value_profile=1 \
        -print_final_stats=1 -artifact_prefix="$findings/$target/" >"$log" 2>&1 || status=$?
    printf '%-16s %s, %s executions a second, %s inputs kept\n' "$target" \
        "$(grep -o 'cov: [0-9]* ft: [0-9]*' "$log" | tail -1)" \
        "$(sed -n 's/.*average_exec_per_sec: *//p' "$log")" "$(ls "$corpus/$target" | wc -l)"
    if [ "$status" -ne 0 ]; then
        failures=$((failures + 1))
        grep -m1 -E 'SUMMARY|runtime error|does not hold|deadly signal' "$log" || true
        say "$target: see $log"
    fi
done
exit $((failures > 0))
