"""Renders sheets in the layouts that the form is printed in (the inverse of the reader)."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Literal

Markup = Literal["tabs", "pipes", "html"]


@dataclass(frozen=True)
class Sheet:
    """What a sheet says; empty strings are empty cells."""

    name: str
    official: str
    central: list[tuple[str, str]]
    accessory: list[tuple[str, str]]
    outputs: list[tuple[str, list[str]]]
    users: list[tuple[str, list[str]]]
    criteria: list[str]
    segments: list[tuple[str, str]]
    management: dict[str, str]
    personnel: str
    coproduction: list[tuple[str, str]]
    structures: list[tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """One way of printing the form."""

    markup: Markup = "tabs"
    heading: int = 0
    label_column: bool = True
    vertical_segments: bool = False
    page_break_every: int = 0
    dashes: bool = False
    emphasis: bool = False
    years: list[int] = field(default_factory=lambda: [2018, 2019, 2020])


def document(sheets: list[Sheet], layout: Layout) -> str:
    lines = ["Comune", "", "Area unica", ""]
    lines += [f"{n}. {sheet.name}" for n, sheet in enumerate(sheets, start=1)]
    for sheet in sheets:
        lines += ["", "ANALISI DELLA FORMULA GESTIONALE - MAPPE DEI SERVIZI", "", *_sheet(sheet, layout)]
    return "\n".join(lines) + "\n"


def _row(cells: list[str], layout: Layout) -> str:
    if layout.markup == "pipes":
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    if layout.markup == "html":
        return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
    return "\t".join(cells)


def _heading(sheet: Sheet, layout: Layout) -> list[str]:
    mark = "**" if layout.emphasis else ""
    return [
        [f"SERVIZIO {sheet.name}", f"RESPONSABILE {sheet.official}"],
        [f"{mark}SERVIZIO", f"RESPONSABILE{mark}", "", f"{mark}{sheet.name}", f"{sheet.official}{mark}"],
        ["SERVIZIO", "", sheet.name, "", "RESPONSABILE", "", sheet.official],
    ][layout.heading]


def _pairs(label: str, headers: list[str], rows: list[tuple[str, str]], layout: Layout) -> list[str]:
    lead = [""] if layout.label_column else []
    labelled = [_row([label, *headers], layout)]
    lines = labelled if layout.label_column else [label, _row(headers, layout)]
    for n, (name, note) in enumerate(rows, start=1):
        broken = layout.page_break_every and n % layout.page_break_every == 0
        if broken:
            lines += ["", _row([name, note], layout)]
            lead = []
        else:
            lines.append(_row([*lead, name, note], layout))
    return [*lines, *_dashes(layout)]


def _dashes(layout: Layout) -> list[str]:
    return [_row(["---", "-----"], layout)] if layout.dashes else []


def _figures(label: str, first: str, rows: list[tuple[str, list[str]]], layout: Layout) -> list[str]:
    lines = [label, ""] if label else []
    lines += [_row([first, "Quantità", "", ""], layout)]
    lines += [_row(["", *(f"31/12/{year}" for year in layout.years)], layout)]
    for n, (name, cells) in enumerate(rows, start=1):
        if layout.page_break_every and n % layout.page_break_every == 0:
            lines.append("")
        lines.append(_row([name, *cells], layout))
    return [*lines, *_dashes(layout)]


def _vertical(rows: list[tuple[str, str]], layout: Layout) -> list[str]:
    lines = [
        "Segmenti di utenza",
        _row(["", "Segmenti di utenza"], layout),
        _row(["", "Descrizione"], layout),
    ]
    return lines + [_row(["", text], layout) for row in rows for text in row]


def _sheet(sheet: Sheet, layout: Layout) -> list[str]:
    segments = (
        _vertical(sheet.segments, layout)
        if layout.vertical_segments
        else _pairs("Segmenti di utenza", ["Segmenti di utenza", "Descrizione"], sheet.segments, layout)
    )
    lead = [""] if layout.label_column else []
    role = "Ruolo nell'erogazione del servizio"
    return [
        *_heading(sheet, layout),
        "", "Contenuto del Servizio (che cosa erogo?)",
        "", "1) Elemento centrale", "",
        *_pairs("Elemento centrale", ["Elemento", "Descrizione"], sheet.central, layout),
        "", "2) Elementi accessori", "",
        *_pairs("Elementi accessori", ["Elemento", "Descrizione"], sheet.accessory, layout),
        "", *_figures("Output del Servizio", "Tipologia", sheet.outputs, layout),
        "", "Utenza del Servizio (a chi lo erogo?)", "",
        _row(["Criteri di segmentazione adottati", "Criterio"], layout),
        *(_row([*lead, text], layout) for text in sheet.criteria),
        "", *segments,
        "", *_figures("", "Utenti seguiti (per ogni segmento)", sheet.users, layout),
        "", "Sistema di erogazione del Servizio (come lo erogo?)", "",
        _row(["Forma gestionale", "Diretta", sheet.management.get("diretta", "")], layout),
        _row(["", "Esternalizzata", sheet.management.get("esternalizzata", "")], layout),
        _row(["", "Mista", sheet.management.get("mista", "")], layout),
        "", _row(["Risorse umane coinvolte", "Personale", sheet.personnel], layout), *_dashes(layout),
        "", *_pairs("Segmenti di utenza coinvolti nell'erogazione del Servizio",
                    ["Segmenti di utenza", role], sheet.coproduction, layout),
        "", *_pairs("Strutture erogative", ["Strutture", "Note"], sheet.structures, layout),
    ]  # fmt: skip
