#!/bin/sh
# Build the sdist and the wheel of HEAD into dist/, and check them: `make dist`.
# They are built from what is committed, twice, and must be the same bytes. The wheel that the sdist
# gives must be the same, too. Then it is installed into a clean environment and tried.
set -eu
cd "$(dirname "$0")/.."

python=$PWD/.venv/bin/python
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export_head() { # folder
    mkdir -p "$1"
    git archive HEAD | tar -x -C "$1"
}

build() { # source, kind of file, folder for it
    (cd "$1" && "$python" -m hatchling build --target "$2" --directory "$3" >/dev/null 2>&1)
}

same() { # a file, and what must be the same
    cmp "$1" "$2" || { echo "Two builds differ: $1 $2" >&2; exit 1; }
}

for turn in 1 2; do
    export_head "$work/source$turn"
    build "$work/source$turn" sdist "$work/dist$turn"
    build "$work/source$turn" wheel "$work/dist$turn"
done
sdist=$(basename "$work"/dist1/*.tar.gz) wheel=$(basename "$work"/dist1/*.whl)
same "$work/dist1/$sdist" "$work/dist2/$sdist"
same "$work/dist1/$wheel" "$work/dist2/$wheel"
mkdir "$work/unpacked"
tar -x -f "$work/dist1/$sdist" -C "$work/unpacked" --strip-components=1
build "$work/unpacked" wheel "$work/dist3"
same "$work/dist1/$wheel" "$work/dist3/$wheel"

echo 'Trying the wheel in a clean environment …'
"$python" -m venv "$work/venv"
pip="$work/venv/bin/pip --quiet --disable-pip-version-check"
$pip install --no-deps --require-hashes -r deploy/requirements.lock
$pip install --no-deps "$work/dist1/$wheel"
$pip check >/dev/null
(
    cd "$work"
    nights=$work/source1/fixtures/demo
    venv/bin/sordiff --version
    venv/bin/sordiff ingest "$nights"/*.zip >/dev/null
    test "$(venv/bin/sordiff events | wc -l)" -gt 40
    venv/bin/sordiff schemas export schemas
    test -f venv/share/man/man1/sordiff-run.1
)

mkdir -p dist
rm -f dist/sordiff-*
cp "$work/dist1/$sdist" "$work/dist1/$wheel" dist/
(cd dist && sha256sum "$sdist" "$wheel" | tee SHA256SUMS)
