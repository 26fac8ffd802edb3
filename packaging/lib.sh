# Shared by packaging/run and packaging/test; sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf 'annotomy: %s\n' "$*" >&2; }

# missing_packages SET...: those of packages.txt that are not installed.
missing_packages() {
    local wanted set name
    wanted=" $* "
    while read -r set name _; do
        case $set in '' | '#'*) continue ;; esac
        case $wanted in *" $set "*) ;; *) continue ;; esac
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$' || printf '%s\n' "$name"
    done <"$root/packaging/packages.txt"
}

# ensure_packages SET...: installs what is missing, saying so; does nothing when nothing is.
ensure_packages() {
    local missing as_root=()
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    if ! command -v apt-get >/dev/null; then
        say "this machine has no apt-get; please install: $missing"
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "run this as root, or install sudo first; needed are: $missing"
            exit 1
        fi
        as_root=(sudo)
    fi
    say "installing from Debian: $missing"
    "${as_root[@]}" apt-get update -qq
    # shellcheck disable=SC2086 # the list is split on purpose
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

# build PRESET [TARGET...]: configures once and builds.
build() {
    local preset=$1
    shift
    cd "$root"
    if [ ! -f "build/$preset/build.ninja" ]; then
        say "configuring build/$preset"
        mkdir -p build
        cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 || { cat "build/configure-$preset.log" >&2; exit 1; }
    fi
    say "building build/$preset"
    cmake --build "build/$preset" ${@:+--target "$@"} >&2
}
