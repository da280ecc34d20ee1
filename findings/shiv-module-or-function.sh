#!/bin/sh
# Software:  shiv 1.0.8
# Behaviour: The console script `tool.cli:main` names the function `main` of the package `tool.cli`. Where
#            `tool.cli` also has a module `main`, shiv imports that module and calls it: TypeError, "'module'
#            object is not callable". pip starts the function.
# Seen:      2026-11-28
# Why:       A package that takes its function from a module of the same name works as a wheel, and not as a
#            zipapp. scripts/zipapp.sh names the function by its module.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check shiv==1.0.8 setuptools==84.2.1
mkdir -p project/tool/cli
cat >project/pyproject.toml <<'END'
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "tool"
version = "1"
[project.scripts]
tool = "tool.cli:main"
[tool.setuptools]
packages = ["tool", "tool.cli"]
END
touch project/tool/__init__.py
echo 'from tool.cli.main import main' >project/tool/cli/__init__.py
printf 'def main():\n    print("it works")\n' >project/tool/cli/main.py

venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation ./project
echo "the script that pip makes: $(venv/bin/tool)"
test "$(venv/bin/tool)" = 'it works'

for how in '--console-script tool' '--entry-point tool.cli.main:main'; do
    # shellcheck disable=SC2086  # an option and its value
    venv/bin/shiv $how --output-file tool.pyz --no-build-isolation ./project >/dev/null 2>&1
    said=$(SHIV_ROOT=$folder/root venv/bin/python tool.pyz 2>&1 | tail -n 1) || true
    echo "shiv $how: $said"
    case $how in
    --console*) test "$said" = "TypeError: 'module' object is not callable" ;;
    *) test "$said" = 'it works' ;;
    esac
done
