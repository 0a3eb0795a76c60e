#!/bin/sh
# Pins what is installed and tested: newest versions the ranges in pyproject.toml allow, with the hashes of every
# platform's files. Needs uv on the PATH; versions already pinned stay unless --upgrade is given.
set -eu
cd "$(dirname "$0")/.."
pin() {
    output=$1
    shift
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-emit-index-url --no-emit-find-links --custom-compile-command packaging/pin.sh --quiet \
        --output-file "$output" "$@"
}
pin packaging/requirements.txt --group build "$@"
pin packaging/requirements-dev.txt --group build --group test --group lint "$@"
pin packaging/requirements-dist.txt --group build --group dist "$@"
