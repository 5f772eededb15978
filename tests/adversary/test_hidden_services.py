"""However a query hides a call of another endpoint, nobody is called and the query is refused."""

import socket
import threading
from collections.abc import Iterator

import pytest

from hidden_services import FORMS
from served import Served

pytestmark = pytest.mark.adversary


class Listener:
    """Notes who connects to a port."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, peer = self._socket.accept()
            except OSError:
                return
            self.called.append(str(peer))
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def test_there_are_sixty_and_more() -> None:
    assert len(set(FORMS)) >= 60


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_call_is_refused_and_nobody_is_called(target: Served, listener: Listener, form: str) -> None:
    query = form % listener.address
    with target.client() as client:
        for answer in (
            client.post("/sparql", data={"query": query}),
            client.get("/sparql", params={"query": query, "format": "json"}),
        ):
            assert answer.status_code == 400, answer.text
            assert answer.json()["type"] in {"/problems#service-refused", "/problems#bad-query"}
    assert listener.called == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <%s> { ?s ?p ?o }",
        "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH <%s> { ?s ?p ?o } }",
        "DESCRIBE <%s>",
    ],
)
def test_a_graph_is_never_fetched(target: Served, listener: Listener, query: str) -> None:
    with target.client() as client:
        asked = {"query": query % listener.address, "default-graph-uri": listener.address}
        assert client.post("/sparql", data=asked).status_code == 200
        del asked["default-graph-uri"]
        assert client.post("/sparql", data=asked).status_code == 200
    assert listener.called == []
