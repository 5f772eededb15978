"""Hooks of the documentation's site: what stands at the top of the repository is a part of it, too."""

import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
PROJECT = ("CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "SECURITY")
OUTSIDE = re.compile(r"\[([^\]]*)\]\(((?:\.\./)+)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from the top of the repository, and the icon."""
    for name in PROJECT:
        text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
        inside = text.replace("](docs/", "](../")
        files.append(File.generated(config, f"project/{name}.md", content=inside))
    icon = str(ROOT / "web" / "favicon.svg")
    files.append(File.generated(config, "images/favicon.svg", abs_src_path=icon))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links to the top of the repository lead to its pages here; other files of it are only named."""
    here = PurePosixPath(page.file.src_uri).parent

    def link(found: re.Match[str]) -> str:
        text, up, target, anchor = found[1], found[2], found[3], found[4] or ""
        depth = up.count("../") - len(here.parts)
        if depth <= 0:  # still inside of the documentation
            return found[0]
        name = target.removesuffix(".md")
        if name in PROJECT:
            return f"[{text}]({'../' * len(here.parts)}project/{target}{anchor})"
        return f"{text} (`{target}`)"

    return OUTSIDE.sub(link, markdown)
