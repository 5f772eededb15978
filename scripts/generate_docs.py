"""Write the pages of docs/ that are generated; with --check, fail where one is not up to date."""

import sys
from pathlib import Path

from decision_index import FOLDER, index

from mappe_servizi.model.outputs.documentation import documentation as files
from mappe_servizi.model.tables.dictionary import dictionary
from mappe_servizi.query.formats import documentation as formats
from mappe_servizi.rdf.reference import model, questions
from mappe_servizi.setting_texts import documentation
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize.providers_page import page


def providers() -> str:
    """docs/providers.md, of this instance."""
    return page(Settings())


def output() -> str:
    """docs/output.md, with its tables of files."""
    return files(OUTPUT.read_text(encoding="utf-8"))


DOCS = Path("docs")
OUTPUT = DOCS / "output.md"
PAGES = {
    OUTPUT: output,
    FOLDER / "README.md": index,
    Path("docs/tables.md"): dictionary,
    Path("docs/settings.md"): documentation,
    Path("docs/providers.md"): providers,
    Path("docs/formats.md"): formats,
    DOCS / "model.md": lambda: model(DOCS, Path("ontology")),
    DOCS / "questions.md": lambda: questions(DOCS, Path("queries")),
}

stale = []
for path, text in PAGES.items():
    if not path.exists() or path.read_text(encoding="utf-8") != text():
        stale.append(str(path))
        if "--check" not in sys.argv:
            path.write_text(text(), encoding="utf-8")
if stale and "--check" in sys.argv:
    sys.exit(f"not up to date, run `make docs`: {', '.join(stale)}")
