"""Every maintained table."""

from __future__ import annotations

from typing import Any

from mappe_servizi.model.tables import (
    concepts,
    edition,
    form,
    knowledge,
    linking,
    municipality,
    ontology,
    phrases,
    program,
    proposals,
    providers,
)
from mappe_servizi.model.tables.table import Table

TABLES: tuple[Table[Any], ...] = (
    *municipality.TABLES,
    *edition.TABLES,
    *providers.TABLES,
    *form.TABLES,
    *knowledge.TABLES,
    *phrases.TABLES,
    *concepts.TABLES,
    *proposals.TABLES,
    *linking.TABLES,
    *ontology.TABLES,
    *program.TABLES,
)
