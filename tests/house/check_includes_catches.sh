#!/usr/bin/env bash
# The include check must notice a broken arrow.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{core/image,storage,ml,viewer,app/desktop}
echo '#include "core/image/volume.h"' >"$tree/storage/good.cpp"
"$here/check_includes.sh" "$tree" >/dev/null || { echo "a sound tree was refused"; exit 1; }
expect_refused() { # FILE LINE
    echo "$2" >"$tree/$1"
    if "$here/check_includes.sh" "$tree" >/dev/null; then echo "not noticed: $2 in $1"; exit 1; fi
    rm "$tree/$1"
}
expect_refused core/image/bad.cpp '#include "storage/workspace.h"'
expect_refused viewer/bad.h '#include "app/desktop/theme.h"'
expect_refused app/desktop/bad.cpp '#include "ml/worker_jobs.h"'
expect_refused core/image/bad.h '#include <gdcmReader.h>'
mkdir -p "$tree/ml/internal"
expect_refused ml/internal/bad.h '#include <oneapi/dnnl/dnnl.hpp>'
expect_refused ml/bad.cpp '#include <QString>'
echo "broken arrows are noticed"
