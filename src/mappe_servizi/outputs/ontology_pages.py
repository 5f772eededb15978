"""The ontology's documentation for people, made by pyLODE, one page a language.

Only the content is kept: the server puts it into the site's own frame, whose policy allows no
styles and scripts inside a page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from mappe_servizi.bases import rebase
from mappe_servizi.errors import InputError
from mappe_servizi.model.outputs.declared import ONTOLOGY_PAGE

if TYPE_CHECKING:
    from rdflib import Graph

# rdflib and pyLODE are loaded where they are used: who serves the pages needs neither.

LANGUAGES = ("it", "en")
WITHIN = re.compile(r'<a href="#([^"]+)">(https?://[^<>"]+)</a>')
"""A link to a place on the page, told by an IRI."""
ONTOLOGY = NamedNode("http://www.w3.org/2002/07/owl#Ontology")


def page_path(directory: Path, name: str, language: str) -> Path:
    """Where the documentation of an ontology stands in a release."""
    return directory / ONTOLOGY_PAGE.filled(ontology=name, language=language)


def write_ontology_pages(ontology: Path, directory: Path, base: str) -> None:
    """Document each ontology of ``assets/ontologies`` in each language.

    Raises:
        InputError: an ontology is not Turtle.
    """
    from rdflib import Graph  # noqa: PLC0415

    (directory / ONTOLOGY_PAGE.folder).mkdir(exist_ok=True)
    for path in sorted((ontology / "assets" / "ontologies").glob("*/latest/*.ttl")):
        if path.stem == path.parents[1].name:  # the ontology itself, not its alignment
            try:
                graph = Graph().parse(data=rebase(path.read_text(encoding="utf-8"), base), format="turtle")
            except SyntaxError as error:
                raise InputError(f"not Turtle: {error}", file=path) from error
            with _background(graph):
                for language in LANGUAGES:
                    content = _document(_in_language(graph, language), base)
                    page_path(directory, path.stem, language).write_text(content, encoding="utf-8")


@contextmanager
def _background(graph: Graph) -> Iterator[None]:
    """Within it pyLODE has what it knows of the terms of a graph, in a directory of this process.

    By itself it reads all of Schema.org and more for each graph, and writes what it made of them among the
    installed packages, where a service may write nothing and another process reads what is half written.
    """
    # pyLODE sets up logging for the whole process, which does nothing where a handler is there.
    logging.getLogger().addHandler(logging.NullHandler())
    from pylode import rdf_elements, utils  # noqa: PLC0415

    shipped = utils.RDF_FOLDER
    known = _iris(graph) | {str(term) for term in rdf_elements.PROPS}
    with TemporaryDirectory() as name:
        for path in sorted(shipped.glob("*.ttl")):
            serialize(_said_of(known, path), Path(name, path.name), RdfFormat.N_TRIPLES)
        utils.RDF_FOLDER = Path(name)
        try:
            yield
        finally:
            utils.RDF_FOLDER = shipped


def _said_of(terms: Set[str], path: Path) -> Iterator[Triple]:
    """What a Turtle file says of some terms, and of ontologies as a whole, in its order."""
    quads = list(parse(path=path, format=RdfFormat.TURTLE, base_iri=path.as_uri()))
    whole = {quad.subject for quad in quads if quad.object == ONTOLOGY}
    for quad in quads:
        if quad.subject in whole or (isinstance(quad.subject, NamedNode) and quad.subject.value in terms):
            yield quad.triple


def _iris(graph: Graph) -> set[str]:
    return {*map(str, graph.all_nodes()), *map(str, graph.predicates())}


def _in_language(graph: Graph, language: str) -> Graph:
    """The graph with its texts in one language: pyLODE writes those of all one after the other.

    It knows the prefixes of what it uses, and of what pyLODE adds: pyLODE looks through all for every term.
    """
    from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SDO, SKOS, Graph, Literal  # noqa: PLC0415

    used = _iris(graph) | {str(space) for space in (DCTERMS, OWL, PROV, RDF, RDFS, SDO, SKOS)}
    chosen = Graph(bind_namespaces="none")
    for prefix, namespace in Graph().namespaces():
        if any(term.startswith(namespace) for term in used):
            chosen.bind(prefix, namespace)
    for triple in sorted(graph):  # pyLODE writes terms in the order that it meets them
        text = triple[2]
        if not isinstance(text, Literal) or text.language in (None, language):
            chosen.add(triple)
    return chosen


def _document(graph: Graph, base: str) -> str:
    from pylode.profiles.ontpub import OntPub  # noqa: PLC0415

    publication = OntPub(ontology=graph)
    publication.make_html()
    content = _leading_somewhere(publication.content.render(pretty=False))
    # The page stands at /onto/MDS: links to what is ours stay on the host that serves it.
    return content.replace(f'href="{base}', 'href="../')


def _leading_somewhere(content: str) -> str:
    """Links within the page that have no place there lead to what they name: pyLODE takes any IRI that
    begins like the ontology's, as that of its version does, for one of its terms.

    >>> _leading_somewhere('<b id="A"><a href="#A">https://e.org/A</a><a href="#0.1">https://e.org/0.1</a>')
    '<b id="A"><a href="#A">https://e.org/A</a><a href="https://e.org/0.1">https://e.org/0.1</a>'
    """
    places = set(re.findall(r' id="([^"]+)"', content))
    return WITHIN.sub(
        lambda link: link[0] if link[1] in places else f'<a href="{link[2]}">{link[2]}</a>', content
    )
