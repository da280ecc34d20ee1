#!/bin/sh
# Release the version of pyproject.toml: `make release`. Everything is checked before it is tagged:
# the tree is clean, the changelog has a dated section, and the files build and work. Nothing is
# pushed or uploaded.
set -eu
cd "$(dirname "$0")/.."

refuse() {
    echo "Not released: $1" >&2
    exit 1
}

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
tag=v$version
test -z "$(git status --porcelain)" || refuse 'something is not committed.'
grep -Eq "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}\$" CHANGELOG.md \
    || refuse "CHANGELOG.md has no section \"## [$version] - DATE\"."
! git rev-parse -q --verify "refs/tags/$tag" >/dev/null || refuse "$tag is there already."
grep -q "image: sordiff:$version\$" deploy/kubernetes/cronjob.yaml \
    || refuse 'deploy/kubernetes/cronjob.yaml names another version.'
sh scripts/build.sh
sh scripts/zipapp.sh
make --no-print-directory sbom
git tag -a "$tag" -m "sordiff $version"
echo "Tagged $tag. \`git push origin $tag\` publishes the tag; the files are in dist/."
