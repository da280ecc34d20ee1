#!/bin/sh
# Software:   typer 0.25.1 with click 8.4.2 and with click 8.5.0
# Behaviour:  With click 8.5.0 the help text of an argument is missing from --help. Nothing fails or warns.
#             typer sets the text before it calls click's constructor; from 8.5.0 on that constructor has a parameter
#             of the same name, and sets it to None.
# Seen:       2026-11-28
# Why:        typer 0.25.1 accepts any later click, so a new click removes help texts from a program that did not change.
#             sordiff keeps click below 8.5.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > greet.py <<'PY'
from typing import Annotated
import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)

@app.command()
def greet(name: Annotated[str, typer.Argument(help="Who is greeted.")]) -> None:
    """Greet somebody."""

app()
PY

for click in 8.4.2 8.5.0; do
    python3 -m venv "click-$click"
    "click-$click/bin/pip" install --quiet --disable-pip-version-check typer==0.25.1 "click==$click"
    echo "click $click:$("click-$click/bin/python" greet.py --help | grep NAME | tail -1)"
done > seen

cat > expected <<'TEXT'
click 8.4.2:  NAME  Who is greeted.  [required]
click 8.5.0:  NAME  [required]
TEXT
cat seen
diff expected seen
