"""Both hosts ask the same: the templates of GitHub are those of GitLab, behind their front matter."""

import pytest

from tests.scenarios.telling import ROOT

PAIRS = {
    ".github/PULL_REQUEST_TEMPLATE.md": ".gitlab/merge_request_templates/Default.md",
    ".github/ISSUE_TEMPLATE/bug.md": ".gitlab/issue_templates/Bug.md",
    ".github/ISSUE_TEMPLATE/change.md": ".gitlab/issue_templates/Change.md",
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_templates_are_the_same(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    if text.startswith("---\n"):
        text = text.split("---\n\n", maxsplit=1)[1]
    assert text == (ROOT / PAIRS[name]).read_text(encoding="utf-8")
