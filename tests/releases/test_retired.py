"""What was published under another IRI leads to what it is now."""

from mappe_servizi.model.identifiers import RegisteredSlug
from mappe_servizi.releases.retired import renamed

BASE = "https://e.org/"
ROWS = {
    "c_x": [
        RegisteredSlug("finding", "", "a finding", "sum-1", "moved:2020", "2020"),
        RegisteredSlug("document", "", "a document", "document", "moved:2020", "2020"),
        RegisteredSlug("service", "area", "Tributi", "tributi", "renamed:imposte", "2020"),
    ]
}


def test_what_got_an_edition_into_its_iri_is_found_by_its_row() -> None:
    def now(path: str) -> str | None:
        return renamed(f"{BASE}data/{path}", BASE, ROWS)

    assert now("finding/c_x/sum-1") == f"{BASE}data/finding/c_x/2020/sum-1"
    assert now("distribution/c_x/2020/document") == f"{BASE}data/document/c_x/2020/document"
    assert now("public-service/c_x/tributi") == f"{BASE}data/public-service/c_x/imposte"
    assert now("finding/c_x/2020/sum-1") is None
    assert now("finding/c_y/sum-1") is None
    assert now("correction/c_x/sum-1") is None
