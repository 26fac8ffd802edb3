#!/usr/bin/env bash
# No two headers define a type of the same name: the linker would take one's functions for the other's.
# usage: check_type_names.sh SOURCE_TREE
set -euo pipefail
cd "$1"
types=$(mktemp)
trap 'rm -f "$types"' EXIT
grep -rHoE --include='*.h' '^(struct|class|enum class) [A-Za-z0-9_]+( final)?( *:[^:;][^;]*| *\{.*)?$' app core ml storage tests viewer 2>/dev/null |
    sed -E 's/^([^:]+):(struct|class|enum class) ([A-Za-z0-9_]+).*/\3 \1/' | sort -u >"$types" || true
twice=$(cut -d' ' -f1 "$types" | sort | uniq -d)
for name in $twice; do
    grep "^$name " "$types" | sed "s/^$name /type $name is defined in /"
done
[ -z "$twice" ]
