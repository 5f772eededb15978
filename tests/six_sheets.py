# ruff: noqa: E501 - a row of a sheet on a line
"""A made-up town's six sheets, as a careful clerk writes them; no row of any table says anything of them."""

from reading.render import Layout, Sheet, document

YEARS = [2021, 2022, 2023]
IPA, NAME, ISTAT = "c_b129", "Comune di Castelverde", "019026"


def _sheet(name: str, official: str, **says: object) -> Sheet:
    plain: dict[str, object] = {
        "accessory": [("Consulenza agli utenti", "Per appuntamento")],
        "criteria": ["Residenza", "Età"],
        "management": {"diretta": "X"},
        "personnel": "3",
        "coproduction": [("Famiglie", "Partecipano agli incontri")],
    }
    return Sheet(name=name, official=official, **{**plain, **says})  # type: ignore[arg-type]


SHEETS = [
    _sheet(
        "Asilo nido comunale", "Dott.ssa Maria Bianchi",
        central=[("Accoglienza dei bambini", "Accoglienza e cura dei bambini da tre mesi a tre anni"),
                 ("Refezione", "Pasti preparati nella cucina del nido")],
        outputs=[("Posti disponibili", ["42", "42", "48"]), ("Domande presentate", ["61", "58", "66"]),
                 ("Ore di apertura settimanali", ["50", "50", "52,5"])],
        segments=[("Bambini", "Bambini da tre mesi a tre anni"), ("Famiglie", "Famiglie dei bambini iscritti")],
        users=[("Bambini iscritti", ["40", "42", "47"]), ("Bambini con disabilità", ["1", "2", "n.d."])],
        management={"esternalizzata": "X Cooperativa sociale Il Girotondo"}, personnel="9",
        structures=[("Asilo nido Il Girotondo", "Via Roma 12"), ("Cooperativa sociale Il Girotondo", "Appalto")],
    ),
    _sheet(
        "Anagrafe e stato civile", "Rossi Giovanni",
        central=[("Certificati", "Rilascio dei certificati anagrafici e di stato civile"),
                 ("Carta d'identità", "Rilascio della carta d'identità elettronica")],
        outputs=[("Certificati rilasciati", ["1.240", "1.105", "987"]),
                 ("Carte d'identità elettroniche", ["612", "655", "701"])],
        segments=[("Cittadini residenti", "Chi risiede nel comune"), ("Stranieri", "Cittadini stranieri residenti")],
        users=[("Residenti al 31 dicembre", ["5.731", "5.760", "5.802"]), ("di cui stranieri", ["530", "541", "566"])],
        structures=[("Sportello anagrafe", "Piazza del Comune 1")],
    ),
    _sheet(
        "Biblioteca", "Dott.ssa Maria Bianchi",
        central=[("Prestito", "Prestito di libri e film"), ("Sala studio", "Posti con rete wireless")],
        outputs=[("Prestiti", ["8.450", "9.120", "> 9.500"]), ("Nuovi libri acquistati", ["310", "295", "340"])],
        segments=[("Lettori", "Iscritti alla biblioteca"), ("Studenti", "Studenti delle scuole")],
        users=[("Iscritti attivi", ["980", "1.012", "1.066"])],
        structures=[("Biblioteca comunale", "Via Verdi 3")],
    ),
    _sheet(
        "Polizia locale", "Comm. Luca Verdi",
        central=[("Controllo del traffico", "Pattuglie sulle strade del comune")],
        outputs=[("Violazioni accertate", ["1.020", "1.334", "1.290"]), ("Incidenti rilevati", ["18", "21", "16"]),
                 ("Sanzioni riscosse in euro", ["54.300,00", "61.120,50", "58.990,00"])],
        segments=[("Automobilisti", "Chi guida nel territorio")],
        users=[("Persone sanzionate", ["890", "1.150", "1.101"])],
        structures=[("Comando di polizia locale", "Via Mazzini 5")],
    ),
    _sheet(
        "Servizi cimiteriali", "Rossi Giovanni",
        central=[("Sepolture", "Inumazioni e tumulazioni"), ("Concessioni", "Concessione di loculi e tombe")],
        outputs=[("Sepolture", ["48", "51", "45"]), ("Loculi concessi", ["22", "19", "25"])],
        segments=[("Famiglie dei defunti", "Chi chiede una sepoltura")],
        users=[("Famiglie", ["47", "50", "45"])],
        management={"mista": "X"}, personnel="2 + 1 stagionale",
        structures=[("Cimitero comunale", "Via dei Cipressi")],
    ),
    _sheet(
        "Assistenza domiciliare agli anziani", "Dott.ssa Maria Bianchi",
        central=[("Assistenza domiciliare", "Aiuto alla persona e alla casa")],
        outputs=[("Ore di assistenza", ["4.120", "4.388", "4.502"]), ("Pasti a domicilio", ["3.650", "3.720", "3.901"])],
        segments=[("Anziani non autosufficienti", "Persone oltre i 65 anni")],
        users=[("Anziani assistiti", ["38", "41", "44"])],
        structures=[("Ufficio servizi sociali", "Piazza del Comune 1")],
    ),
]  # fmt: skip
CELLS = sum(
    1 for sheet in SHEETS for table in (sheet.outputs, sheet.users) for _, cells in table for c in cells if c
)
"""The cells of figures that the sheets print."""


def text(years: list[int] = YEARS, sheets: list[Sheet] = SHEETS) -> str:
    """The document as text."""
    return document(sheets, Layout(years=years)).replace("Comune\n", f"{NAME}\n", 1)
