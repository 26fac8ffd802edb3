#!/bin/bash
# Paints in the real window by mouse, kills the program at a random moment, and checks that every edit it had confirmed
# is in the journal, that the case opens again with every voxel of them (journal_mask.py replays them on its own), and that
# undo still works. Needs Xvfb, xdotool, python3 and libzstd.
#   kill_desktop.sh BIN_DIR [ROUNDS]
set -u
bin=$(realpath "${1:?folder of the programs}")
rounds=${2:-20}
folder=$(mktemp -d)
log=$folder/confirmed
workspace=$folder/workspace
desktop=
server=

finish() {
    [ -n "$desktop" ] && kill -KILL "$desktop" 2>/dev/null
    [ -n "$server" ] && kill "$server" 2>/dev/null
    rm -rf "$folder"
}
trap finish EXIT

fail() {
    echo "round $round: $*" >&2
    exit 1
}

makeStudy() {
    python3 - "$1" <<'PY'
import random, struct, sys
size = (96, 96, 40)
header = bytearray(352)
struct.pack_into('<i', header, 0, 348)
struct.pack_into('<8h', header, 40, 3, *size, 1, 1, 1, 1)
struct.pack_into('<2h', header, 70, 4, 16)  # int16
struct.pack_into('<8f', header, 76, 1, 1, 1, 2, 1, 1, 1, 1)
struct.pack_into('<f', header, 108, 352)
struct.pack_into('<2h', header, 252, 0, 1)  # sform
struct.pack_into('<12f', header, 280, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0)
header[344:348] = b'n+1\0'
voxels = (random.randrange(1000) for _ in range(size[0] * size[1] * size[2]))
open(sys.argv[1], 'wb').write(bytes(header) + struct.pack(f'<{size[0] * size[1] * size[2]}h', *voxels))
PY
}

journal() { # the sequences on the disk, one a line
    python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT sequence FROM journal ORDER BY sequence"): print(row[0])' \
        "$workspace/annotomy.db"
}

revisions() {
    python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM revisions").fetchone()[0])' "$workspace/annotomy.db"
}

saved() { # saves in the window: the mask as the restarted program has it
    local before
    before=$(revisions)
    xdotool key --window "$window" ctrl+s
    for _ in $(seq 100); do
        [ "$(revisions)" -gt "$before" ] && return 0
        sleep 0.05
    done
    return 1
}

waitFor() { # PATTERN LINES: until that many lines of the log match
    for _ in $(seq 200); do
        [ "$(grep -c "$1" "$log")" -ge "$2" ] && return 0
        kill -0 "$desktop" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

start() {
    local before
    before=$(grep -c '^opened' "$log")
    "$bin/annotomy" --workspace "$workspace" --log-confirmed >>"$log" 2>>"$folder/errors" &
    desktop=$!
    window=$(timeout 30 xdotool search --sync --onlyvisible --pid "$desktop" --name '^Annotomy$' | head -1)
    [ -n "$window" ] || fail "no window"
    xdotool windowfocus "$window"
    if [ "$before" -eq 0 ]; then
        sleep 1
        xdotool mousemove 150 205 click 1 # the first case of the worklist
    fi
    waitFor '^opened' $((before + 1)) || fail "the case did not open"
    xdotool key --window "$window" b
}

paint() { # strokes at random places of the axial pane, until killed
    while :; do
        xdotool mousemove $((320 + RANDOM % 480)) $((200 + RANDOM % 600)) mousedown 1
        for _ in 1 2 3 4; do
            xdotool mousemove $((320 + RANDOM % 480)) $((200 + RANDOM % 600))
        done
        xdotool mouseup 1
    done
}

# A display of its own, whichever number is free.
exec 3<>"$folder/display" || exit 1
Xvfb -noreset -displayfd 3 -screen 0 1600x1000x24 2>/dev/null &
server=$!
for _ in $(seq 100); do
    [ -s "$folder/display" ] && break
    sleep 0.05
done
export DISPLAY=:$(tr -d '\n' <"$folder/display")
export XDG_CONFIG_HOME=$folder/config LIBGL_ALWAYS_SOFTWARE=1
round=0
: >"$log"
makeStudy "$folder/noise.nii" || fail "no study"
"$bin/annotomy-cli" --workspace "$workspace" import "$folder/noise.nii" >/dev/null 2>&1 || fail "the import failed"

total=0
for round in $(seq "$rounds"); do
    start
    paint &
    painter=$!
    sleep "$((RANDOM % 3)).$((RANDOM % 900 + 100))"
    kill -KILL "$desktop"
    wait "$desktop" 2>/dev/null
    kill "$painter"
    wait "$painter" 2>/dev/null
    xdotool mouseup 1
    confirmed=$(grep '^confirmed' "$log" | awk '{print $3}' | sort -n)
    lost=$(comm -23 <(echo "$confirmed" | sort) <(journal | sort) | tr -d '\n')
    [ -z "$lost" ] || fail "confirmed edits are missing in the journal: $lost"

    start
    before=$(grep -c '^confirmed' "$log")
    saved || fail "the mask could not be saved after the restart"
    "$bin/annotomy-cli" --workspace "$workspace" export 1 --format nifti --out "$folder/mask.nii" >/dev/null 2>&1 \
        || fail "the mask could not be exported"
    voxels=$(python3 "$(dirname "$0")/journal_mask.py" "$workspace" "$folder/mask.nii") \
        || fail "the mask is not what was confirmed: $voxels"
    if [ "$before" -gt 0 ]; then
        xdotool key --window "$window" ctrl+z
        waitFor '^confirmed' $((before + 1)) || fail "undo after the restart was not confirmed"
    fi
    kill -KILL "$desktop"
    wait "$desktop" 2>/dev/null
    total=$(grep -c '^confirmed' "$log")
    echo "round $round: $total edits confirmed so far, none lost; $voxels"
done
[ "$total" -gt "$rounds" ] || fail "too little was painted to mean anything"
echo "$rounds kills, $total confirmed edits, none lost"
