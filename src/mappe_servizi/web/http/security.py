"""What browsers are told to refuse on our pages."""

from __future__ import annotations

from collections.abc import Sequence

from mappe_servizi.web.served.cache import Headers

ALWAYS: Headers = [(b"x-content-type-options", b"nosniff")]
PAGES: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        b"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
FRAMED: Headers = [
    (name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors *"))
    for name, value in PAGES
    if name != b"x-frame-options"
]
"""A page that other sites show in a frame."""


def pages_running(scripts: Sequence[str]) -> str:
    """The policy of pages whose own scripts are those of these hashes (SHA-256, base64).

    The pages are files that we have built: their styles may stand in them, and they may have workers.

    >>> pages_running(["abc="]).split("; ")[1]
    "script-src 'self' 'sha256-abc='"
    """
    policy = dict(PAGES)[b"content-security-policy"].decode()
    hashes = "".join(f" 'sha256-{one}'" for one in scripts)
    return (
        policy.replace("script-src 'self'", f"script-src 'self'{hashes}").replace(
            "style-src 'self'", "style-src 'self' 'unsafe-inline'"
        )
        + "; worker-src 'self'"
    )
