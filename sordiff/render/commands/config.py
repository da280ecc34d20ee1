"""The settings that hold, for people."""

import json
from collections.abc import Iterable, Iterator

from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import EffectiveSetting
from sordiff.visible import visible


def config_lines(
    settings: Iterable[EffectiveSetting], texts: Catalogue, paint: Paint
) -> Iterator[str]:
    """`path = value  (where from)`; what is not a default stands out."""
    for setting in settings:
        value = (
            texts.text("config.not_set")
            if setting.value is None
            else json.dumps(setting.value, ensure_ascii=False)
        )
        line = visible(f"{setting.path} = {value}")
        where = visible(f"({texts.sentence(setting.origin)})")
        yield (
            f"{line}  {where}" if setting.origin == "default" else f"{paint(line, 'bold')}  {where}"
        )
