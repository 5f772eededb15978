"""Pages of services as sites of the national model print them, in the ways of several content managers."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from html import escape

FILLER = "Lorem ipsum dolor sit amet, consectetur adipiscing elit."
NIDO: dict[str, object] = {
    "title": "Iscrizione all'asilo nido",
    "category": "Educazione e formazione",
    "description": "Il Comune accoglie nei suoi nidi i bambini dai 3 ai 36 mesi.",
    "addressed": "Il servizio è rivolto a:",
    "groups": ["famiglie residenti con bambini da 3 a 36 mesi", "genitori che lavorano nel Comune"],
    "how": ["Compila la domanda online.", "Riceverai la ricevuta per posta elettronica."],
    "needed": ["attestazione ISEE", "documento d'identità"],
    "achieved": "Un posto nella graduatoria dei nidi comunali",
    "times": ["Le domande si presentano dal 1 al 31 marzo.", ("31", "MAR", "Chiusura delle iscrizioni")],
    "cost": "La retta va da 90,00 a 450,00 euro al mese, secondo l'ISEE.",
    "online": "https://servizi.comune.castelleone.example.it/nido",
    "office": "Ufficio Servizi educativi",
    "address": ("Piazza Municipio, 23", "26012", "Castelleone"),
}
CARTA: dict[str, object] = {
    **NIDO,
    "title": "Carta d'identità elettronica",
    "category": "Anagrafe e stato civile",
    "description": "Il documento che prova l'identità di chi risiede nel Comune.",
    "addressed": "A tutti i cittadini residenti.",
    "groups": [],
    "how": ["Prenota un appuntamento allo sportello."],
    "needed": ["fototessera recente", "carta precedente"],
    "achieved": "La carta d'identità elettronica, spedita a casa",
    "times": ["Sei giorni lavorativi."],
    "cost": "Il servizio è gratuito.",
    "online": "https://servizi.comune.castelleone.example.it/cie",
    "office": "Ufficio Anagrafe",
}


def metatag(facts: Mapping[str, object], ipa: str = "c_c153") -> str:
    street, post, town = facts["address"]  # type: ignore[misc]
    value = {
        "@context": "http://schema.org",
        "@type": "GovernmentService",
        "name": facts["title"],
        "serviceType": facts["category"],
        "serviceOperator": {"name": ipa},
        "areaServed": {"name": "Castelleone"},
        "audience": {"audienceType": f"<p>{facts['addressed']}</p>"},
        "availableChannel": {
            "serviceUrl": facts["online"],
            "serviceLocation": {
                "name": facts["office"],
                "address": {"streetAddress": street, "postalCode": post, "addressLocality": town},
            },
        },
    }
    return f'<script type="application/ld+json" data-element="metatag">{json.dumps(value, indent=1)}</script>'


def _list(items: object) -> str:
    assert isinstance(items, list)
    return (
        "<ul>" + "".join(f"<li><span>{escape(one)}</span></li>" for one in items) + "</ul>" if items else ""
    )


def _times(facts: Mapping[str, object]) -> str:
    made = ""
    for one in facts["times"]:  # type: ignore[attr-defined]
        if isinstance(one, tuple):
            day, month, said = one
            made += (
                f'<div class="calendar-date"><div><span>{day}</span> <small>{month}</small></div>'
                f"<div><h3>{said}</h3></div></div>"
            )
        else:
            made += f"<p>{one}</p>"
    return made


def _frame(title: str, head: str, main: str) -> str:
    return f"""<!doctype html>
<html lang="it"><head><meta charset="utf-8"><title>{escape(title)} - Comune di Castelleone</title>
<link rel="canonical" href="https://www.comune.castelleone.example.it/servizi/pagina/">
<style>.a {{ color: red }}</style></head><body>
<header><a href="/">Comune di Castelleone</a><nav><ul><li>Servizi</li></ul></nav></header>
<main>{head}{main}
<div class="bg-primary"><h2>Quanto sono chiare le informazioni su questa pagina?</h2>
<p>Valuta da 1 a 5</p></div>
<section><h2>Contatta il Comune</h2><ul><li>Leggi le domande frequenti</li></ul></section></main>
<footer><h2>Contatti</h2><p>Piazza Municipio, 23</p></footer></body></html>"""


def _index() -> str:
    return (
        '<nav aria-label="Indice della pagina"><ul data-element="page-index"><li><a href="#who-needs">A chi '
        "è rivolto</a></li></ul></nav>"
    )


def wordpress(facts: Mapping[str, object], script: str | None = None) -> str:
    """Some parts by data-element, the others by their headings alone, buttons that are scripts."""
    title = escape(str(facts["title"]))
    return _frame(
        str(facts["title"]),
        script if script is not None else metatag(facts),
        f"""<nav class="breadcrumb"><ol><li>Home</li><li>Servizi</li></ol></nav>
<h1 class="title-xxxlarge" data-element="service-title">
  {title}
