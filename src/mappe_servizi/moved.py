"""Import paths of before, until nobody writes them: ``mappe_servizi.document`` is ``.reading``.

>>> import mappe_servizi.document.numbers
>>> mappe_servizi.document.numbers.__spec__.name
'mappe_servizi.reading.numbers'
>>> from mappe_servizi.release.opened import Release
>>> from mappe_servizi.releases import Release as Today
>>> Release is Today
True
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

PACKAGE = "mappe_servizi."
MOVED = {
    "document": "reading",
    "document.consistency": "checks.consistency",
    "document.decisions": "checks.decisions",
    "document.published": "sources.records",
    "document.text": "sources.text",
    "graph.builder": "rdf.builder",
    "graph.curated": "reading.curated",
    "graph.delivery": "providers.delivery",
    "graph.hierarchy": "rdf.hierarchy",
    "graph.namespaces": "rdf.namespaces",
    "identifiers": "model.identifiers",
    "jsonld": "rdf.jsonld",
    "link": "pipeline.link",
    "link.page": "synthesize.providers_page",
    "maintained": "model.maintained",
    "outputs.declared": "model.outputs.declared",
    "outputs.documentation": "model.outputs.documentation",
    "outputs.lookup": "model.outputs.lookup",
    "outputs.output": "model.outputs.output",
    "queries": "rdf.queries",
    "rdf_files": "rdf.files",
    "records": "model.records",
    "release": "releases",
    "release.build": "pipeline.build",
    "release.catalogue_pages": "outputs.catalogue_pages",
    "release.checks": "pipeline.validation",
    "release.decisions": "outputs.decisions",
    "release.dump": "rdf.dump",
    "release.formats": "rdf.formats",
    "release.ledger": "outputs.ledger",
    "release.municipality": "pipeline.municipality",
    "release.network": "outputs.network",
    "release.ontology_pages": "outputs.ontology_pages",
    "release.packages": "outputs.packages",
    "release.reconcile_index": "outputs.reconcile_index",
    "release.search_index": "outputs.search_index",
    "release.stages": "progress",
    "release.statistics": "outputs.statistics",
    "release.tables": "outputs.tables",
    "server": "web",
    "server.cache": "web.http.cache",
    "server.clients": "web.http.clients",
    "server.conditional": "web.http.conditions",
    "server.contents": "web.served.contents",
    "server.description": "web.linked_data.describer",
    "server.descriptions": "web.linked_data.descriptions",
    "server.encoding": "web.http.codings",
    "server.fields": "web.http.fields",
    "server.files": "web.linked_data.files",
    "server.front": "web.http.front",
    "server.held": "web.http.unread",
    "server.iris": "web.http.iris",
    "server.logs": "web.http.logs",
    "server.metrics": "web.http.metrics",
    "server.negotiation": "web.http.negotiation",
    "server.offers": "web.http.offers",
    "server.operations": "web.api.health",
    "server.pages": "web.portal.resource",
    "server.paging": "web.http.paging",
    "server.parameters": "web.http.parameters",
    "server.portal.api": "web.api.queries",
    "server.portal.openapi": "web.api.openapi",
    "server.portal.visit": "web.portal.context",
    "server.problems": "web.http.problems",
    "server.protocol": "web.http.protocol",
    "server.reading": "web.served.query_client",
    "server.reconcile": "web.api.reconcile",
    "server.reconcile_protocol": "web.api.reconcile_protocol",
    "server.releases": "web.linked_data.feed",
    "server.resources": "web.linked_data.resources",
    "server.search": "web.api.search",
    "server.site": "web.served.state",
    "server.sparql": "web.sparql.endpoint",
    "server.standing": "web.served.standing",
    "server.statistics": "web.served.statistics",
    "server.succession": "web.served.succession",
    "server.tabular": "web.api.tabular",
    "server.views": "web.portal.views",
    "validation": "checks.shacl",
}
"""Old name -> new name; what is below a name moves with it."""


def moved_to(name: str) -> str | None:
    """The new name of a module of before, both with the package's; None for what never was one.

    >>> moved_to("mappe_servizi.validation.report"), moved_to("mappe_servizi.query.pool")
    ('mappe_servizi.checks.shacl.report', None)
    """
    head, tail = name.removeprefix(PACKAGE), ""
    while head not in MOVED:
        head, _, last = head.rpartition(".")
        tail = f".{last}{tail}"
        if not head:
            return None
    return f"{PACKAGE}{MOVED[head]}{tail}"


class _Moved(MetaPathFinder, Loader):
    """Stands first: below a moved package others would find its modules a second time."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module under its new name, for a name of before."""
        if not fullname.startswith(PACKAGE) or moved_to(fullname) is None:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module itself: both names are one object."""
        new = moved_to(spec.name)
        assert new
        warnings.warn(f"{spec.name} is {new} now", DeprecationWarning, stacklevel=2)
        module = import_module(new)
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It was run under its new name, and gets back the specification that it had."""
        assert module.__spec__
        module.__spec__ = module.__spec__.loader_state


sys.meta_path.insert(0, _Moved())
