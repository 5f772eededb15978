"""The feed of changes: Linked Data Event Streams of versioned resources, and Atom for the releases.

There is one stream a graph. Its members are version objects: a resource's triples in that graph
with the version in the subject's place, ``dct:isVersionOf`` and ``prov:generatedAtTime``; a
version typed ``as:Delete`` says that the resource is no longer in the graph. Pages are numbered
and never change, but for redactions; only a stream's root, which lists them, does. Who applies
the members in order has the graph of the newest release.

Streams and members are named by their IRIs, root and pages by references relative to where they
were fetched from (``<>``, ``<../data>``): a client compares a page's name with the address that a
redirect, from w3id.org say, led it to, and takes nothing from a page of another name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import ATOM, HTML
from mappe_servizi.model.outputs.declared import STREAM, STREAM_PAGE
from mappe_servizi.rdf.namespaces import DCT, LDES, NAMED_GRAPHS, PROV, RDF, TREE, XSD, Namespace
from mappe_servizi.releases.changes import DATA, Change
from mappe_servizi.rights import Standing

STREAMS: Final = (DATA, *NAMED_GRAPHS)
PAGE_SIZE: Final = 1000
"""Members of a page."""
AS = Namespace("https://www.w3.org/ns/activitystreams#")
OF, AT = DCT["isVersionOf"], PROV["generatedAtTime"]


def stream_iri(base: str, stream: str) -> NamedNode:
    """The stream; its root is what its address answers."""
    return NamedNode(f"{base}feed/{stream}#stream")


def page_path(directory: Path, stream: str, number: int) -> Path:
    """The file of a page."""
    return STREAM_PAGE.at(directory, stream=stream, number=number)


def page_count(directory: Path, stream: str) -> int:
    """How many pages a release has of a stream."""
    return sum(1 for _ in page_path(directory, stream, 1).parent.glob("[0-9]*.ttl"))


def copy_pages(old: Path, new: Path) -> None:
    """Take the pages of the release before into a new one; they share their bytes on the disk."""
    for stream in STREAMS:
        page_path(new, stream, 1).parent.mkdir(parents=True)
        for number in range(1, page_count(old, stream) + 1):
            share(page_path(old, stream, number), page_path(new, stream, number))


def share(source: Path, target: Path) -> None:
    """A second name for a file that never changes; a copy where the file system has no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_pages(changes: Iterable[Change], directory: Path, base: str, release: int, date: str) -> None:
    """Add the pages of a release, after those that there are."""
    by_stream: dict[str, list[Change]] = {stream: [] for stream in STREAMS}
    for change in changes:
        by_stream[change.stream].append(change)
    for stream, found in by_stream.items():
        page_path(directory, stream, 1).parent.mkdir(parents=True, exist_ok=True)
        rest, number = iter(found), page_count(directory, stream)
        while some := list(islice(rest, PAGE_SIZE)):
            number += 1
            triples = _page(some, base, stream, (release, date))
            _write_page(page_path(directory, stream, number), base, stream, triples)
        _write_root(directory, base, stream)


def _write(path: Path, about: Iterable[str], triples: Iterable[Triple]) -> None:
    """A document of the feed: what it says of itself, with relative references, then the rest."""
    path.unlink(missing_ok=True)  # it may be another release's, too
    prefixes = {"tree": str(TREE), "ldes": str(LDES), "dct": str(DCT), "prov": str(PROV), "xsd": str(XSD)}
    body = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""
    lines = [f"@prefix tree: <{TREE}> .", *(f"{statement} ." for statement in about), ""]
    path.write_bytes("\n".join(lines).encode() + body)


def _write_page(path: Path, base: str, stream: str, triples: Iterable[Triple]) -> None:
    view = f"{stream_iri(base, stream)} tree:view <../{stream}>"
    _write(path, ["<> a tree:Node", view], triples)


def _page(changes: Iterable[Change], base: str, stream: str, release: tuple[int, str]) -> Iterator[Triple]:
    collection = stream_iri(base, stream)
    yield Triple(collection, RDF["type"], LDES["EventStream"])
    at = Literal(f"{release[1]}T00:00:00Z", datatype=XSD["dateTime"])
    for change in changes:
        version = NamedNode(f"{base}feed/{stream}/release/{release[0]}#{quote(change.iri, safe='')}")
        yield Triple(collection, TREE["member"], version)
        yield Triple(version, OF, NamedNode(change.iri))
        yield Triple(version, AT, at)
        if change.kind == "withdrawn":
            yield Triple(version, RDF["type"], AS["Delete"])
        for quad in parse(b"".join(change.lines), format=RdfFormat.N_TRIPLES):
            if quad.predicate in {OF, AT}:
                raise MappeError(f"<{change.iri}> has {quad.predicate}, which the feed needs for itself")
            yield Triple(version, quad.predicate, quad.object)