</h1><ul><li><div data-element="service-status"><span>Servizio attivo</span></div></li></ul>
<p data-element="service-description">{facts["description"]}</p>
<button type="button" onclick="location.href='{facts["online"]}';"><span>Accedi al servizio</span></button>
{_index()}
<section><h2 id="who-needs">A chi è rivolto</h2><div data-element="service-addressed">
<p>{facts["addressed"]}</p>{_list(facts["groups"])}</div></section>
<section><h2 id="how-to">Come fare</h2>
<div class="richtext-wrapper lora">{_paragraphs(facts["how"])}</div></section>
<section class="has-bg-grey"><h2 id="needed">Cosa serve</h2><div><p>Per presentare la domanda serve:</p>
{_list(facts["needed"])}</div></section>
<section><h2 id="obtain">Cosa si ottiene</h2><div><p>{facts["achieved"]}</p></div></section>
<section><div class="cmp-timeline"><h2 id="deadlines">Tempi e scadenze</h2>{_times(facts)}</div></section>
<section><h2 id="costs">Quanto costa</h2><div>{facts["cost"]}</div></section>
<section><h2 id="submit-request">Accedi al servizio</h2>
<p>Puoi accedere con SPID o CIE.</p>
<button type="button" onclick="location.href='{facts["online"]}';"><span>Richiedi online</span></button>
</section><section><h2 id="conditions">Condizioni di servizio</h2>
<div>Leggi i termini e le condizioni.</div></section>
<section><h2 id="contacts">Contatti</h2><div class="card"><h3>{facts["office"]}</h3></div></section>""",
    )


def _paragraphs(items: object) -> str:
    assert isinstance(items, list)
    return "".join(f"<p>{escape(one)}</p>" for one in items)


def static(facts: Mapping[str, object], script: str | None = None) -> str:
    """All parts by data-element, as the model's own templates have them."""
    return _frame(
        str(facts["title"]),
        script if script is not None else metatag(facts),
        f"""<div><h1 data-element="service-title">{escape(str(facts["title"]))}</h1>
<div data-element="service-status" class="chip">Servizio attivo</div>
<p data-element="service-description">{facts["description"]}</p></div>{_index()}
<h2>A chi è rivolto</h2><div data-element="service-addressed"><p>{facts["addressed"]}</p>
{_list(facts["groups"])}</div>
<h2>Come fare</h2><div data-element="service-how-to">{_paragraphs(facts["how"])}</div>
<h2>Cosa serve</h2><div data-element="service-needed"><p>Per presentare la domanda serve:</p>
{_list(facts["needed"])}</div>
<h2>Cosa si ottiene</h2><div data-element="service-achieved"><p>{facts["achieved"]}</p></div>
<h2>Tempi e scadenze</h2><div data-element="service-calendar-list">{_times(facts)}</div>
<h2>Quanto costa</h2><div data-element="service-cost"><p>{facts["cost"]}</p></div>
<h2>Accedi al servizio</h2><p><a class="btn" data-element="service-online-access"
href="{facts["online"]}">Richiedi online</a></p>
<h2>Contatti</h2><div data-element="service-area" class="card"><h3>{facts["office"]}</h3></div>
<div>Argomenti: <a data-element="service-topic" href="/argomenti/famiglia">Famiglia</a></div>""",
    )


def plone(facts: Mapping[str, object], script: str | None = None) -> str:
    """Sections with headings of another wording, elements on the headings' sections, no JSON-LD of use."""
    return _frame(
        str(facts["title"]),
        script if script is not None else metatag(facts),
        f"""<div id="page-document"><h1 data-element="service-title">{escape(str(facts["title"]))}</h1>
<p class="documentDescription" data-element="service-description">{facts["description"]}</p>
<section id="a-chi-si-rivolge"><h2>A chi si rivolge</h2><div class="richtext-blocks"><div><p>
{facts["addressed"]}<p>{_list(facts["groups"])}</div></div></section>
<section id="come-si-fa"><h2>Come si fa</h2>{_paragraphs(facts["how"])}</section>
<section id="cosa-serve"><h2>Cosa serve</h2><div><p>Per presentare la domanda serve:<p>
{_list(facts["needed"])}</div></section>
<section id="cosa-si-ottiene"><h2>Cosa si ottiene</h2><p>{facts["achieved"]}</section>
<section><h2>Tempi e scadenze</h2><div>{_times(facts)}</div></section>
<section id="costi"><h2>Costi</h2><table><tr><td>{facts["cost"]}</td></tr></table></section>
<section><h2>Accedere al servizio</h2><a href="{facts["online"]}">Richiedi online</a></section>
<section><h2>Ufficio responsabile</h2>
<div class="card"><h5><a href="/uffici/x">{facts["office"]}</a></h5></div>
</section>
</div>""",
    )


def forms(facts: Mapping[str, object], script: str | None = None) -> str:
    """A site that wraps all of the page into a form and has no main; entities and Windows-1252."""
    page = static(facts, script).replace("<main>", '<form id="aspnetForm"><div id="content">')
    return page.replace("</main>", "</div></form>").replace("à", "&agrave;").replace("è", "&egrave;")


THEMES = {"wordpress": wordpress, "static": static, "plone": plone, "forms": forms}


def archive(pages: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, page in pages.items():
            made.writestr(name, page)
    return file.getvalue()
