"""What the value of a setting must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from mappe_servizi.model.outputs.lookup import own_names

OWN_NAMES = own_names() | frozenset(
    """about api assets brief catalogue controlled-vocabulary data doc docs embed explore feed graph healthz
    mcp metrics onto page problems providers quality readyz reconcile release search services shapes sitemap
    sparql""".split()  # noqa: SIM905
)
"""What the server's own addresses begin with."""

Check = Callable[[Any], str | None]
"""Says what is wrong with a value, as the end of a sentence that begins with the setting's name."""


def directory(value: Path) -> str | None:
    """The value must be a directory."""
    return None if value.is_dir() else f"must be a directory: {value}"


def directory_or_none(value: Path | None) -> str | None:
    """The value must be a directory, or is not set."""
    return None if value is None else directory(value)


def maintained(value: Path) -> str | None:
    """The value must be the directory of an instance's data."""
    return directory(value) and f"{directory(value)} (`mappe init DIR` makes an instance)"


def base_iri(value: str) -> str | None:
    """The value must be an IRI that paths can be appended to."""
    good = re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#/]+(/[^\s<>\"{}|\\^`?#]*)?/", value)
    return None if good else f"must be an http(s) IRI that ends in a slash, not {value!r}"


def email(value: str | None) -> str | None:
    """The value must be an e-mail address, or nothing."""
    good = value is None or re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+", value)
    return None if good else f"must be an e-mail address, not {value!r}"


def page_address(value: str | None) -> str | None:
    """The value must be an address that a page can link to, or nothing."""
    good = value is None or re.fullmatch(r"https?://[^\s/?#<>\"]+[^\s<>\"]*", value)
    return None if good else f"must be an http or https address, not {value!r}"


def report_address(value: str | None) -> str | None:
    """The value must be an address with places for what a report begins with, or nothing.

    >>> report_address("https://e.org/new?title={title}&body={text}"), report_address("https://e.org/{x}")
    (None, "may have {title} and {text} and no other braces, not 'https://e.org/{x}'")
    """
    if value is not None and re.search(r"[{}]", value.replace("{title}", "").replace("{text}", "")):
        return f"may have {{title}} and {{text}} and no other braces, not {value!r}"
    return page_address(value)


def code(value: str | None) -> str | None:
    """The value must be usable in an IRI, or nothing."""
    good = value is None or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", value)
    return None if good else f"must be letters, digits, - and _, not {value!r}"


def path_prefix(value: str) -> str | None:
    """The value must be a path that addresses can be appended to, or nothing."""
    if not re.fullmatch(r"(/[A-Za-z0-9_.~-]+)*", value):
        return f"must be empty or like /mappe, without a slash at its end, not {value!r}"
    # A request for /data/x could mean /x below the prefix as well as /data/x without it.
    if (first := value.split("/")[1] if value else "") in OWN_NAMES:
        return f"must not begin with /{first}, which is an address of the server's own"
    return None


def web_address(value: str | None) -> str | None:
    """The value must be the address of something on the web, or nothing."""
    good = value is None or re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#/]+(/[^\s<>\"{}|\\^`?#]*)?", value)
    return None if good else f"must be an http(s) URL without ? and #, not {value!r}"


def networks(value: tuple[str, ...]) -> str | None:
    """Each value must be an address or a network."""
    for text in value:
        try:
            ip_network(text)
        except ValueError:
            return f"must be IP addresses or networks like 10.0.0.0/8, not {text!r}"
    return None


def port_number(value: int) -> str | None:
    """The value must be a port."""
    return None if 1 <= value <= 65535 else f"must be from 1 to 65535, not {value}"


def at_least(least: float) -> Check:
    """The value must not be lower, or is not set."""
    return lambda value: None if value is None or value >= least else f"must be at least {least}, not {value}"
