"""Routes whose parameters are typed: FastAPI describes them, pydantic reads them, a problem refuses them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.formats import PROBLEM
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.parameters import Parameters, read, single

ERRORS = {
    400: "Un parametro non è come deve essere.",
    404: "Non c'è.",
    406: "Non c'è il formato chiesto; il documento elenca quelli che ci sono.",
    413: "La richiesta è più grande di quanto può essere.",
    414: "L'indirizzo è più lungo di quanto può essere.",
    429: "Il cliente ha esaurito il suo tempo.",
    500: "Il server ha sbagliato.",
    501: "Ciò che risponde non è installato qui.",
    502: "Il motore delle interrogazioni non risponde come deve.",
    503: "Ci sono già troppe interrogazioni in corso, o non c'è di che rispondere.",
    504: "L'interrogazione è stata fermata alla sua scadenza.",
    507: "Il risultato è troppo grande: si chieda a pagine.",
}
"""What may become of a request of any route, as the API's document says it."""
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said,
        "content": {PROBLEM.media: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, said in ERRORS.items()
}
Handler = Callable[..., Coroutine[Any, Any, Response]]


class TypedRoute(APIRoute):
    """A handler of a request, with the parts of its path and one model of its parameters if it has any.

    ``counted`` is the name under which its requests are counted.

    FastAPI's own reading of parameters takes three times as long as the route itself (decision 0031), and
    refuses what is wrong in a shape of its own.
    """

    def __init__(self, path: str, endpoint: Handler, counted: str, **described: Any) -> None:
        self.counted = counted
        described = {"response_model": None, "response_class": Response, "methods": ["GET"], **described}
        super().__init__(path, endpoint, **described)
        self.methods = {*(self.methods or ()), *(["HEAD"] if "GET" in described["methods"] else [])}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        model = parameters_of(self)
        parts = [field.name for field in self.dependant.path_params]

        async def handler(request: Request) -> Response:
            exchange_of(request.scope).route = self.counted
            values = {name: request.path_params[name] for name in parts}
            if model is None:
                return await self.endpoint(request, **values)  # type: ignore[no-any-return]
            parameters = read(model, single(request.query_params.multi_items()))
            return await self.endpoint(request, parameters, **values)  # type: ignore[no-any-return]

        return handler


def parameters_of(route: APIRoute) -> type[Parameters] | None:
    """The model of a route's parameters, None where it takes none."""
    for field in route.dependant.query_params:
        model = field.field_info.annotation
        assert isinstance(model, type), route.path
        assert issubclass(model, Parameters), route.path
        return model
    return None


def answers(model: Any = None, *media: str, said: str = "Il risultato.") -> dict[int | str, dict[str, Any]]:
    """The answers of a route, for the API's document.

    Args:
        model: of its JSON, None where it has none.
        media: the other media types that it is offered as.
        said: what a good one is.
    """
    good: dict[str, Any] = {"description": said}
    if model is not None:
        good["model"] = model
    if media:
        good["content"] = {one: {"schema": {"type": "string"}} for one in media}
    return {200: good, **PROBLEMS}
