#!/usr/bin/env bash
# Tries the README's commands on a fresh Debian that has nothing but Python, make and git: in a new debootstrap root,
# from a new clone of the last commit. `packaging/try_clean_root.sh [refuse|install|run|test|person]…`; all but install
# when not told.
#
# Needs root and: debootstrap git xvfb xdotool imagemagick. A root is kept only for one trial.
#   SUITE=trixie         another release than Debian 12
#   TESTS="tests/unit"   only some of the tests
#   CARRY="/a /b"        host files the package clients need inside, bound read-only at the same place
# The host's PIP_* and certificate variables are passed on, with the files that those name. As in a container, nothing
# can be mounted inside while tests run. Pictures and logs go to build/clean_root/RELEASE.
set -euo pipefail

if [ -z "${WHOWAS_TRIAL:-}" ]; then
    exec env WHOWAS_TRIAL=1 unshare --mount --propagation private "$(realpath "$0")" "$@"
fi

here=$(realpath "$(dirname "$0")/..")
results=$here/build/clean_root/${SUITE:-bookworm}
root=$(mktemp -d)
chmod 755 "$root"
server=
steps=("$@")
[ $# -gt 0 ] || steps=(refuse run test person)
contained=(setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin)

finish() {
    [ -z "$server" ] || kill "$server"
    # Innermost first; what is bound from the host must be gone before anything is deleted.
    awk -v root="$root/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount
    rm -rf --one-file-system "$root"
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }

inside() {
    local passed
    mapfile -t passed < <(
        env | grep -E '^(PIP_|SSL_|REQUESTS_|CURL_CA|HYPOTHESIS_|[a-z]+_proxy=)' | while IFS='=' read -r name value; do
            [ ! -f "$value" ] || value=/home/carried/${value##*/}
            echo "$name=$value"
        done
    )
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "${passed[@]}" "$@"
}

prepare() {
    say "A new root of Debian ${SUITE:-bookworm}"
    debootstrap --variant=minbase --include=python3,make,git "${SUITE:-bookworm}" "$root" >"$results/debootstrap.log"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    # Not at their own places, which belong to packages that are still to be installed.
    mkdir -p "$root/home/carried"
    for path in "${PIP_CERT:-}" "${PIP_CONFIG_FILE:-}" "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}"; do
        [ ! -f "$path" ] || cp --dereference "$path" "$root/home/carried/"
    done
    for path in ${CARRY:-}; do
        if [ -d "$path" ]; then mkdir -p "$root$path"; else mkdir -p "$root${path%/*}" && touch "$root$path"; fi
        mount --bind "$path" "$root$path"
        mount -o remount,bind,ro "$root$path"
    done
    git clone --quiet --no-hardlinks "$here" "$root/home/whowas"
    [ ! -d "$here/../shared/data" ] || { mkdir -p "$root/home/shared" && cp -r "$here/../shared/data" "$root/home/shared/"; }
}

try_refuse() {
    say "No display: one sentence, exit 2"
    refused make -C /home/whowas run
    say "Not root: the line that mends it, exit 2"
    refused setpriv --reuid=1000 --regid=1000 --clear-groups make -C /home/whowas test
}

refused() {
    local code=0
    inside "$@" 2>&1 | tee "$results/refused.log" || code=$?
    grep -q 'Error 2' "$results/refused.log" && [ "$code" = 2 ] || { echo "exit code $code instead of 2" >&2; exit 1; }
}

try_install() {
    say "make install"
    time inside make -C /home/whowas install
}

try_run() {
    say "make run: a window on the sample directory"
    local display window
    exec 3<> <(:)
    Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp >/dev/null 2>&1 &
    server=$!
    read -r display <&3
    (cd "$root" && time inside DISPLAY=":$display" timeout 900 make -C /home/whowas run) &
    local program=$!
    window=$(DISPLAY=":$display" timeout 900 xdotool search --sync --onlyvisible --name sample | head -n 1)
    sleep 3
    DISPLAY=":$display" import -window root "$results/run.png"
    echo "The window $window shows; see ${results#"$here"/}/run.png"
    DISPLAY=":$display" xdotool windowfocus "$window" key ctrl+q
    wait "$program"
}

try_test() {
    say "make test"
    time inside "${contained[@]}" make -C /home/whowas test TESTS="${TESTS:-}"
    say "Servers were installed for the tests, and none was made, started or is left running"
    compgen -G "$root/usr/lib/postgresql/*/bin/postgres" >/dev/null
    [ -x "$root/usr/sbin/pgbouncer" ]
    if compgen -G "$root/etc/postgresql/*/*" || compgen -G "$root/etc/rc?.d/S*pgbouncer"; then exit 1; fi
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root" || true)" = "$root" ]; then tr '\0' ' ' <"$process/cmdline"; exit 1; fi
    done
}

try_person() {
    say "make test, not as root"
    # A server asks who it is run by.
    inside useradd --uid 1000 --home-dir /home person
    chroot "$root" chown -R 1000:1000 /home
    time inside HOME=/home "${contained[@]}" --reuid=1000 --regid=1000 --clear-groups \
        make -C /home/whowas test TESTS="${TESTS:-}"
}

mkdir -p "$results"
prepare
for step in "${steps[@]}"; do "try_$step"; done
say "All tried: ${steps[*]}"
