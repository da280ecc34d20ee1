"""The body of a webhook: the notice itself as JSON, or what chat programs take."""

import re
from collections.abc import Callable
from typing import Any, Final, Literal

from sordiff.notices.notice import Notice
from sordiff.notices.text import Translate, Wording, word_notice
from sordiff.wire import encode_canonically

# Slack's own three, and then what Mattermost and others would obey: calls to everybody, emphasis
# that hides, links whose words lie about where they lead.
_SLACK: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "＠",
        "`": "ˋ",
        "*": "∗",
    }
)
_LINK: Final = re.compile(r"\](?=[(\[:])")


def build_payload(
    notice: Notice, shape: Literal["json", "slack", "teams"], translate: Translate = str
) -> bytes:
    """The bytes to send; the same notice gives the same bytes. JSON is for programs: English."""
    return _SHAPES[shape](notice, translate)


def _json(notice: Notice, _translate: Translate) -> bytes:
    return encode_canonically(notice)


def _slack(notice: Notice, translate: Translate) -> bytes:
    """`{"text": …}`, as Slack, Mattermost, Rocket.Chat and Zulip's Slack door take it."""
    words = word_notice(notice, translate)
    lines = [f"*{_slack_text(words.title)}*", _slack_text(words.text)]
    lines += [f"• {_slack_text(alert)}" for alert in words.alerts]
    if words.commands:
        # In a block of code nothing is obeyed but its end, and Slack still reads its entities.
        code = "\n".join(words.commands).replace("```", "ˋˋˋ")
        for character in "&<>":
            code = code.replace(character, _SLACK[ord(character)])
        lines.append(f"```\n{code}\n```")
    return encode_canonically({"text": "\n".join(lines)})


def _slack_text(text: str) -> str:
    return _LINK.sub("] ", text.translate(_SLACK))


def _teams(notice: Notice, translate: Translate) -> bytes:
    """An Adaptive Card, the only thing that Teams' Workflows take; its text runs know no markup."""
    words = word_notice(notice, translate)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_rich(run) for run in _runs(words)],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return encode_canonically({"type": "message", "attachments": [attachment]})


def _runs(words: Wording) -> list[dict[str, str]]:
    return [
        {"text": words.title, "weight": "Bolder", "size": "Medium"},
        {"text": words.text},
        *({"text": f"• {alert}"} for alert in words.alerts),
        *({"text": command, "fontType": "Monospace"} for command in words.commands),
    ]


def _rich(run: dict[str, str]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run}]}


_SHAPES: Final[dict[str, Callable[[Notice, Translate], bytes]]] = {
    "json": _json,
    "slack": _slack,
    "teams": _teams,
}
