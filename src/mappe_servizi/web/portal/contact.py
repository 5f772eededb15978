"""Somebody to write to: who answers questions, and how a reader reports what is wrong on a page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from mappe_servizi.settings import Settings
from mappe_servizi.web.portal.page import Page
from mappe_servizi.web.portal.texts import translate

LONGEST = 600
"""Characters of a printed text that a report quotes: mail programs cut addresses of more than 2,000."""


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """Who answers questions about the data; all empty where the settings name nobody.

    Attributes:
        report_url: where errors are reported, with {title} and {text}; by mail where it is "".
    """

    name: str = ""
    email: str = ""
    url: str = ""
    report_url: str = ""

    @classmethod
    def of(cls, settings: Settings) -> ContactPoint:
        """That of the settings."""
        email, url = settings.contact_email or "", settings.contact_url or ""
        name = settings.contact_name or settings.publisher_name or email or url
        return cls(name if email or url else "", email, url, settings.report_url or "")

    def report(self, path: str, page: Page, language: str) -> str:
        """Where an error of a page is reported, with what is on it; "" where there is nobody to report to.

        Args:
            path: of the page.
            page: its title, the resource that it is about, and the lines that it quotes are told.
        """
        title = f"{translate('Errore nella pagina', language)}: {page.title or path}"
        text = "\n".join(
            [*_about(path, page, language), "", translate("Che cosa è sbagliato:", language), ""]
        )
        if self.report_url:
            return self.report_url.replace("{title}", _encoded(title)).replace("{text}", _encoded(text))
        if self.email:
            return f"mailto:{self.email}?subject={_encoded(title)}&body={_encoded(text)}"
        return self.url


def _about(path: str, page: Page, language: str) -> list[str]:
    """What a report is about: the page, the resource, and the first lines that it was read from."""
    about = [f"{translate('Pagina', language)}: {path}"]
    if page.reuse_of is not None:
        about.append(f"{translate('Identificativo', language)}: {page.reuse_of.iri}")
    for first in page.quotes[:1]:
        lines = f"{first.first}–{first.last}" if first.first != first.last else f"{first.first}"
        place = first.place or f"{translate('righe del documento', language)} {lines}"
        text = first.text.value
        about.append(f"{place}: «{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}»")
    return about


def _encoded(text: str) -> str:
    return quote(text, safe="")
