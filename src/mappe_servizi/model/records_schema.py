"""The JSON Schema of records files, made from the classes of the published form and their docstrings."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import fields
from typing import Final

from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from mappe_servizi.model.outputs.declared import RECORDS_SCHEMA, RECORDS_SCHEMA_IRI
from mappe_servizi.model.printed import ADAPTER, LARGEST

SCHEMA: Final = RECORDS_SCHEMA.path
"""Where the schema stands in a release, and is served."""
SCHEMA_IRI: Final = RECORDS_SCHEMA_IRI


def schema() -> bytes:
    """The JSON Schema of records files."""
    made = ADAPTER.json_schema(schema_generator=_Schema)
    made = {
        "$schema": _Schema.schema_dialect,
        "$id": SCHEMA_IRI,
        **made,
        "title": "Records of service maps",
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


class _Schema(GenerateJsonSchema):
    """Bounded integers, and every class and field described by its docstring."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "minimum": 0, "maximum": LARGEST}

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        made = super().dataclass_schema(schema)
        summary, told = described(schema["cls"])
        made["description"] = summary.replace("None", "null")
        for field in fields(schema["cls"]):
            made["properties"][to_camel(field.name)]["description"] = told[field.name].replace("None", "null")
        return made

    def get_title_from_name(self, name: str) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def described(cls: type) -> tuple[str, dict[str, str]]:
    """What a class's docstring says of it, and of each field under "Attributes:".

    >>> from mappe_servizi.model.printed import Source
    >>> described(Source)[1]["file"]
    'its name, without a directory.'
    """
    summary, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("\n\nAttributes:\n")
    told: dict[str, str] = {}
    for item in re.split(r"\n {4}(?! )", f"\n{attributes}")[1:]:
        names, _, text = item.partition(":")
        told |= dict.fromkeys(re.split(r", ", names), " ".join(text.split()))
    return " ".join(summary.split()), told
