"""Where an instance's data, its builds and releases and the program's knowledge are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.instance import InInstance, InKnowledge
from mappe_servizi.setting_checks import base_iri, directory, directory_or_none, maintained
from mappe_servizi.settings.declaring import (
    ADD,
    BUILD,
    DEPLOYMENT,
    IDENTIFIERS,
    LINK,
    MCP,
    QUERY,
    REHEARSE,
    RELEASE,
    REVIEW,
    SERVE,
    SYNTHESIZE,
    TEMPLATE,
    VALIDATE,
    setting,
)


@dataclass(frozen=True, kw_only=True)
class PlaceSettings:
    """Where an instance's data, its builds and releases and the program's knowledge are."""

    data: Path = setting(
        InInstance("data"),
        "Directory of the maintained data.",
        BUILD,
        ADD,
        IDENTIFIERS,
        SYNTHESIZE,
        LINK,
        REVIEW,
        RELEASE,
        check=maintained,
    )
    knowledge: Path = setting(
        InKnowledge("knowledge"),
        "Directory of what is known for every municipality: the form's words, legal forms, activities.",
        BUILD,
        ADD,
        TEMPLATE,
        IDENTIFIERS,
        SYNTHESIZE,
        LINK,
        REVIEW,
        RELEASE,
        REHEARSE,
        check=directory,
    )
    queries: Path = setting(
        InKnowledge("queries"),
        "Directory of the published queries.",
        BUILD,
        SERVE,
        MCP,
        QUERY,
        check=directory,
    )
    ontology: Path = setting(
        InKnowledge("ontology"),
        "Directory of the ontology and vocabularies.",
        BUILD,
        SERVE,
        ADD,
        IDENTIFIERS,
        SYNTHESIZE,
        REHEARSE,
        check=directory,
    )
    shapes: Path = setting(
        InKnowledge("shapes"),
        "Directory of the SHACL shapes.",
        BUILD,
        VALIDATE,
        RELEASE,
        REHEARSE,
        check=directory,
    )
    assets: Path = setting(
        InKnowledge("assets"), "Directory of the pages' built style sheets, fonts, icons and scripts.", SERVE
    )
    documentation: Path | None = setting(
        None,
        "Directory of the documentation's built site (`make site`), to be served at /docs/.",
        SERVE,
        check=directory_or_none,
    )
    output: Path = setting(
        InInstance("build/current"), "Link to repoint to the new build; builds stand beside it.", BUILD
    )
    release: Path = setting(
        InInstance("build/current"),
        "A build's output (the link or one directory); for `rehearse` also the address of a server.",
        VALIDATE,
        SERVE,
        MCP,
        QUERY,
        LINK,
        REVIEW,
        RELEASE,
        REHEARSE,
    )
    releases: Path = setting(
        InInstance("build/releases"),
        "Directory of the numbered releases; its link `current` names the newest.",
        RELEASE,
    )
    cache: Path = setting(
        InInstance("build/cache"),
        "Directory of results of earlier builds; it may be deleted at any time.",
        BUILD,
    )
    previous: Path | None = setting(
        None,
        "A release, or a build's output, whose part stands for a municipality that cannot be read now.",
        BUILD,
    )
    base_uri: str = setting(
        DEFAULT_BASE,
        "Base of every IRI, ends in a slash; a release knows its own.",
        BUILD,
        VALIDATE,
        SERVE,
        MCP,
        ADD,
        IDENTIFIERS,
        LINK,
        REVIEW,
        DEPLOYMENT,
        check=base_iri,
    )
    owns_canonical_base: bool = setting(
        False,
        f"This instance owns {DEFAULT_BASE}, where the ontology is, and may release data under it.",
        RELEASE,
    )
