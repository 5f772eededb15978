"""The ontology's documentation for people, made by pyLODE, one page a language.

Only the content is kept: the server puts it into the site's own frame, whose policy allows no
styles and scripts inside a page.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from mappe_servizi.bases import DEFAULT_BASE, KNOWLEDGE_PATHS
from mappe_servizi.errors import InputError
from mappe_servizi.model.outputs.declared import ONTOLOGY_PAGE

if TYPE_CHECKING:
    from rdflib import Graph

# rdflib and pyLODE are loaded where they are used: who serves the pages needs neither.

LANGUAGES = ("it", "en")
KEPT = "ontology"
"""Where the pages that a program brings along stand among its assets."""
WITHIN = re.compile(r'<a href="#([^"]+)">(https?://[^<>"]+)</a>')
"""A link to a place on the page, told by an IRI."""
ONTOLOGY = NamedNode("http://www.w3.org/2002/07/owl#Ontology")


def page_path(directory: Path, name: str, language: str) -> Path:
    """Where the documentation of an ontology stands in a release."""
    return directory / ONTOLOGY_PAGE.filled(ontology=name, language=language)


def write_ontology_pages(ontology: Path, directory: Path, base: str) -> None:
    """Document each ontology of ``assets/ontologies`` in each language, by pyLODE.

    Raises:
        InputError: an ontology is not Turtle.
    """
    for path in _ontologies(ontology):
        _write(_made(path), path.stem, directory, base)


def write_kept_pages(ontology: Path, directory: Path, base: str, kept: Path) -> bool:
    """Write the same from what ``keep_pages`` made of the same ontologies; returns whether it is all there.

    Args:
        ontology: the directory of the ontology and vocabularies.
        directory: of a build.
        base: of the instance's IRIs.
        kept: the directory of the program's assets.
    """
    sources = {path: _kept(kept, path) for path in _ontologies(ontology)}
    if not all(page.is_file() for pages in sources.values() for page in pages.values()):
        return False
    for path, pages in sources.items():
        texts = {language: page.read_text(encoding="utf-8") for language, page in pages.items()}
        _write(texts, path.stem, directory, base)
    return True


def keep_pages(ontology: Path, kept: Path) -> None:
    """Document each ontology once, for builds: what pyLODE makes depends on the ontology alone.

    Raises:
        InputError: an ontology is not Turtle.
    """
    shutil.rmtree(kept / KEPT, ignore_errors=True)
    for path in _ontologies(ontology):
        texts = _made(path)
        for language, page in _kept(kept, path).items():
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(texts[language], encoding="utf-8")


def _kept(kept: Path, path: Path) -> dict[str, Path]:
    """Where what is made of an ontology is kept, by language: known by the hash of all that it depends on."""
    made_by = f"{metadata.version('pylode')} {metadata.version('rdflib')}".encode()
    key = hashlib.sha256(b"\0".join([path.read_bytes(), Path(__file__).read_bytes(), made_by])).hexdigest()
    return {language: kept / KEPT / f"{path.stem}.{language}.{key[:16]}.html" for language in LANGUAGES}


def _ontologies(ontology: Path) -> list[Path]:
    """The ontologies themselves, and not their alignments."""
    found = sorted((ontology / "assets" / "ontologies").glob("*/latest/*.ttl"))
    return [path for path in found if path.stem == path.parents[1].name]


def _made(path: Path) -> dict[str, str]:
    """The pages of an ontology, by language: it is the same under whatever base an instance has its data."""
    from rdflib import Graph  # noqa: PLC0415

    try:
        graph = Graph().parse(data=path.read_text(encoding="utf-8"), format="turtle")
    except SyntaxError as error:
        raise InputError(f"not Turtle: {error}", file=path) from error
    with _background(graph):
        return {language: _document(_in_language(graph, language)) for language in LANGUAGES}


def _write(texts: Mapping[str, str], name: str, directory: Path, base: str) -> None:
    for language, text in texts.items():
        # The page stands at /onto/MDS: links to what is ours stay on the host that serves it.
        content = text.replace(f'href="{base}', 'href="../')
        for path in KNOWLEDGE_PATHS:
            content = content.replace(f'href="{DEFAULT_BASE}{path}', f'href="../{path}')
        page = page_path(directory, name, language)
        page.parent.mkdir(exist_ok=True)
        page.write_text(content, encoding="utf-8")


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


def _document(graph: Graph) -> str:
    from pylode.profiles.ontpub import OntPub  # noqa: PLC0415

    publication = OntPub(ontology=graph)
    publication.make_html()
    return _leading_somewhere(publication.content.render(pretty=False))


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


if __name__ == "__main__":
    keep_pages(*map(Path, sys.argv[1:]))
