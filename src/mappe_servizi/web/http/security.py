"""What browsers are told to refuse on our pages."""

from __future__ import annotations

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
