"""Read secrets from the environment or a file. An error names the place, never the value."""

import os
import resource
from pathlib import Path

from sordiff.errors import SordiffError


def read_secret(table: str, name: str, *, file: str | None, env: str | None) -> str | None:
    """Read the secret `name` of [table], without line breaks at its end; None: not configured.

    SordiffError if the place is empty, or if the secret is not ASCII: neither addresses nor logins
    can carry other letters.
    """
    if env is not None:
        place, found = f"the environment variable {env}", os.environ.get(env, "")
    elif file is not None:
        place, found = file, _read_file(table, name, file)
    else:
        return None
    leave_no_core_file()
    found = found.rstrip("\r\n")
    if not found:
        message = f"{name} of [{table}] is to be found in {place}, and nothing is there."
        raise SordiffError(message, advice="Put it there, or take it out of sordiff.toml.")
    if not found.isascii():
        message = f"{name} of [{table}], found in {place}, is not in ASCII."
        raise SordiffError(message, advice="Choose one without letters such as æ, ø and å.")
    return found


def leave_no_core_file() -> None:
    """From here on a secret lies in this process, which a core file would hold, too."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _read_file(table: str, name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as error:
        message = f"{name} of [{table}] can't be read from {file}: {error.strerror}."
        raise SordiffError(message, advice="Check the file and its rights.") from None
    except UnicodeDecodeError:
        message = f"{name} of [{table}] can't be read from {file}: it is not UTF-8."
        raise SordiffError(message, advice="Check the file.") from None
