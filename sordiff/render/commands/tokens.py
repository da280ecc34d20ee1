"""The tokens of the server, for people; never a secret."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sordiff.access import AccessToken
from sordiff.render.language import Catalogue


def added_line(token: AccessToken, texts: Catalogue) -> str:
    """That a token was made, and that it is not shown again."""
    end = _describe_end(token, texts)
    return texts.say("token.added", name=token.name, role=token.role.value, end=end)


def removed_line(name: str, texts: Catalogue) -> str:
    """That a token is refused from now on."""
    return texts.say("token.removed", name=name)


def token_lines(tokens: Sequence[AccessToken], now: str, texts: Catalogue) -> Iterator[str]:
    """A line for each token."""
    if not tokens:
        yield texts.text("token.none")
    for token in tokens:
        end = _describe_end(token, texts) if token.is_valid(now) else texts.text("token.ended")
        yield f"{token.name}  {token.role}  {end}"


def _describe_end(token: AccessToken, texts: Catalogue) -> str:
    if token.expires_at is None:
        return texts.text("token.endless")
    last = datetime.fromisoformat(token.expires_at) - timedelta(seconds=1)
    return texts.say("token.end", day=texts.day(last.date().isoformat()))
