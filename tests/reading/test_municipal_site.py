"""Services' pages of municipal sites: the same records by every theme, what is wrong told with its place."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpers import ROOT
from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.records import Correction, Municipality
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.providers.opening import find_openings
from mappe_servizi.reading.service_page import PageWords
from mappe_servizi.reading.site import SiteReading
from mappe_servizi.sources.block import Content, Unfit
from mappe_servizi.sources.kinds import read_source
from mappe_servizi.sources.municipal_site import packed

from .site_pages import CARTA, FILLER, NIDO, THEMES, archive, forms, metatag, plone, static, wordpress

WORDS = PageWords.load(ROOT / "data" / "knowledge")
TOWN = Municipality("c_c153", "019025", "Comune di Castelleone", 2024, Path("document.zip"), "Servizi")
NOTHING = "<!doctype html><html><body><h1>Benvenuti</h1></body></html>"


def content(pages: Mapping[str, str | bytes]) -> Content:
    return read_source(archive(pages), Path("document.zip"))


def reading(pages: Mapping[str, str | bytes], corrections: tuple[Correction, ...] = ()) -> SiteReading:
    return SiteReading(TOWN, content(pages), WORDS, corrections)


def one(page: str) -> ServiceMap:
    _, _, [sheet] = reading({"p.html": page}).read()
    return sheet


def asked(pages: Mapping[str, str | bytes]) -> list[tuple[str, str]]:
    """What is asked of each place."""
    of = reading(pages)
    of.read()
    return [(of.content.anchors[d.lines[0] - 1], d.asks) for d in of.decisions]


def said(sheet: ServiceMap) -> dict[str, object]:
    return {
        "elements": [(e.name.value, e.description.value if e.description else "") for e in sheet.elements],
        "segments": [s.name.value for s in sheet.segments],
        "structures": [(s.name.value, s.note.value if s.note else "") for s in sheet.structures],
        "conditions": [(c.kind, c.text.value) for c in sheet.conditions],
    }


NIDO_SAID = {
    "elements": [
        ("Iscrizione all'asilo nido", "Il Comune accoglie nei suoi nidi i bambini dai 3 ai 36 mesi."),
        ("Un posto nella graduatoria dei nidi comunali", ""),
    ],
    "segments": ["famiglie residenti con bambini da 3 a 36 mesi", "genitori che lavorano nel Comune"],
    "structures": [
        ("Ufficio Servizi educativi", "Piazza Municipio, 23, 26012, Castelleone"),
        ("Richiedi online", "https://servizi.comune.castelleone.example.it/nido"),
    ],
    "conditions": [
        ("cost", "La retta va da 90,00 a 450,00 euro al mese, secondo l'ISEE."),
        ("times", "Le domande si presentano dal 1 al 31 marzo. 31 MAR Chiusura delle iscrizioni"),
        ("procedure", "Compila la domanda online. Riceverai la ricevuta per posta elettronica."),
        ("evidence", "attestazione ISEE"),
        ("evidence", "documento d'identità"),
    ],
}


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_gives_the_same_service(theme: str) -> None:
    found = one(THEMES[theme](NIDO))
    assert said(found) == NIDO_SAID
    assert found.responsible is None
    assert found.indicators == ()


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_alone_is_a_document_too(theme: str) -> None:
    data = THEMES[theme](CARTA).encode()
    assert read_source(data, Path("carta.html")).pages[0].parts[0].text == "Carta d'identità elettronica"


def test_every_text_has_its_page_and_element() -> None:
    of = reading({"servizi/nido.html": wordpress(NIDO), "z.html": NOTHING})
    areas, entries, [sheet] = of.read()
    assert [area.title.value for area in areas] == ["Educazione e formazione"]
    assert [entry.title.value for entry in entries] == ["Iscrizione all'asilo nido"]
    anchors = of.content.anchors
    assert anchors[sheet.heading.lines[0] - 1] == "file=servizi/nido.html&element=service-title"
    assert anchors[areas[0].title.lines[0] - 1] == "file=servizi/nido.html&key=serviceType"
    evidence = sheet.conditions[-1].text
    assert anchors[evidence.lines[0] - 1] == "file=servizi/nido.html&heading=Cosa%20serve&item=3"
    assert not of.ledger.untold()
    rows = of.ledger.rows()
    assert {row.section for row in rows} >= {"title", "cost", "evidence", "site"}
    assert (rows[-1].kind, of.content.lines[-1]) == ("page", "z.html")
    assert of.decisions == []


def test_pages_stand_in_the_order_of_their_names_under_their_categories() -> None:
    areas, entries, maps = reading({"b.html": static(NIDO), "a.html": plone(CARTA)}).read()
    assert [area.title.value for area in areas] == ["Anagrafe e stato civile", "Educazione e formazione"]
    assert [(e.number, e.title.value) for e in entries] == [(1, CARTA["title"]), (2, NIDO["title"])]
    assert [sheet.number for sheet in maps] == [1, 2]


BROKEN = metatag(NIDO).replace("Piazza Municipio", 'Piazza "Municipio"')
MORE = metatag(NIDO).replace('"Castelleone"\n', '"Castelleone",\n')


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (BROKEN, "its JSON-LD is invalid"),
        (metatag(NIDO)[:400] + "</script>", "its JSON-LD is invalid"),
        (metatag(NIDO).replace("Castelleone", "Castel\nleone"), ""),  # a line end inside a text
        (MORE, ""),  # a comma before the end
        (metatag(NIDO).replace('"@type": "GovernmentService",\n', ""), ""),
        ('<script type="application/ld+json">{"@graph": [' + re.sub("</?script.*?>", "", metatag(NIDO))
         + "]}</script>", ""),
        ('<script type="application/ld+json">{"@type": "BreadcrumbList", }}</script>' + metatag(NIDO), ""),
        ("", ""),
    ],
)  # fmt: skip
def test_json_ld_may_be_of_no_use(script: str, problem: str) -> None:
    """What the page shows is read in any case; the category and the address are in the JSON-LD alone."""
    of = reading({"p.html": static(NIDO, script)})
    areas, _, [sheet] = of.read()
    told = [(of.content.anchors[d.lines[0] - 1], d.asks) for d in of.decisions]
    assert [problem in asks for _, asks in told] == ([True] if problem else [])
    assert all(place.startswith("file=p.html") for place, _ in told)
    told_all = not problem and bool(script)
    assert (areas[0].title.value == "Educazione e formazione") is told_all
    found = said(sheet)
    assert found | {"structures": []} == NIDO_SAID | {"structures": []}


@pytest.mark.parametrize(
    ("pages", "place", "says"),
    [
        ({"x.html": static({**NIDO, "cost": FILLER})}, "file=x.html&element=service-cost", "filler"),
        (
            {"x.html": static({**NIDO, "title": "Nome del servizio"})},
            "file=x.html&element=",
            "names no service",
        ),
        ({"x.html": static(NIDO, metatag(NIDO, "c_h501"))}, "key=serviceOperator.name", "c_h501 gives"),
        (
            {"x.html": static({**NIDO, "cost": "15 euro"}), "y.html": static(NIDO)},
            "file=y.html",
            "has this title",
        ),
        (
            {"x.html": static(NIDO).replace("Servizio attivo", "Servizio non attivo")},
            "service-status",
            "not given now",
        ),
        ({"x.html": static(NIDO, metatag({**NIDO, "title": "Nidi"}))}, "key=name", "which is right|shows"),
        ({"x.html": wordpress(NIDO).replace("Quanto costa", "Contributi")}, "heading=Contributi", "lacks"),
        ({"x.html": static(NIDO).encode().replace(b"Compila", b"\x00\x01")}, "file=x.html", "left out"),
        ({"x.html": static(NIDO).replace("<main>", "<main>" + "<div>" * 400)}, "file=x.html", "nested"),
    ],
)
def test_what_is_wrong_is_told_with_page_and_place(
    pages: dict[str, str | bytes], place: str, says: str
) -> None:
    found = asked({"a.html": static(CARTA), **pages})
    assert any(place in where and re.search(says, what) for where, what in found), found


def test_filler_is_nowhere_in_the_records() -> None:
    page = wordpress({**NIDO, "description": FILLER, "achieved": FILLER, "cost": FILLER})
    assert "ipsum" not in json.dumps(said(one(page)))


def test_the_same_page_saved_twice_is_one_service() -> None:
    of = reading({"a.html": static(NIDO), "b.html": static(NIDO)})
    assert len(of.read()[2]) == 1
    assert of.decisions == []
    assert not of.ledger.untold()


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ({"a.html": NOTHING, "b.html": NOTHING}, "none of its 2 pages is the page of a service"),
        ({"a.html": static({**NIDO, "title": FILLER})}, "no page of a service can be read"),
    ],
)
def test_a_site_without_a_service_is_refused(pages: dict[str, str | bytes], says: str) -> None:
    with pytest.raises(InputError, match=says):
        reading(pages).read()


def correction(**changed: object) -> Correction:
    told: dict[str, object] = {
        "id": "retta", "map": 1, "section": "conditions", "printed": "450,00", "occurrence": 1, "line": None,
        "kind": "misprint", "reads": "540,00", "reason": "r", "evidence": "e",
    }  # fmt: skip
    return Correction(**{**told, **changed})  # type: ignore[arg-type]


def test_a_correction_reaches_a_page_and_one_that_finds_nothing_is_told() -> None:
    _, _, [sheet] = reading({"a.html": static(NIDO)}, (correction(),)).read()
    assert "540,00" in sheet.conditions[0].text.value
    assert "450,00" in sheet.conditions[0].text.printed
    with pytest.raises(InputError, match="no longer finds '700'"):
        reading({"a.html": static(NIDO)}, (correction(printed="700"),)).read()


def test_a_folder_is_the_same_document_however_it_was_saved(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "nido.html").write_text(static(NIDO), encoding="utf-8")
    (tmp_path / "style.css").write_text("a {}", encoding="utf-8")
    (tmp_path / ".hidden.html").write_text(NOTHING, encoding="utf-8")
    (tmp_path / "out.html").symlink_to("/etc/hostname")
    first = packed(tmp_path)
    (tmp_path / "a" / "nido.html").touch()
    assert packed(tmp_path) == first
    pages = read_source(first, Path("d.zip")).pages
    assert [page.file for page in pages] == ["a/nido.html"]
    with pytest.raises(Unfit, match="no saved page"):
        packed(tmp_path / "none")


def damaged(page: str, chance: random.Random) -> bytes:
    """A page as a program, a transfer or a hand breaks it."""
    tags = list(re.finditer(r"<[^>]*>", page))
    tag, at = chance.choice(tags), chance.randrange(len(page))
    how = chance.randrange(6)
    if how == 0:
        return page[:at].encode()
    if how == 1:
        return page.encode()[:at] + bytes(chance.randrange(256) for _ in range(3)) + page.encode()[at:]
    without = page[: tag.start()] + page[tag.end() :]
    twice = page[: tag.end()] + tag.group() + page[tag.end() :]
    cut = page[: tag.end() - 1] + page[tag.end() :]
    moved = without[:at] + tag.group() + without[at:]
    return [without, twice, cut, moved][how - 2].encode()


@pytest.mark.parametrize("theme", THEMES)
def test_fifty_damages_of_a_page(theme: str) -> None:
    """The other page stays as it is; the damaged one is read, or told of; no text is made up."""
    chance, page = random.Random(f"site/{theme}"), THEMES[theme](NIDO)
    words = set(re.findall(r"\w+", " ".join(re.findall(r"[^<>]+", page)) + json.dumps(NIDO)))
    for _ in range(50):
        try:
            of = reading({"a.html": forms(CARTA), "b.html": damaged(page, chance)})
            _, _, maps = of.read()
        except InputErrors as errors:
            pytest.fail(str(errors))
        assert said(maps[0])["conditions"] == said(one(forms(CARTA)))["conditions"]
        assert len(maps) == 2 or any("file=b.html" in a for a in of.content.anchors)
        assert not of.ledger.untold()
        found = json.dumps([said(sheet) for sheet in maps[1:]], ensure_ascii=False)
        numbers = set(re.findall(r"[0-9]+(?:,[0-9]+)?", found))
        assert numbers <= set(re.findall(r"[0-9]+(?:,[0-9]+)?", page)) | words


@pytest.mark.parametrize(
    "piece", ["<p>a", "<li>", "</p>", "<a href=x>", "<h2>a", "&amp;", "<script", "<main"]
)
def test_a_hostile_page_keeps_no_other_from_being_read(piece: str) -> None:
    hostile = static(NIDO).replace("</main>", piece * 5_000 + "</main>")
    _, _, maps = reading({"a.html": static(CARTA), "b.html": hostile}).read()
    assert maps[0].heading.value == CARTA["title"]


OFFICE = """<section><h2>Contatti</h2><p>Ufficio Servizi educativi</p><p>Telefono: 0374 56379</p>
<p>nidi@comune.castelleone.example.it</p></section>
<section><h2>Orari al pubblico</h2><ul><li>dal lunedì al venerdì 9:00 - 12.30</li>
<li>giovedì anche dalle 15 alle ore 17.00</li></ul></section></main>"""


def test_contacts_and_hours_are_those_of_the_office() -> None:
    found = said(one(wordpress(NIDO).replace("</main>", OFFICE)))
    assert found["structures"][0] == (  # type: ignore[index]
        "Ufficio Servizi educativi",
        "Piazza Municipio, 23, 26012, Castelleone, Telefono: 0374 56379, nidi@comune.castelleone.example.it, "
        "Orari al pubblico: dal lunedì al venerdì 9:00 - 12.30, giovedì anche dalle 15 alle ore 17.00",
    )
    assert found | {"structures": []} == NIDO_SAID | {"structures": []}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        (
            "Orari al pubblico: dal lunedì al venerdì 9:00 - 12.30, giovedì anche dalle 15 alle ore 17.00",
            [((0, 1, 2, 3, 4), "09:00", "12:30"), ((3,), "15:00", "17:00")],
        ),
        ("Aperto martedì e sabato 8.30–13.00", [((1, 5), "08:30", "13:00")]),
        ("Orario: 9:00-12:00", [((), "09:00", "12:00")]),
        ("Orario: su appuntamento", []),
        ("Orario estivo dal 15-30 giugno", []),
        ("tel. 0374 9:00-12:00", []),
        ("Orari: 17:00-9:00", []),
        ("Orari 12/05-13/05", []),
    ],
)
def test_hours_are_read_as_they_are_printed(text: str, hours: list[tuple[tuple[int, ...], str, str]]) -> None:
    found = find_openings(text, WORDS.wording)
    assert [(one.days, one.opens, one.closes) for one in found] == hours
    assert all(one.printed in text for one in found)
