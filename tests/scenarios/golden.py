"""`make golden`: write the golden files anew; read the difference before you commit it."""

import sys
import tempfile
from pathlib import Path

from tests.scenarios.telling import folders, told


def main() -> None:
    """Rewrite the folders named on the command line, or all."""
    wanted = set(sys.argv[1:])
    for folder in folders():
        if wanted and folder.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as workplace:
            for name, text in told(folder, Path(workplace)).items():
                (folder / name).write_text(text, encoding="utf-8")
        print(folder.name)


if __name__ == "__main__":
    main()
