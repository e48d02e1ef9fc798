"""Reads numbers as people write them, with groups, brackets, currencies, suffixes; never guesses a decimal mark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from strongroom.kernel.values import WIDE, is_currency

#: what a suffix multiplies by; "t" and "tn" are left out, being a thousand to some and a trillion to others
SUFFIXES = {
    "k": 10**3, "tsd": 10**3, "thousand": 10**3,
    "m": 10**6, "mm": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6,
    "b": 10**9, "bn": 10**9, "mrd": 10**9, "billion": 10**9,
}  # fmt: skip
#: which currencies a sign may stand for; ISO codes stand for themselves
SIGNS: dict[str, frozenset[str]] = {
    sign: frozenset(codes.split())
    for sign, codes in {
        "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
        "NT$": "TWD", "R$": "BRL", "MX$": "MXN", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₪": "ILS",
        "zł": "PLN", "₺": "TRY", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "₴": "UAH", "Kč": "CZK",
        "Ft": "HUF", "¥": "JPY CNY", "kr": "SEK NOK DKK ISK", "Fr.": "CHF", "SFr.": "CHF",
        "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU DOP BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD "
             "TTD XCD",
    }.items()
}  # fmt: skip

_LETTERS_MAX = 80
_LOOKALIKES = str.maketrans(
    {**dict.fromkeys("\u00a0\u2007\u2009\u202f", " "), **dict.fromkeys("\u2212\u2012\u2013\uff0d", "-"), "\u2019": "'"}
)
_BODY = re.compile(r"[0-9., ']*[0-9][0-9., ']*")
_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
_LEADING_CURRENCY = re.compile(rf"({_SIGN}|[A-Z]{{3}}(?![A-Za-z]))\s*")
_TRAILING_CURRENCY = re.compile(rf"\s*({_SIGN}|(?<![A-Za-z])[A-Z]{{3}})$")
_TRAILING_SUFFIX = re.compile(r"(?<=[0-9.,])\s*([A-Za-z]{1,8})\.?$")


class DecimalMark(StrEnum):
    """What stands before the decimals; the other one may stand between groups of digits."""

    POINT = "."
    COMMA = ","


_OTHER = {DecimalMark.POINT: ",", DecimalMark.COMMA: r"\."}
_PATTERNS = {
    mark: re.compile(
        rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?P<group>[ ']|{other})[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*"
        # lakhs and crores: groups of two before the last three
        rf"|[1-9][0-9]?(?:{other}[0-9]{{2}})+{other}[0-9]{{3}})?(?:{re.escape(mark)}[0-9]*)?"
    )
    for mark, other in _OTHER.items()
}


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number taken apart. body: digits, groups and decimal mark. suffix: as written. currency: a sign or a code."""

    body: str
    is_negative: bool = False
    suffix: str = ""
    currency: str | None = None
    is_percent: bool = False

    def value(self, mark: DecimalMark) -> Decimal | None:
        """The number, times its suffix, if `mark` is the decimal mark; None if it cannot be."""
        if not _PATTERNS[mark].fullmatch(self.body):
            return None
        digits = re.sub(rf"[ ']|{_OTHER[mark]}", "", self.body).replace(mark, ".")
        number = WIDE.multiply(Decimal(digits), Decimal(SUFFIXES.get(self.suffix.lower(), 1)))
        return number.copy_negate() if self.is_negative and number else number


def take_apart(text: str) -> WrittenNumber | None:
    """The parts of a number as it is written; None for what is no number, or is negative twice over."""
    if len(text) > _LETTERS_MAX:
        return None
    rest = text.translate(_LOOKALIKES).strip()
    found: dict[str, str] = {}
    while not _BODY.fullmatch(rest):
        shorter = _peel(rest, found)
        if shorter is None:
            return None
        rest = shorter.strip()
    return WrittenNumber(
        " ".join(rest.split()),
        found.get("sign") in {"-", "("},
        found.get("suffix", ""),
        found.get("currency"),
        "percent" in found,
    )


def _peel(text: str, found: dict[str, str]) -> str | None:
    """The text without one of its outer marks, which is noted; None when there is none, or for the second time."""
    peeled: tuple[str, str, str] | None = None
    if text[:1] == "(" and text[-1:] == ")":
        peeled = "sign", "(", text[1:-1]
    elif text[:1] in {"-", "+"}:
        peeled = "sign", text[0], text[1:]
    elif text[-1:] == "-":
        peeled = "sign", "-", text[:-1]
    elif text[-1:] == "%":
        peeled = "percent", "%", text[:-1]
    elif (leading := _LEADING_CURRENCY.match(text)) and _names_currency(leading[1]):
        peeled = "currency", leading[1], text[leading.end() :]
    elif (trailing := _TRAILING_CURRENCY.search(text)) and _names_currency(trailing[1]):
        peeled = "currency", trailing[1], text[: trailing.start()]
    elif (suffix := _TRAILING_SUFFIX.search(text)) and suffix[1].lower() in SUFFIXES:
        peeled = "suffix", suffix[1], text[: suffix.start()]
    if peeled is None or peeled[0] in found:
        return None
    kind, mark, rest = peeled
    found[kind] = mark
    return rest


def _names_currency(mark: str) -> bool:
    return mark in SIGNS or is_currency(mark)


def may_stand_for(mark: str, currency: str) -> bool:
    """Whether a sign such as $, or a code, may stand for this currency."""
    return currency in SIGNS.get(mark, frozenset({mark}))


@dataclass(frozen=True, slots=True)
class MarkOfColumn:
    """What the numbers of one column agree on. mark: None while two readings are possible, which differ.

    strangers: positions of numbers that contradict the others. unsure: the first that reads both ways.
    """

    mark: DecimalMark | None
    strangers: frozenset[int] = frozenset()
    unsure: int | None = None


def find_mark(
    numbers: Sequence[WrittenNumber], *, whole: bool = False, told: DecimalMark | None = None
) -> MarkOfColumn:
    """Which decimal mark a column uses, seen from all its numbers together.

    A number such as 1,234.50 shows the mark; 1,234 does not, unless only whole numbers make sense. Where some
    contradict others the majority is believed, the first of them on a tie. told: believed over the numbers.
    """
    readings = [_readings(number, whole) for number in numbers]
    insisting = {index: next(iter(found)) for index, found in enumerate(readings) if len(found) == 1}
    if told is None and insisting:
        votes = Counter(insisting.values())
        told = max(votes, key=votes.__getitem__)  # of equals the first that was met
    if told is not None:
        return MarkOfColumn(told, frozenset(index for index, mark in insisting.items() if mark is not told))
    unsure = next((index for index, found in enumerate(readings) if len(set(found.values())) > 1), None)
    return MarkOfColumn(DecimalMark.POINT if unsure is None else None, unsure=unsure)


def _readings(number: WrittenNumber, whole: bool) -> dict[DecimalMark, Decimal]:
    found = {mark: value for mark in DecimalMark if (value := number.value(mark)) is not None}
    fitting = {mark: value for mark, value in found.items() if not whole or value == value.to_integral_value()}
    return fitting or found


def mixed_millions(suffixes: Iterable[str]) -> bool:
    """Whether a column writes both M and MM: then M may well be a thousand, as the Romans had it."""
    lower = {suffix.lower() for suffix in suffixes}
    return {"m", "mm"} <= lower
