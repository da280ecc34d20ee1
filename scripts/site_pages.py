"""What the site shows from outside docs/: a hook of MkDocs, named in mkdocs.yml.

The documents link to each other as files of the repository. Here the site gets the files that lie
outside docs/, and their links the places that these have in the site.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
# Each by its place in the site.
PAGES = {
    "index.md": "README.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "SECURITY.md": "SECURITY.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "LICENSE": "LICENSE",
    "findings/README.md": "findings/README.md",
}
# Files that the pages link to, and that the site shows as they are.
SHOWN = (
    "deploy/cron/sordiff",
    "deploy/kubernetes/*.yaml",
    "deploy/*.toml",
    "examples/*.py",
    "examples/*/*.java",
    "examples/*/*.mjs",
    "examples/*/*.properties",
    "findings/*.sh",
    "fixtures/scenarios/*/about.md",
    "fixtures/scenarios/*/diff.txt",
    "fixtures/scenarios/*/events.jsonl",
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what lies outside docs/."""
    shown = (path.relative_to(ROOT).as_posix() for glob in SHOWN for path in ROOT.glob(glob))
    for place, source in {**PAGES, **{name: name for name in shown}}.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links between docs/ and the rest of the repository into links within the site."""
    if page.file.src_uri in PAGES:
        inside = re.sub(r"\]\(((?:\.\./)*)docs/", r"](\1", markdown)
        return inside.replace("](README.md", "](index.md")
    # docs/ is the root of the site, so what lies beside docs/ lies beside its pages.
    return markdown.replace("](../README.md", "](index.md").replace("](../", "](")
