"""What nobody knows is kept by its paths: held against the plainest way to say it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sordiff.snapshot.format.text import read_own_text
from sordiff.snapshot.format.unknown_elements import (
    collect_attributes,
    collect_element,
    collect_elements,
    read_value,
    sort_key,
)

TEXTS = st.sampled_from(["", " ", "1", " 2  3 "])
LEAVES = st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from("abc"), TEXTS)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda tag, said, text, inside: f"<{tag}{said}>{text.join(inside)}{text}</{tag}>",
        st.sampled_from("abc"),
        st.sampled_from(["", ' x="1"', ' x=" "']),
        TEXTS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def value_of(element: etree._Element) -> Any:
    """As the word for it says: asks at each level for all that is below."""
    inside = collect_attributes(element) | paths_of(list(element))
    text = read_own_text(element)
    if not inside:
        return text
    if text is not None:
        inside["text()"] = text
    return inside


def paths_of(elements: list[etree._Element]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for tag in {str(element.tag) for element in elements}:
        group = [element for element in elements if element.tag == tag]
        saying = [element for element in group if value_of(element) is not None]
        if len(saying) == 1:
            (element,) = saying
            text = read_own_text(element)
            if text is not None:
                found[f"{tag}/text()" if len(element) else tag] = text
            inside = collect_attributes(element) | paths_of(list(element))
            found |= {f"{tag}/{path}": value for path, value in inside.items()}
        elif saying:
            found[tag] = sorted(map(value_of, saying), key=sort_key)
    return found


@given(st.lists(TREES, max_size=4))
def test_paths_and_values(trees: list[str]) -> None:
    root = etree.fromstring(f"<root>{''.join(trees)}</root>")
    assert collect_elements(list(root)) == paths_of(list(root))
    assert collect_elements(list(root), "r/") == {
        f"r/{key}": value for key, value in collect_elements(list(root)).items()
    }
    for element in root:
        assert read_value(element) == value_of(element)
        under = {f"{element.tag!s}/{path}" for path in paths_of(list(element))}
        assert under <= collect_element(element, str(element.tag)).keys()
