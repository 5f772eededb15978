"""How lists write an organisation's name: noise of fixed kinds and rates.

The kinds are those seen in Cremona's document and usual in lists of suppliers: each is applied
on its own, with its rate, to the name as the register has it.
"""

from __future__ import annotations

import random
import re

from mappe_servizi.synthesize.organizations import Organization
from mappe_servizi.synthesize.words import FIRST_NAMES, FORMER_TOWNS

RATES = {
    "form dropped": 0.12,
    "form moved": 0.20,
    "form abbreviated": 0.60,
    "quality dropped": 0.30,
    "saint abbreviated": 0.50,
    "pious work abbreviated": 0.50,
    "first name to initials": 0.40,
    "town added": 0.12,
    "former town's name": 0.50,
    "town not given": 0.10,
    "word misspelt": 0.10,
    "all capitals": 0.15,
    "quotation marks": 0.10,
    "article dropped": 0.20,
}
"""Share of the names that each kind touches, of those that it can touch."""
ABBREVIATIONS = {
    "Società Cooperativa Sociale": (
        "Soc. Coop. Sociale", "Coop. Soc.", "Soc. Coop. Soc.", "Coop. Sociale", "s.c.s.", "Coop.",
    ),
    "Fondazione": ("Fond.", "F.ne"),
    "Associazione": ("Ass.", "Ass.ne"),
    "s.r.l.": ("srl", "S.R.L.", "società a responsabilità limitata"),
    "Consorzio": ("Cons.",),
    "ASD": ("A.S.D.", "Associazione Sportiva Dilettantistica"),
}  # fmt: skip
_ARTICLE = re.compile(r"^(?:Il|La|Lo|Le|I|L['’])\s*(?=[A-Z])")


def noisy(organization: Organization, rng: random.Random) -> tuple[str, str]:
    """A name and town as a list might print them; the town is "" where the list gives none."""

    def touched(kind: str) -> bool:
        return rng.random() < RATES[kind]

    core = _core(organization.core, rng)
    form, quality = organization.form, organization.quality
    if form in ABBREVIATIONS and touched("form abbreviated"):
        form = rng.choice(ABBREVIATIONS[form])
    after = organization.kind in ("cooperative", "company")
    if touched("form moved"):
        after = not after
    if touched("form dropped") and organization.kind != "parish":
        form = ""
    if quality and touched("quality dropped"):
        quality = ""
    if touched("quotation marks"):
        core = f'"{core}"'
    town = organization.town
    if town in FORMER_TOWNS and touched("former town's name"):
        town = FORMER_TOWNS[town]
    parts = [core, form] if after else [form, core]
    name = " ".join(filter(None, [*parts, quality]))
    if touched("town added"):
        name = f"{name} ({town})" if rng.random() < 0.5 else f"{name} di {town}"
    if touched("all capitals"):
        name = name.upper()
    return name, "" if touched("town not given") else town


def _core(core: str, rng: random.Random) -> str:
    if rng.random() < RATES["saint abbreviated"]:
        core = re.sub(r"\b(?:San|Santa|Santo) (?=[A-Z])|\bSant'(?=[A-Z])", "S. ", core)
    if "Opera Pia" in core and rng.random() < RATES["pious work abbreviated"]:
        core = core.replace("Opera Pia", "O.P.")
    if rng.random() < RATES["first name to initials"]:
        core = _initials(core)
    if rng.random() < RATES["article dropped"]:
        core = _ARTICLE.sub("", core)
    return _misspelt(core, rng) if rng.random() < RATES["word misspelt"] else core


def _initials(core: str) -> str:
    for name in FIRST_NAMES:
        if core.startswith(f"{name} ") and " e " not in core:
            return "".join(f"{part[0]}." for part in name.split()) + core.removeprefix(name)
    return core


def _misspelt(core: str, rng: random.Random) -> str:
    """One word of four letters or more with one letter lost, doubled, changed or swapped."""
    words = core.split()
    long = [i for i, word in enumerate(words) if len(word) >= 4]
    if not long:
        return core
    at = rng.choice(long)
    word, i = words[at], rng.randrange(1, len(words[at]) - 1)
    words[at] = rng.choice(
        [
            word[:i] + word[i + 1 :],
            word[:i] + word[i] + word[i:],
            word[:i] + rng.choice("aeiorstln") + word[i + 1 :],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        ]
    )
    return " ".join(words)
