#!/usr/bin/env bash
# The check of type names must notice one name in two headers, and let declarations and nested types be.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/core/{edit,io}
printf 'struct VoxelRun {\n};\nclass Volume;\nclass Outer : public Base {\n    struct Part {\n    };\n};\n' >"$tree/core/edit/a.h"
printf 'class Volume;\nclass Other {\n    struct Part {\n    };\n};\n' >"$tree/core/io/b.h"
"$here/check_type_names.sh" "$tree" >/dev/null || { echo "a sound tree was refused"; exit 1; }
for line in 'struct VoxelRun {' 'class Outer : public Another {' 'struct Outer'; do
    echo "$line" >"$tree/core/io/c.h"
    if "$here/check_type_names.sh" "$tree" >/dev/null; then echo "not noticed: $line"; exit 1; fi
done
echo "equal names are noticed"
