"""The values of a workbook's cells as Italians print them: no program's language decides what a number is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from mappe_servizi.sources.block import Unfit

_DIGITS: Final = 15
"""What the floating point numbers of a workbook keep."""


def printed_number(value: str, *, percent: bool = False) -> str:
    """A number with a decimal comma and no separators of thousands.

    Raises:
        Unfit: it is none.

    >>> printed_number("12085"), printed_number("154.875"), printed_number("0.1", percent=True)
    ('12085', '154,875', '10')
    >>> printed_number("0.30000000000000004"), printed_number("1.2E3")
    ('0,3', '1200')
    """
    try:
        number = Decimal(value)
        if not number.is_finite() or abs(number.adjusted()) > 30:
            raise InvalidOperation
    except InvalidOperation:
        raise Unfit(f"{value[:40]!r} is no number of a workbook") from None
    number = Decimal(f"{number * 100 if percent else number:.{_DIGITS}g}")
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def printed_date(value: str) -> str:
    """A date: day, month, year.

    >>> printed_date("2021-12-31T00:00:00")
    '31/12/2021'
    """
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", value)
    if not found:
        raise Unfit(f"{value[:40]!r} is no date of a workbook")
    return f"{found[3]}/{found[2]}/{found[1]}"


def printed_day(serial: str, *, since_1904: bool) -> str:
    """A date that a workbook keeps as a number of days.

    >>> printed_day("44561", since_1904=False)
    '31/12/2021'
    """
    try:
        days = int(Decimal(serial))
        day = (date(1904, 1, 1) if since_1904 else date(1899, 12, 30)) + timedelta(days)
    except (InvalidOperation, OverflowError, ValueError):
        raise Unfit(f"{serial[:40]!r} is no date of a workbook") from None
    return f"{day.day:02}/{day.month:02}/{day.year}"
