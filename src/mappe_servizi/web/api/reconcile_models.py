"""What a client of the Entity Reconciliation API may ask by an address, and the forms of the answers."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from mappe_servizi.formats import FORM, JSON
from mappe_servizi.web.http.parameters import Parameters, Whole

MAX_BATCH, MAX_IDS, MAX_CURSOR = 50, 500, 1000
MAX_WORD = 3000
"""Characters of a text in an address."""


class Asked02(Parameters):
    """What version 0.2 asks."""

    queries: str = Field("", description="Un lotto di domande: un oggetto JSON.")
    extend: str = Field("", description="Un'estensione: un oggetto JSON.")


class Suggested(Parameters):
    """What suggestions begin with."""

    prefix: str = Field("", max_length=MAX_WORD, description="Come comincia il nome.")


class SuggestedEntities(Suggested):
    """What things are called, and from which one on."""

    type: str = Field("", description="Solo le cose di questo tipo.")
    cursor: Annotated[int, Whole(0, MAX_CURSOR)] = Field(0, description="Quante se ne saltano.")


class Proposed(Parameters):
    """Whose properties are wanted."""

    type: str = Field("", description="Di quale tipo; vuoto: di tutti.")
    limit: str = Field("", description="Quante al massimo.", json_schema_extra={"pattern": "^[0-9]*$"})


class Previewed(Parameters):
    """What is wanted in short."""

    id: str = Field("", max_length=MAX_WORD, description="La cosa, come le risposte la chiamano.")


class Suggestion(TypedDict):
    """A thing, a type or a property that begins so."""

    id: str
    name: str
    description: NotRequired[str]
    notable: NotRequired[list[dict[str, str]]]


class Suggestions(TypedDict):
    """Suggestions, and where further ones are."""

    result: list[Suggestion]
    next: NotRequired[str]


class ProposedProperties(TypedDict):
    """The properties of a type."""

    type: str
    properties: list[Suggestion]
    limit: NotRequired[int]
    total: NotRequired[int]


FORM_BODY: dict[str, Any] = {
    "content": {
        FORM.media: {"schema": Asked02.model_json_schema()},
        JSON.media: {"schema": {"type": "object"}},
    }
}
"""The body of version 0.2."""
MATCH: dict[str, Any] = {
    "type": "object",
    "required": ["queries"],
    "properties": {"queries": {"type": "array", "maxItems": MAX_BATCH, "items": {"type": "object"}}},
}
EXTEND: dict[str, Any] = {
    "type": "object",
    "required": ["ids", "properties"],
    "properties": {
        "ids": {"type": "array", "maxItems": MAX_IDS, "items": {"type": "string"}},
        "properties": {
            "type": "array",
            "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        },
    },
}


def json_body(schema: dict[str, Any]) -> dict[str, Any]:
    """A request's body in JSON, for the API's document."""
    return {"required": True, "content": {JSON.media: {"schema": schema}}}
