"""Each part of a page is in the language that it declares: a detector reads every kind of page."""

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from browser.places import NAMES, place
from portal.test_every_page import in_sitemaps
from served import Served

MORE = {
    "wrong parameter": "/page/public-service/c_d150/asili-nido?page=x",
    "wrong format": "/about?format=ttl",
    "corrected": "/page/measurement/c_d150/2020/civico-cimitero/outputs-salme-cremate/2020",
}
SOME = 40
"""Pages of all that crawlers are told, beside one of each kind."""
LEAST, SURE = 8, 0.9
"""Words of a text that can be told, and how sure the detector must be that its language is another."""
BREAKS = {
    "p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "caption", "figcaption", "summary", "small",
    "div", "section", "label", "option", "button",
}  # fmt: skip
UNSPOKEN = {"title", "script", "style", "code", "pre", "svg", "textarea"}
UNKNOWN = "?"
"""What a literal of the data without a language is in, as ``lang=""`` declares."""
VOID = {"meta", "link", "br", "input", "img", "hr", "use", "path", "rect"}


class Spoken(HTMLParser):
    """The texts of a page, each with the language that it is declared to be in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str, bool]] = [("", "", True)]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        told, (_, outer, spoken) = dict(attrs), self._open[-1]
        language = told["lang"] or UNKNOWN if "lang" in told else outer
        if tag in BREAKS or language != outer:
            self.texts.append((language, ""))
        self._open.append((tag, language, spoken and tag not in UNSPOKEN and told.get("translate") != "no"))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == one for one, *_ in self._open):
            while self._open.pop()[0] != tag:
                pass
            self.texts.append((self._open[-1][1], ""))

    def handle_data(self, data: str) -> None:
        _, language, spoken = self._open[-1]
        if spoken:
            same = self.texts and self.texts[-1][0] == language
            self.texts.append((language, (self.texts.pop()[1] if same else "") + data))


def sentences(page: str) -> Iterator[tuple[str, str]]:
    """Texts that are long enough to be told, without addresses and what is quoted within them."""
    for language, text in dict.fromkeys(Spoken(page).texts):
        plain = re.sub(r"«[^»]*»|“[^”]*”|https?://\S+|[\w.]+@\S+|\d+", " ", text)
        if len(re.findall(r"[^\W\d_]{2,}", plain)) >= LEAST:
            yield language, " ".join(plain.split())


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(Language.ITALIAN, Language.ENGLISH).build()


def test_every_part_is_in_its_language(
    site: Served, client: httpx.Client, detector: LanguageDetector
) -> None:
    wrong, read = set(), 0
    declared = {"it": Language.ITALIAN, "en": Language.ENGLISH}
    listed = sorted(path.partition("?")[0] for path in in_sitemaps(client) if path.endswith("?lang=it"))
    some = random.Random(20).sample(listed, SOME)
    for name in [*NAMES, *MORE, *some]:
        path = MORE.get(name) or (name if name in some else place(site, name))
        for language in declared:
            address = f"{path}{'&' if '?' in path else '?'}lang={language}"
            page = client.get(address, headers={"accept": "text/html"}, follow_redirects=True).text
            for told, text in sentences(page):
                if told == UNKNOWN:
                    continue
                found = detector.compute_language_confidence_values(text)[0]
                read += 1
                if found.value > SURE and found.language != declared[told[:2]]:
                    wrong.add((name, told, text[:160]))
    assert read > 1_000
    assert sorted(wrong) == []


def test_a_text_of_another_language_is_found(detector: LanguageDetector) -> None:
    page = (
        '<html lang="it"><p>the fullest of the printed forms; the others leave the legal form out</p></html>'
    )
    [(told, text)] = sentences(page)
    assert (told, detector.detect_language_of(text)) == ("it", Language.ENGLISH)
