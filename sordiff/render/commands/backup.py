"""What a backup holds, for people."""

from sordiff.render.language import Catalogue
from sordiff.visible import visible


def backed_up_line(file: str, last_run: int, texts: Catalogue) -> str:
    """Where the copy lies, and how far it goes."""
    return texts.say("backup.done", file=visible(file), run=str(last_run))
