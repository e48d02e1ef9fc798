"""Codes of the Harmonized System: two digits a chapter, four a heading, six a subheading; nations add up to four."""

from __future__ import annotations

import re
from typing import Any

from strongroom.kernel.errors import InvalidValue

CODE_MIN, CODE_MAX = 4, 10
WRITTEN_MIN, WRITTEN_MAX = 4, 20
#: how many digits nations share
SHARED_DIGITS = 6

_LEVELS = (6, 4, 2)
_BETWEEN = re.compile(r"[.\s]")


def normalise_hs_code(value: Any, field: str = "hs_code") -> str:
    """The 4 to 10 digits of a code, without dots and spaces; it may be written in 4 to 20 characters.

    Raises InvalidValue.
    """
    written = value.strip() if isinstance(value, str) else ""
    digits = _BETWEEN.sub("", written)
    if not WRITTEN_MIN <= len(written) <= WRITTEN_MAX or not _is_code(digits):
        raise InvalidValue(
            field=field, reason=f"must be {CODE_MIN} to {CODE_MAX} digits; dots and spaces may be between"
        )
    return digits


def dotted(code: str) -> str:
    """0910.30 for 091030, 0910.30.20 for 09103020."""
    pairs = [code[start : start + 2] for start in range(4, len(code), 2)]
    return ".".join([code[:4], *pairs])


def chapter_of(code: str) -> str:
    """The first two digits."""
    return code[:2]


def ancestors_of(code: str) -> tuple[str, ...]:
    """The subheading, the heading and the chapter of a code, itself among them if it is one; most exact first."""
    return tuple(code[:length] for length in _LEVELS if length <= len(code))


def _is_code(digits: str) -> bool:
    return CODE_MIN <= len(digits) <= CODE_MAX and digits.isascii() and digits.isdigit()
