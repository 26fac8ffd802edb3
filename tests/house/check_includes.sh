#!/usr/bin/env bash
# The arrows of docs/architecture.md: core <- storage, ml, viewer <- app. Usage: check_includes.sh SOURCE_DIR
set -u
cd "${1:?usage: check_includes.sh SOURCE_DIR}" || exit 2
failures=0

# forbid WHAT PATTERN FILES...: no line of the files may match.
forbid() {
    local what=$1 pattern=$2 found
    shift 2
    [ $# -gt 0 ] || return 0
    found=$(grep -nE "$pattern" "$@" /dev/null)
    if [ -n "$found" ]; then
        printf '%s:\n%s\n' "$what" "$found"
        failures=$((failures + 1))
    fi
}

headers() { find "$@" -name '*.h' 2>/dev/null; }
sources() { find "$@" \( -name '*.h' -o -name '*.cpp' \) 2>/dev/null; }

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]'
# shellcheck disable=SC2046
{
    forbid "core knows only itself" "$include(storage|ml|viewer|app)/" $(sources core)
    forbid "storage knows core alone" "$include(ml|viewer|app)/" $(sources storage)
    forbid "ml knows core alone" "$include(storage|viewer|app)/" $(sources ml)
    forbid "viewer knows core alone" "$include(storage|ml|app)/" $(sources viewer)
    forbid "only app/worker knows ml" "$include(ml)/" $(sources app/workbench app/desktop app/cli app/reader)
    forbid "no Qt in core and ml" "${include}Q[A-Z]" $(sources core ml)
    forbid "no Qt Gui or Widgets in storage" "${include}Q(Widget|Painter|Image|Pixmap|Application|GuiApplication|Window)" $(sources storage)
    forbid "VTK lives in viewer" "${include}vtk" $(sources core storage ml app)
    forbid "Torch lives in ml" "$include(torch|ATen|c10|caffe2)/" $(sources core storage viewer app)
    forbid "Torch stays out of ml's public headers" "$include(torch|ATen|c10|caffe2)/" $(find ml -maxdepth 1 -name '*.h')
    forbid "oneDNN lives in ml's sources" "${include}(oneapi/|dnnl)" $(sources core storage viewer app) $(headers ml)
    forbid "GDCM, OpenCV, DCMTK, TBB, zstd and JSON stay out of headers" \
        "$include(gdcm|opencv2/|dcmtk/|tbb/|zstd|nlohmann/json\.hpp|nifti|openjpeg|zip\.h)" $(headers core storage viewer app)
    forbid "SQL lives in storage" "${include}QSql" $(sources core ml viewer app)
    forbid "no umbrella headers" "${include}(QtWidgets|QtGui|QtCore|opencv2/opencv.hpp|torch/torch.h)[>\"]" $(sources core storage viewer app)
}
[ "$failures" -eq 0 ] && echo "all arrows hold"
exit $((failures > 0))
