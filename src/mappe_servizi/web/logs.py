"""Structured logs: a JSON object a line on stderr. No client addresses, no query texts."""

from __future__ import annotations

import hashlib
import logging
import sys
from typing import Any

import structlog

from mappe_servizi.web.errors import CutResponseError


def configure(level: str) -> None:
    """Write our own and the libraries' records as JSON lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.INFO))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn.error").addFilter(is_unexpected)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def is_unexpected(record: logging.LogRecord) -> bool:
    """Whether a record is not of a response that was cut on purpose, which is logged as such already."""
    return not (record.exc_info and isinstance(record.exc_info[1], CutResponseError))


def query_hash(query: str) -> str:
    """What names a query in the log."""
    return hashlib.blake2b(query.encode("utf-8", "replace"), digest_size=6).hexdigest()


logger: Any = structlog.get_logger()
