"""The API is as its OpenAPI document says: schemathesis asks every operation, rightly and wrongly."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from served import Served

pytestmark = pytest.mark.adversary

LONGER = int(os.environ.get("MAPPE_FUZZ", "0"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
bounded = settings(
    max_examples=LONGER // 50 or 3,
    derandomize=not LONGER,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda m: m.value)
def test_every_operation_is_as_it_is_described(target: Served, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{target.url}/api/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 40
    asked = 0
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not [*operation.query, *operation.body]:
            continue  # nothing in it can be wrong
        asked += 1

        @bounded
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=target.url, checks=CHECKS)

        ask()
    assert asked > 60
