"""The tokeniser against the regular expression that it replaces, which is quadratic."""

import re
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.query.tokens import Token, tokens

ORACLE = re.compile(
    r"""
      (?P<space>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<string>\"{3}(?:\"{0,2}+(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}+(?:[^'\\]|\\.))*+'{3}
               | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d][\w.\-]*)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[^uU\s])*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
LANGUAGE = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)")
PIECES = [
    *"\"'\\\n#<>{}() aS:0?$@.e1-%+_ué\u00b7²\r\t",
    '"""',
    "'''",
    "\\'",
    '\\"',
    "\\\\",
    "%41",
    "a.b",
    "x-y",
    "1e5",
]
PIECES += ["a.b", "x-y", "a.b:c", "SERVICE", "\\u0041", "''", "<a>", "# b", "@en-x", ".5e-1"]


def expected(query: str) -> list[Token]:
    found, position = [], 0
    while match := ORACLE.match(query, position):
        position = match.end()
        kind = cast("str", match.lastgroup)
        if kind == "space":
            continue
        found.append((kind, match[0]))
        if kind == "string" and (tag := LANGUAGE.match(query, position)):
            position = tag.end()
            found.append(("language", tag["language"]))
    return found


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=100))
def test_tokens_are_those_of_the_regular_expression(query: str) -> None:
    assert list(tokens(query)) == expected(query)


def test_samples() -> None:
    for query in (
        "'a\\'a\\'b",
        "a.b.c",
        "a.b.c:d",
        "1.5e+5.a:b",
        "'''a''",
        '""""a"""',
        "a.5e+5:b",
        "x'y\nz'w'",
    ):
        assert list(tokens(query)) == expected(query)
