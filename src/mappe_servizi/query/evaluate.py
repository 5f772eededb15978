"""Evaluating a query on a release's store, in a worker or at a terminal.

Workers import this at their start: what only some queries need is imported for those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

if TYPE_CHECKING:
    from mappe_servizi.query.functions import Functions

FUNCTIONS = ("matches", "relevance")
"""The functions of ours that queries may call (``functions``), below the ontology's namespace."""
UNSUPPORTED = re.compile(r"The custom (?:aggregate )?function <.*> (?:is not supported|requires)")
NAMES_GRAPH = re.compile(r"graph|from", re.IGNORECASE)
DATA_GRAPH = "graph/data"
"""Below the base: where a remote engine has what stands in the default graph here."""
MAY_NAME_IT = ("data>", ":data", "/d>", "/da>", "/dat>", "\\")
"""What a text has that names that graph: an end of an IRI, whole or cut by a prefix, or an escape. Most
queries of ours name a resource below ``data/``; to take these apart cost as much as to evaluate them."""


class RefusedError(Exception):
    """A query that cannot be used as it is.

    Attributes:
        more: the members of a problem document that say where and why (``explain.Mistake``).
    """

    def __init__(self, detail: str, more: Mapping[str, object] | None = None) -> None:
        super().__init__(detail)
        self.more = dict(more or {})


class Evaluator:
    """Asks the store of one release.

    Attributes:
        base: of the release's IRIs; what relative IRIs of a query are resolved against.
        prefixes: our own, by which a mistake can be mended.
        index: the release's index of words.
    """

    def __init__(
        self, store: ox.Store, base: str | None, prefixes: Mapping[str, str], index: Path | None
    ) -> None:
        self.store, self.base, self.prefixes, self.index = store, base, prefixes, index
        self.empty = ox.Store()
        self._functions: Functions | None = None

    def query(self, text: str, **options: Any) -> Any:
        """The result of a query, as ``Store.query`` gives it; it is evaluated as it is read.

        Raises:
            RefusedError: the query is no SPARQL, or asks for what is not offered.
        """
        functions = self._called(text)
        if functions is not None:
            functions.fault = ""
            options["custom_functions"] = functions.by_name
        if self.base and any(end in text for end in MAY_NAME_IT) and NAMES_GRAPH.search(text):
            self._refuse_data_graph(text)
        try:
            if "*" in text and "service" not in text.lower():
                from mappe_servizi.query.columns import spelt_out  # noqa: PLC0415

                return self.store.query(
                    spelt_out(text, lambda text: self._columns(text, options)), base_iri=self.base, **options
                )
            return self.store.query(text, base_iri=self.base, **options)
        except (SyntaxError, ValueError) as error:
            raise self._explained(text, str(error)) from error
        except RuntimeError as error:
            if UNSUPPORTED.search(str(error)):
                raise self._explained(text, str(error)) from error
            raise

    def _columns(self, text: str, options: Mapping[str, Any]) -> list[str]:
        """The columns of a query, asked of a store without triples: of ours that would be work."""
        functions = options.get("custom_functions")
        solutions: Any = self.empty.query(text, base_iri=self.base, custom_functions=functions)
        return [variable.value for variable in solutions.variables]

    def check(self) -> None:
        """See, after a result has been read, that no function was called wrongly.

        Raises:
            RefusedError: one was, so that the result does not mean what was asked.
        """
        if self._functions is not None and self._functions.fault:
            fault, self._functions.fault = self._functions.fault, ""
            raise RefusedError(fault)

    def graph(self, iri: str) -> Any:
        """A graph of the protocol's dataset; the name that remote engines have for the data is known here."""
        return ox.DefaultGraph() if iri == f"{self.base}{DATA_GRAPH}" else ox.NamedNode(iri)

    def _called(self, text: str) -> Functions | None:
        """Our functions, where a query may call one of them."""
        if "mds" not in self.prefixes or not ("\\" in text or any(name in text for name in FUNCTIONS)):
            return None
        if self._functions is None:
            from mappe_servizi.query.functions import Functions  # noqa: PLC0415

            self._functions = Functions(self.prefixes["mds"], self.index)
        return self._functions

    def _refuse_data_graph(self, text: str) -> None:
        from mappe_servizi.query.lexer import iris, lexemes, unescaped  # noqa: PLC0415

        found = lexemes(unescaped(text))
        words = {lexeme.upper for lexeme in found}
        if words.isdisjoint({"GRAPH", "FROM"}) or "SERVICE" in words:
            return
        if any(iri == f"{self.base}{DATA_GRAPH}" for iri, _ in iris(found, self.base)):
            raise RefusedError(
                f"there is no graph <{self.base}{DATA_GRAPH}> here, the data stand in the default graph: "
                "write the pattern without GRAPH and FROM"
            )

    def _explained(self, text: str, message: str) -> RefusedError:
        from mappe_servizi.query.explain import explain  # noqa: PLC0415

        mistake = explain(text, message, self.prefixes)
        return RefusedError(mistake.sentence, mistake.members)
