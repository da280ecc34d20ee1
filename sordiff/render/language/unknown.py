"""What nobody knows, in words: the paths under which unknown elements and attributes are kept."""

import re
from collections.abc import Mapping
from typing import Final

_OTHER: Final = "other/"
# A step of a path; a namespace, in braces, may have slashes of its own.
_STEP: Final = re.compile(r"(@?)(?:\{([^{}]*)\})?([^/{}]+)(?:/|$)")


def unknown_at(path: str, texts: Mapping[str, str]) -> str | None:
    """Such as `unknown element X (urn:y)`; None where the path is none of these."""
    if not path.startswith(_OTHER):
        return None
    steps = list(_STEP.finditer(path, len(_OTHER)))
    if "".join(step[0] for step in steps) != path.removeprefix(_OTHER):
        return None
    *above, last = steps
    kind = "element"
    if last[1]:
        kind = "attribute"
    elif last[3] == "text()":
        kind = "text"
    else:
        above = steps
    key = f"unknown.{kind}" if above else f"unknown.{kind}.here"
    namespaces = list(dict.fromkeys(step[2] for step in steps if step[2]))
    behind = f" ({', '.join(namespaces)})" if namespaces else ""
    way = " › ".join(step[3] for step in above)
    return texts[key].format(name=last[3], element=way) + behind
