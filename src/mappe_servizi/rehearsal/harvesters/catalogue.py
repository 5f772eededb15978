"""The catalogue as any client fetches it: by suffix and by negotiation, whole and in pages.

A harvester goes where ``hydra:next`` leads for as long as it leads anywhere.
"""

from __future__ import annotations

from pyoxigraph import Triple

from mappe_servizi.formats import TURTLE
from mappe_servizi.rdf.namespaces import DCAT, DCT, HYDRA
from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.entrance import HarvestedAnswer
from mappe_servizi.rehearsal.triples import CATALOGUE_FORMATS, Triples, read, text
from mappe_servizi.rehearsal.visit import Visit

COLLECTIONS = (HYDRA["PartialCollectionView"], HYDRA["PagedCollection"])
MOST_PAGES = 10_000


def harvest(visit: Visit) -> list[Account]:
    """The whole catalogue in every format, and its pages."""
    account = Account("catalogue: every format, every page")
    whole = set(visit.catalogue.all)
    for format_ in CATALOGUE_FORMATS:
        by_suffix, negotiated = f"{visit.base}catalogue.{format_.suffix}", f"{visit.base}catalogue"
        answers = {
            by_suffix: visit.document(f"catalogue.{format_.suffix}"),
            negotiated: visit.visitor.get(negotiated, accept=format_.media),
        }
        for iri, answer in answers.items():
            if answer.ok and answer.media != format_.media:
                account.lose(iri, f"it is sent as {answer.media}, asked for as {format_.media}")
            elif (found := _read(account, iri, answer)) is not None and found.all != whole:
                account.lose(iri, f"its {format_.name} has {_difference(found.all, whole)}")
        _pages(visit, account, format_.suffix)
    if not visit.datasets:
        account.lose(f"{visit.base}catalogue", "it has no data set")
    _identified(visit, account)
    account.notes.append(f"{len(visit.datasets)} data sets, {len(whole)} triples")
    return [account]


def _read(account: Account, iri: str, answer: HarvestedAnswer) -> Triples | None:
    if not answer.ok:
        account.lose(iri, f"it answers {answer.said}")
        return None
    try:
        return Triples(read(answer.body, answer.media, answer.address))
    except ValueError as error:
        account.lose(iri, str(error))
        return None


def _difference(found: set[Triple], whole: set[Triple]) -> str:
    return f"{len(whole - found)} triples less and {len(found - whole)} more than {TURTLE.name}"


def _pages(visit: Visit, account: Account, suffix: str) -> None:
    """Walk the chain of pages: it must end, and lose no data set."""
    iri = f"{visit.base}catalogue.{suffix}?page=1"
    seen: set[str] = set()
    reached: set[str] = set()
    while iri:
        if iri in seen or len(seen) > MOST_PAGES:
            account.lose(iri, "the chain of pages has a loop")
            return
        seen.add(iri)
        page = _read(account, iri, visit.visitor.get(iri))
        if page is None:
            return
        reached |= {text(o) for c in page.of(DCAT["Catalog"]) for o in page.objects(c, DCAT["dataset"])}
        views = [node for kind in COLLECTIONS for node in page.of(kind)]
        iri = next((page.text(v, HYDRA["next"]) for v in views if page.value(v, HYDRA["next"])), "")
    for lost in sorted({d.value for d in visit.datasets} - reached):
        account.lose(lost, f"it is on no page of catalogue.{suffix}")


def _identified(visit: Visit, account: Account) -> None:
    """Portals take what has the same identifier for the same data set."""
    named: dict[str, str] = {}
    for dataset in visit.datasets:
        identifier = visit.catalogue.text(dataset, DCT["identifier"])
        if other := named.get(identifier):
            account.lose(dataset.value, f"it has the identifier of {other}: {identifier!r}")
        named[identifier] = dataset.value
