"""Clients of linked data event streams: npm's ldes-client where it is installed, and a walk by its rules.

What costs such a client everything: a page must call itself by the address that it was fetched from
after all redirects, or nothing that it says of its relations and members counts. Who applies the members
in their order must hold what the dump has.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse

from mappe_servizi.formats import TURTLE
from mappe_servizi.rdf.namespaces import LDES, RDF, TREE
from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.triples import Term, Triples, read, text
from mappe_servizi.rehearsal.visit import Visit
from mappe_servizi.releases.feed import AS, AT, OF, STREAMS

SECONDS = 600
MOST_PAGES = 1_000_000
State = dict[str, int]
"""A sum over what is said of a resource, by its IRI: the same sum, the same triples."""


@dataclass
class Walked:
    """What a walk of a stream's pages came to: its members, their newest state and its time."""

    members: set[str] = field(default_factory=set)
    state: State = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    pages: int = 0


def harvest(visit: Visit) -> list[Account]:
    """Every stream of the release."""
    rules, theirs = Account("event streams, by the client's rules"), Account("event streams, ldes-client")
    streams = [s for s in STREAMS if visit.visitor.get(f"{visit.base}feed/{s}", method="HEAD").status != 404]
    if not streams:
        rules.notes.append("left out, a build that is no numbered release has no streams: rehearse a release")
        return [rules]
    dumped = _dumped(visit)
    client = installed(visit.settings.ldes_client)
    if client is None:
        theirs.notes.append(
            "left out, it is not installed: `npm install ldes-client`, say where (--ldes-client)"
        )
    for stream in streams:
        iri = f"{visit.base}feed/{stream}"
        walked = walk(visit, rules, iri)
        rules.notes.append(f"{stream}: {len(walked.members)} members on {walked.pages} pages")
        if not walked.members:
            rules.lose(iri, "it has no member")
        _compare(rules, iri, walked.state, dumped.get(stream, {}))
        if client is not None:
            _read_by(client, visit, theirs, iri, walked.members)
    return [rules, theirs]


def walk(visit: Visit, account: Account, iri: str) -> Walked:
    """Every page that the stream's view leads to, by the client's rules."""
    walked, waiting, seen = Walked(), [iri], set[str]()
    while waiting and walked.pages < MOST_PAGES:
        answer = visit.visitor.get(address := waiting.pop(0), accept=TURTLE.media)
        if answer.address in seen:
            continue
        seen.add(answer.address)
        walked.pages += 1
        if not answer.ok:
            account.lose(address, f"it answers {answer.said}")
            continue
        try:
            page = Triples(read(answer.body, answer.media, answer.address))
        except ValueError as error:
            account.lose(address, str(error))
            continue
        here = NamedNode(answer.address)
        views = {text(o) for s in page.of(LDES["EventStream"]) for o in page.objects(s, TREE["view"])}
        if walked.pages == 1 and here.value not in views:
            account.lose(
                address,
                f"a client that was led to {here.value} finds nothing: the page speaks of "
                f"{', '.join(sorted(views)) or 'no view'}",
            )
            continue
        _take(page, walked)
        nodes = (page.value(r, TREE["node"]) for r in page.objects(here, TREE["relation"]))
        waiting += [urldefrag(text(node)).url for node in nodes if node is not None]
    return walked


def _take(page: Triples, walked: Walked) -> None:
    """Keep the newest version of each resource that a page has a member of."""
    for stream in page.of(LDES["EventStream"]):
        for member in page.objects(stream, TREE["member"]):
            resource, time = page.text(member, OF), page.text(member, AT)
            walked.members.add(text(member))
            if time < walked.times.get(resource, ""):
                continue
            walked.times[resource] = time
            said = [t for t in page.about(member) if t.predicate not in {OF, AT}]
            if any((t.predicate, t.object) == (RDF["type"], AS["Delete"]) for t in said):
                walked.state.pop(resource, None)
            else:
                walked.state[resource] = sum(_sum(t.predicate, t.object) for t in said)


def _sum(predicate: Term, value: Term) -> int:
    return int.from_bytes(hashlib.blake2b(f"{predicate} {value}".encode(), digest_size=8).digest())


def _dumped(visit: Visit) -> dict[str, State]:
    """What the dump has, by stream and resource."""
    found: dict[str, State] = {}
    if visit.dump is None:
        return found
    for quad in parse(path=visit.dump, format=RdfFormat.N_QUADS):
        graph = quad.graph_name
        stream = "data" if isinstance(graph, DefaultGraph) else text(graph).rpartition("/")[2]
        state = found.setdefault(stream, {})
        resource = text(quad.subject)
        state[resource] = state.get(resource, 0) + _sum(quad.predicate, quad.object)
    return found


def _compare(account: Account, iri: str, state: State, dumped: State) -> None:
    differing = sorted(r for r in {*state, *dumped} if state.get(r) != dumped.get(r))
    for resource in differing[:20]:
        told = "not" if resource not in state else "still" if resource not in dumped else "otherwise"
        account.lose(iri, f"who replays it knows <{resource}> {told}, compared with the dump")
    if len(differing) > 20:
        account.lose(iri, f"and {len(differing) - 20} more resources differ from the dump")


def installed(client: Path | None) -> Path | None:
    """The client that is named if it is there, else the one on the search path."""
    if client is not None:
        return client if client.exists() else None
    found = shutil.which("ldes-client")
    return Path(found) if found else None


def _read_by(client: Path, visit: Visit, account: Account, iri: str, members: set[str]) -> None:
    done = run(client, visit.visitor.address(iri))
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        account.lose(iri, f"the client ends with status {done.returncode}: {said[-1] if said else ''}")
        return
    try:
        read_ones = {text(t.subject) for t in members_of(done.stdout)}
    except SyntaxError as error:
        account.lose(iri, f"what the client writes cannot be read: {error}")
        return
    if lost := members - read_ones:
        account.lose(iri, f"the client reads {len(members) - len(lost)} of {len(members)} members")
    account.notes.append(f"{iri.rpartition('/')[2]}: {len(members & read_ones)} members read")


def run(client: Path, address: str, order: str = "none") -> subprocess.CompletedProcess[bytes]:
    """Run ldes-client; its output is the members' triples as N-Triples."""
    binaries = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # Node may come from PyPI
    )
    command = [str(client), "--ordered", order, address]
    environment = os.environ | {"PATH": binaries}
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=SECONDS, env=environment)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, b"", str(error).encode())


def members_of(output: bytes) -> Iterator[Triple]:
    """The triples that ldes-client wrote.

    Raises:
        SyntaxError: they are none.
    """
    for quad in parse(output, format=RdfFormat.TURTLE):
        yield quad.triple
