"""What others' tools and people look for at the top of a repository says one thing, and what is true."""

import re
import tomllib
from datetime import date
from typing import Any

import pytest
import yaml

from helpers import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PUBLIC_CODE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_one_version_and_one_licence() -> None:
    versions = {PUBLIC_CODE["softwareVersion"], CITATION["version"], PROJECT["version"]}
    assert len(versions) == 1, versions
    assert {PUBLIC_CODE["legal"]["license"], CITATION["license"], PROJECT["license"]} == {"EUPL-1.2"}
    assert PUBLIC_CODE["url"] == CITATION["url"] == PROJECT["urls"]["Homepage"]


def test_the_changelog_has_every_version() -> None:
    sections = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert PROJECT["version"] in {section.split()[0] for section in sections}


def test_public_code_is_complete() -> None:
    """The mandatory keys of the standard, version 0.4, and its limits on texts."""
    assert PUBLIC_CODE.keys() >= {
        "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType",
        "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert PUBLIC_CODE["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in PUBLIC_CODE["maintenance"]["contacts"])
    assert PUBLIC_CODE["description"].keys() == set(PUBLIC_CODE["localisation"]["availableLanguages"])
    for language, texts in PUBLIC_CODE["description"].items():
        assert len(texts["genericName"]) <= 35, language
        assert len(texts["shortDescription"]) <= 150, language
        assert 150 <= len(texts["longDescription"]) <= 10_000, language
        assert texts["features"], language
        assert all(len(feature) <= 100 for feature in texts["features"]), language


def test_the_citation_has_what_its_format_asks_for() -> None:
    assert CITATION.keys() >= {"cff-version", "message", "title", "authors"}
    assert "date-released" not in CITATION or isinstance(CITATION["date-released"], date)


@pytest.mark.parametrize("name", ["README", "CONTRIBUTING", "CHANGELOG", "CODE_OF_CONDUCT", "SECURITY"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", text):
        assert (ROOT / target).exists(), target
