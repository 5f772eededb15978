"""Where in the form a clerk writes what a sheet says: beside and below the labels that are printed there."""

from collections.abc import Iterator, Sequence

from reading.render import Sheet

Filled = tuple[tuple[int, int], str | float | int]


def filled(labels: Sequence[Sequence[object]], sheet: Sheet) -> Iterator[Filled]:
    """Row and column, from 0, and what is written there; numbers as numbers, as a spreadsheet has them."""
    first = [str(row[0] or "") if row else "" for row in labels]

    def below(label: str, rows: Sequence[Sequence[str]], after: int = 0) -> Iterator[Filled]:
        start = first.index(label, after) + 1
        for down, row in enumerate(rows):
            for across, text in enumerate(row):
                if text:
                    yield (start + down, across), number(text) if across else text

    yield (first.index("Servizio"), 1), sheet.name
    yield (first.index("Responsabile"), 1), sheet.official
    yield (
        (first.index("Area"), 1),
        "Servizi alla persona" if "sociali" in str(sheet.structures) else "Servizi",
    )
    central, accessory = first.index("1) Elemento centrale"), first.index("2) Elementi accessori")
    yield from below("Elemento", sheet.central, central)
    yield from below("Elemento", sheet.accessory, accessory)
    yield from below("Tipologia", [(label, *cells) for label, cells in sheet.outputs])
    yield from below("Criterio", [(text,) for text in sheet.criteria])
    segments = first.index("Segmenti di utenza")
    yield from below("Segmenti di utenza", sheet.segments, segments + 1)
    yield from below("Utenti seguiti (per ogni segmento)", [(label, *cells) for label, cells in sheet.users])
    for form, mark in sheet.management.items():
        yield (first.index(form.capitalize()), 1), mark
    yield (first.index("Personale"), 1), number(sheet.personnel)
    involved = first.index("Segmenti di utenza coinvolti nell'erogazione del Servizio")
    yield from below("Segmenti di utenza", sheet.coproduction, involved)
    yield from below("Strutture", sheet.structures)


def number(text: str) -> str | float | int:
    plain = text.replace(".", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value
