"""Typed garbage to every route: never an error of the server's own, and every refusal in one shape.

The run is bounded and the same each time. ``MAPPE_FUZZ=20000`` makes a longer one of other requests.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from fuzzing import Asked, Sender, check, reconciliations, requests, routes
from served import Served

pytestmark = pytest.mark.adversary

LONGER = int(os.environ.get("MAPPE_FUZZ", "0"))
FORM = {"content-type": "application/x-www-form-urlencoded"}
bounded = settings(
    max_examples=LONGER or 500,
    derandomize=not LONGER,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


STATUSES = {"test_any_request": 7, "test_any_reconciliation": 2}
"""How many kinds of status a test draws, else it does not reach what it is for."""


@pytest.fixture
def sender(target: Served, request: pytest.FixtureRequest) -> Iterator[Sender]:
    sender = Sender(target)
    yield sender
    told = ", ".join(f"{status}: {number}" for status, number in sorted(sender.statuses.items()))
    print(f"\n{sender.statuses.total()} requests; {told}")
    assert len(sender.statuses) >= STATUSES[request.node.name], told
    assert target.process.poll() is None
    assert "Traceback" not in target.log()


def test_the_routes_are_those_of_the_server() -> None:
    assert len(routes()) > 50


@bounded
@given(asked=requests(routes()))
@example(asked=Asked("GET", "/onto/%2f%2fevil"))
@example(asked=Asked("GET", "/controlled-vocabulary/%2f%2fevil", {"accept": "text/html"}))
@example(asked=Asked("GET", f"/release/{'9' * 5000}/"))
@example(asked=Asked("GET", f"/release/{'9' * 5000}/SHA256SUMS"))
@example(asked=Asked("GET", "/release/%D9%A3/"))
@example(asked=Asked("GET", "/search?q=%ed%a0%80"))
@example(asked=Asked("GET", "/dump/mappe-servizi.nq", {"range": "bytes=99999999999999999999-"}))
def test_any_request(sender: Sender, asked: Asked) -> None:
    check(asked, *sender.send(asked))


@bounded
@given(asked=reconciliations())
@example(asked=Asked("POST", "/reconcile", FORM, b'queries={"q":{"query":"x","type":5}}'))
@example(asked=Asked("POST", "/reconcile", FORM, b'queries={"q":{"query":"x","type":[["x"]]}}'))
@example(asked=Asked("POST", "/reconcile", FORM, b'queries={"q":{"query":"x","properties":true}}'))
@example(asked=Asked("POST", "/reconcile", FORM, b'queries={"q":{"query":"\\ud800"}}'))
@example(asked=Asked("POST", "/reconcile", FORM, b'queries={"\\udfff":{"query":"x"}}'))
@example(asked=Asked("POST", "/reconcile", FORM, b'extend={"ids":["\\ud800"],"properties":[]}'))
@example(asked=Asked("POST", "/reconcile", FORM, b'queries={"q":{"query":"x","limit":NaN}}'))
def test_any_reconciliation(sender: Sender, asked: Asked) -> None:
    check(asked, *sender.send(asked))
