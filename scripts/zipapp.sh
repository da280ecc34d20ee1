#!/bin/sh
# Pack the wheel in dist/ and all that it needs into one file, dist/sordiff.pyz: `make zipapp`.
# It is for the system and the version of Python on which it is made, since some parts are compiled;
# at its first call it unpacks itself into ~/.shiv, or where SHIV_ROOT says.
set -eu
cd "$(dirname "$0")/.."

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
packages=$(mktemp -d)
SHIV_ROOT=$(mktemp -d)
export SHIV_ROOT
trap 'rm -rf "$packages" "$SHIV_ROOT"' EXIT
install=".venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile --target $packages"
$install --require-hashes -r deploy/requirements.lock
$install dist/sordiff-*.whl
# The entry point is that of the wheel.
.venv/bin/shiv --site-packages "$packages" --entry-point sordiff.cli.process:run_process --reproducible --compressed \
    --python '/usr/bin/env python3' --output-file dist/sordiff.pyz --no-modify >/dev/null
dist/sordiff.pyz --version
(cd dist && sha256sum sordiff.pyz >>SHA256SUMS)