def _write_root(directory: Path, base: str, stream: str) -> None:
    collection = stream_iri(base, stream)
    about = ["<> a tree:RootNode", f"{collection} tree:view <>"]
    for number in range(1, page_count(directory, stream) + 1):
        about.append(f"<> tree:relation <#page-{number}>")
        about.append(f"<#page-{number}> a tree:Relation ; tree:node <{stream}/{number}>")
    _write(STREAM.at(directory, stream=stream), about, _described(collection, base, stream))


def _described(collection: NamedNode, base: str, stream: str) -> Iterator[Triple]:
    yield Triple(collection, RDF["type"], LDES["EventStream"])
    yield Triple(collection, LDES["versionOfPath"], OF)
    yield Triple(collection, LDES["timestampPath"], AT)
    yield Triple(collection, LDES["versionDeletePath"], RDF["type"])
    yield Triple(collection, LDES["versionDeleteObject"], AS["Delete"])
    graph = "the default graph" if stream == DATA else f"the graph {base}graph/{stream}"
    text = f"The versions of every resource in {graph}."
    yield Triple(collection, DCT["description"], Literal(text, language="en"))


def redact_pages(directory: Path, base: str, affected: set[tuple[str, str]]) -> int:
    """Make tombstones of all versions of some resources, by (stream, IRI); returns how many.

    The pages that have them are written anew; all others stay as they are.
    """
    count = 0
    for stream in STREAMS:
        for number in range(1, page_count(directory, stream) + 1):
            path = page_path(directory, stream, number)
            triples = _members(path, base, stream)
            gone = {
                t.subject
                for t in triples
                if t.predicate == OF
                and isinstance(t.object, NamedNode)
                and (stream, t.object.value) in affected
            }
            if gone:
                count += len(gone)
                kept = [t for t in triples if t.subject not in gone or t.predicate in {OF, AT}]
                deleted = [Triple(v, RDF["type"], AS["Delete"]) for v in sorted(gone, key=str)]
                _write_page(path, base, stream, [*kept, *deleted])
    return count


def _members(path: Path, base: str, stream: str) -> list[Triple]:
    """What a page says of the stream and its members, without what it says of itself."""
    page = NamedNode(f"{base}feed/{stream}/{path.stem}")
    found = parse(path=path, format=RdfFormat.TURTLE, base_iri=page.value)
    return [q.triple for q in found if q.subject != page and q.predicate != TREE["view"]]


def atom(base: str, standing: Standing, releases: Iterable[Mapping[str, str]]) -> str:
    """The Atom feed of the releases (RFC 4287), the newest first.

    Args:
        base: of every IRI.
        standing: who publishes, under which licences.
        releases: number, date, it, en of each.
    """
    entries = sorted(releases, key=lambda r: -int(r["number"]))
    author = standing.publisher.name if standing.publisher else ""
    licences = [f"{one.short}, {one.iri}." for one in standing.whole.licences]
    rights = " ".join([*licences, standing.whole.statement["it"]])
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="it">',
        f"<id>{escape(base)}feed</id>",
        "<title>Mappe dei servizi: rilasci</title>",
        f"<updated>{entries[0]['date']}T00:00:00Z</updated>",
        f"<author><name>{escape(author)}</name></author>",
        f"<rights>{escape(rights)}</rights>",
        f'<link rel="self" type="{ATOM.media}" href={quoteattr(base + "feed")}/>',
        f'<link rel="alternate" type="{HTML.media}" href={quoteattr(base)}/>',
    ]
    for entry in entries:
        address = f"{base}data/release/{entry['number']}"
        lines += [
            "<entry>",
            f"<id>{escape(address)}</id>",
            f"<title>Rilascio {entry['number']}</title>",
            f"<updated>{entry['date']}T00:00:00Z</updated>",
            f'<link rel="alternate" href={quoteattr(address)}/>',
            f"<summary>{escape(entry['it'])}</summary>",
            f'<content type="text" xml:lang="en">{escape(entry["en"])}</content>',
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])
