#!/usr/bin/env bash
# The desktop, the command line and the reader map neither LibTorch, nor Qt 5, nor poppler. Usage: check_links.sh PROGRAM...
set -u
failures=0
for program in "$@"; do
    libraries=$(ldd "$program") || { echo "ldd failed on $program"; exit 1; }
    if printf '%s\n' "$libraries" | grep -E 'not found'; then failures=1; fi
    if printf '%s\n' "$libraries" | grep -E 'libtorch|libc10|libQt5|libpoppler|libmpi|libgdal'; then
        echo "$program maps a library that it must not"
        failures=1
    fi
done
[ "$failures" -eq 0 ] && echo "no forbidden library"
exit $failures
