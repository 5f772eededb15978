"""How a release is served, within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mappe_servizi.setting_checks import at_least, networks, path_prefix, port_number, web_address
from mappe_servizi.settings.declaring import DEPLOYMENT, MCP, QUERY, SERVE, setting


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """How a release is served, within which limits."""

    endpoint: str | None = setting(
        None, "A SPARQL 1.1 endpoint to query in place of the release's own store.", SERVE, MCP, QUERY
    )
    host: str = setting("127.0.0.1", "Address to listen on.", SERVE, DEPLOYMENT)
    port: int = setting(8000, "Port to listen on.", SERVE, DEPLOYMENT, check=port_number)
    workers: int = setting(1, "HTTP processes.", SERVE, check=at_least(1))
    query_workers: int = setting(
        4,
        "Queries that run at a time in each HTTP process, at least 2; half are kept for short ones.",
        SERVE,
        check=at_least(2),
    )
    spare_workers: int = setting(
        1, "Warm query processes beyond those that may run.", SERVE, check=at_least(0)
    )
    query_seconds: float = setting(
        30.0, "Deadline of a query; a client may only lower it.", SERVE, MCP, check=at_least(0.001)
    )
    short_seconds: float = setting(
        0.2, "Processor seconds after which a query counts as a long one.", SERVE, check=at_least(0.001)
    )
    query_memory: int = setting(
        2048, "MiB of address space of a query process, at least 768.", SERVE, MCP, check=at_least(768)
    )
    held_store: int = setting(
        64,
        "MiB of the largest store that is read into memory (about four times as much, once in each HTTP "
        "process), where a look-up takes a third of the time; 0 for none.",
        SERVE,
        check=at_least(0),
    )
    hold_back: int = setting(
        4096,
        "KiB of a result that are held back until it is known to be whole; the rest is streamed.",
        SERVE,
        check=at_least(1),
    )
    result_limit: int = setting(256, "MiB of the largest result.", SERVE, check=at_least(1))
    request_limit: int = setting(1024, "KiB of the largest request.", SERVE, check=at_least(1))
    query_limit: int = setting(512, "KiB of the largest text of a query.", SERVE, check=at_least(1))
    queue: int = setting(256, "Queries that may wait for their turn.", SERVE, check=at_least(1))
    queue_seconds: float = setting(
        10.0, "Seconds that a query may wait for its turn.", SERVE, check=at_least(0)
    )
    client_budget: float = setting(
        0.0, "Seconds of query time that a client may use in a minute; 0 for any.", SERVE, check=at_least(0)
    )
    service_allow: tuple[str, ...] = setting(
        (),
        "Endpoints that SERVICE may name; none by default. Queries that name one may use the network.",
        SERVE,
    )
    cache_memory: int = setting(
        64,
        "MiB of responses to keep; up to a quarter as much is used to ask beforehand what the pages of "
        "services will ask.",
        SERVE,
        check=at_least(0),
    )
    max_age: int = setting(60, "Seconds for which clients need not ask again.", SERVE, check=at_least(0))
    connections: int = setting(4000, "Connections at a time; further ones get 503.", SERVE, check=at_least(1))
    client_connections: int = setting(
        1000,
        "Connections of one client (an address, or a network of IPv6) at a time in each HTTP process; "
        "further ones get 503. Trusted proxies may have any number.",
        SERVE,
        check=at_least(1),
    )
    unread_memory: int = setting(
        64,
        "MiB of answers that may be held for clients that read slowly; beyond them those are cut off "
        "that have read nothing for longest.",
        SERVE,
        check=at_least(1),
    )
    write_seconds: float = setting(
        30.0,
        "Seconds for which a client may read nothing of its answer before it is cut off.",
        SERVE,
        check=at_least(0.1),
    )
    stop_seconds: int = setting(
        10, "Seconds for which requests may go on when the server stops.", SERVE, check=at_least(0)
    )
    trusted_proxies: tuple[str, ...] = setting(
        (),
        "Addresses and networks whose X-Forwarded-For is believed; none by default.",
        SERVE,
        check=networks,
    )
    public_url: str | None = setting(
        None,
        "Address that clients reach the server at, if not its host and port; the manifest names it.",
        SERVE,
        MCP,
        DEPLOYMENT,
        check=web_address,
    )
    path_prefix: str = setting(
        "",
        "Path under which a reverse proxy publishes the server, when it is not the root.",
        SERVE,
        DEPLOYMENT,
        check=path_prefix,
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "Least level logged.", SERVE, MCP
    )

    @property
    def public_root(self) -> str:
        """The address of the server's root as clients see it, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}{self.path_prefix}").rstrip("/")
