"""Write what docs/model.md and docs/questions.md show of a release: an example of each property, answers.

Run it (``python scripts/doc_answers.py build/current``) when queries or the graph change, then ``make docs``;
tests compare the files with the release of today.
"""

import csv
import json
import sys
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from mappe_servizi.rdf.queries import read_queries
from mappe_servizi.rdf.reference import ANSWERS, EXAMPLES

DOCS = Path("docs")
SHOWN = 3
"""Rows of an answer."""
PROPERTIES = """SELECT ?p (MIN(STR(?s)) AS ?first) {
    ?s ?p ?o FILTER(!CONTAINS(STR(?s), "/data/person/") && !CONTAINS(STR(?s), "/data/responsibility/"))
} GROUP BY ?p ORDER BY ?p"""
"""No person's name stands in a file of the repository for an example."""
PERSON = "/data/person/"


def examples(store: Store) -> list[dict[str, str]]:
    """A triple of each property: that of the first subject, with the first object."""
    rows = []
    for row in store.query(PROPERTIES):
        subject, name = row["first"].value, str(row["p"])
        objects = store.query(f"SELECT ?o {{ <{subject}> {name} ?o }} ORDER BY STR(?o)")
        rows.append({"property": name, "subject": f"<{subject}>", "object": str(next(iter(objects))["o"])})
    return rows


def answers(store: Store) -> dict[str, object]:
    """The answer to each query of the gallery, with the defaults of its parameters."""
    found: dict[str, object] = {}
    for name, query in read_queries(Path("queries") / "examples").items():
        solutions = store.query(query.text, substitutions=query.bind({}))
        assert isinstance(solutions, QuerySolutions)
        columns = [variable.value for variable in solutions.variables]
        rows = [{c: getattr(row[c], "value", None) for c in columns} for row in solutions]
        shown = [row for row in rows[:SHOWN] if not any(PERSON in (value or "") for value in row.values())]
        found[name] = {"rows": len(rows), "first": shown}
    return found


if __name__ == "__main__":
    release = Store.read_only(str(Path(sys.argv[1]) / "store"))
    with (DOCS / EXAMPLES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("property", "subject", "object"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(examples(release))
    text = json.dumps(answers(release), ensure_ascii=False, indent=1)
    (DOCS / ANSWERS).write_text(text + "\n", encoding="utf-8")
