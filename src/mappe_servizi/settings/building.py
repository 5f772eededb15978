"""How a build is made and checked, what may be in it, and what a release may bear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mappe_servizi.setting_checks import at_least
from mappe_servizi.settings.declaring import (
    ADD,
    BUILD,
    IDENTIFIERS,
    LINK,
    REHEARSE,
    RELEASE,
    SYNTHESIZE,
    VALIDATE,
    setting,
)


@dataclass(frozen=True, kw_only=True)
class BuildSettings:
    """How a build is made and checked, what may be in it, and what a release may bear."""

    jobs: int = setting(
        0,
        "Processes that read municipalities; 0 for as many as there are processors.",
        BUILD,
        ADD,
        IDENTIFIERS,
        SYNTHESIZE,
        check=at_least(0),
    )
    runner: Literal["local", "spark"] = setting(
        "local",
        "Where the work is done: in processes of this machine, or on Apache Spark.",
        BUILD,
        LINK,
    )
    spark_master: str = setting(
        "local[*]",
        "The cluster of `runner` spark: spark://HOST:PORT, yarn, ..., or local[N] for N processes here.",
        BUILD,
        LINK,
    )
    cache_size: int = setting(
        4096,
        "MiB that kept results may take; what was not used for longest goes. 0 keeps nothing.",
        BUILD,
        check=at_least(0),
    )
    strict: bool = setting(
        False,
        "Fail where a municipality cannot be read, a decision is open or the shapes find a violation.",
        BUILD,
    )
    keep: int = setting(
        3,
        "Builds to keep beside the current one; older ones that are not in use go.",
        BUILD,
        check=at_least(0),
    )
    engine: Literal["shifty", "pyshacl"] = setting(
        "shifty",
        "SHACL engine: the fast one, or the reference implementation.",
        BUILD,
        VALIDATE,
        RELEASE,
        REHEARSE,
    )
    ckan: Path | None = setting(
        None,
        "The python of an environment with ckanext-dcat; the program's own where it has it.",
        REHEARSE,
    )
    ldes_client: Path | None = setting(
        None, "The program ldes-client; the one on the search path where it is not set.", REHEARSE
    )
    small_count_threshold: int = setting(
        4,
        "Counts of people of vulnerable segments below this are flagged.",
        BUILD,
        check=at_least(0),
    )
    suppress_small_counts: bool = setting(
        False,
        "Leave such counts out, and the totals, parts and repetitions that would tell them.",
        BUILD,
    )
    max_violations: int = setting(
        0,
        "Violations of the shapes that a release may have; it is refused where there are more.",
        RELEASE,
        check=at_least(0),
    )
    max_open_decisions: int | None = setting(
        None,
        "Open decisions that a release may have; it is refused where there are more. Any number if not set.",
        RELEASE,
        check=at_least(0),
    )
