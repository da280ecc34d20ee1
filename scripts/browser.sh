#!/bin/sh
# Make sure that there is a Chromium for the tests of the page. Installs Debian's where this may be
# done without asking (as root, or with a sudo that asks no password); else says so and goes on.
# With CI=true a missing browser is a failure, since the tests of the page are then demanded.
set -eu

found() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

found && exit 0
if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
    echo 'Installing Chromium for the tests of the page …'
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq >/dev/null || true
    as_root apt-get install -y -qq --no-install-recommends chromium fonts-inter >/dev/null || true
fi
found && exit 0
echo '*** No Chromium here: THE TESTS OF THE PAGE WILL BE SKIPPED. Install one, or set CHROMIUM. ***' >&2
[ "${CI:-}" != true ]
