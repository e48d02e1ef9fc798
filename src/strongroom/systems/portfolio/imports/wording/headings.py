"""Knows the names people give to the columns and lines of a quarterly report, and the units they put beside them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from strongroom.kernel.files.numbers import SIGNS
from strongroom.kernel.values import is_currency


class Field(StrEnum):
    """What a column or a line may hold; the figures are called as their columns in the database."""

    COMPANY = "company"
    PERIOD = "period"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"
    CURRENCY = "currency"
    TOTAL_REVENUE = "total_revenue"
    RECURRING_REVENUE = "recurring_revenue"
    RECURRING_SHARE = "recurring_share"
    GROSS_PROFIT = "gross_profit"
    SALES_MARKETING_EXPENSE = "sales_marketing_expense"
    TOTAL_OPERATING_EXPENSE = "total_operating_expense"
    EBITDA = "ebitda"
    NET_INCOME = "net_income"
    CASH_BURN = "cash_burn"
    CASH_BALANCE = "cash_balance"
    DEBT_OUTSTANDING = "debt_outstanding"
    EMPLOYEES = "employees"
    CUSTOMERS = "customers"

    @property
    def label(self) -> str:
        """What this project's own templates call it."""
        return _NAMES[self][0]


MONEY = (
    Field.TOTAL_REVENUE,
    Field.RECURRING_REVENUE,
    Field.GROSS_PROFIT,
    Field.SALES_MARKETING_EXPENSE,
    Field.TOTAL_OPERATING_EXPENSE,
    Field.EBITDA,
    Field.NET_INCOME,
    Field.CASH_BURN,
    Field.CASH_BALANCE,
    Field.DEBT_OUTSTANDING,
)
COUNTS = (Field.EMPLOYEES, Field.CUSTOMERS)
#: what a quarter consists of
FIGURES = (*MONEY, *COUNTS)
#: what may be left out
OPTIONAL = frozenset({Field.DEBT_OUTSTANDING, Field.CUSTOMERS})
#: what a column or line of numbers may be; a share stands in for the amount it is a share of
KINDS_OF_FIGURES = frozenset({*FIGURES, Field.RECURRING_SHARE})

#: names in words of small letters, "&" being "and"; the first is our own
_NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.COMPANY: ("Company", "company name", "portfolio company", "name", "entity", "company id"),
    Field.PERIOD: (
        "Quarter end", "quarter ending", "quarter ended", "quarter", "qtr", "fiscal quarter", "period", "period end",
        "period ending", "period ended", "reporting period", "reporting quarter", "reporting date", "date", "as of",
        "as of date", "fiscal reporting date", "fiscal period", "quarter end date", "period end date", "quarter label",
    ),
    Field.YEAR: ("Year", "calendar year", "reporting year"),
    Field.FISCAL_YEAR: ("Fiscal year", "fy", "financial year"),
    Field.CURRENCY: ("Currency", "reporting currency", "ccy", "currency code", "curr"),
    Field.TOTAL_REVENUE: ("Total revenue", "revenue", "revenues", "total revenues", "net revenue", "net revenues",
                          "sales", "net sales", "turnover"),
    Field.RECURRING_REVENUE: ("Recurring revenue", "recurring revenues", "total recurring revenue",
                              "subscription revenue", "subscription revenues", "of which recurring"),
    Field.RECURRING_SHARE: ("Recurring share", "recurring revenue share", "share recurring", "percent recurring",
                            "recurring percent", "recurring revenue percent", "percent recurring revenue",
                            "recurring percentage", "recurring percentage revenue", "percent of revenue recurring"),
    Field.GROSS_PROFIT: ("Gross profit", "gp", "gross profit loss", "gross income"),
    Field.SALES_MARKETING_EXPENSE: (
        "Sales and marketing expense", "sales and marketing", "sales and marketing expenses",
        "sales and marketing costs",
        "sales and marketing spend", "s and m", "s and m expense", "s and m expenses", "s and m spend",
        "sales marketing", "sales marketing expense", "sales marketing expenses", "selling and marketing",
        "selling and marketing expense", "selling and marketing expenses",
    ),
    Field.TOTAL_OPERATING_EXPENSE: (
        "Total operating expense", "total operating expenses", "operating expense", "operating expenses", "opex",
        "total opex", "operating costs", "total operating costs",
    ),
    Field.EBITDA: ("EBITDA", "ebitda loss"),
    Field.NET_INCOME: ("Net income", "net income loss", "net profit", "net profit loss", "net result", "net earnings",
                       "profit after tax", "profit loss", "net loss income"),
    Field.CASH_BURN: ("Cash burn", "net burn", "net cash burn", "quarterly burn", "quarterly cash burn",
                      "quarterly net burn", "cash burned", "cash burn in quarter"),
    Field.CASH_BALANCE: (
        "Cash balance", "cash", "cash at quarter end", "cash at end of quarter", "ending cash", "closing cash",
        "cash at period end", "cash on hand", "cash and cash equivalents", "cash and equivalents", "cash at bank",
        "ending cash balance", "closing cash balance", "quarter end cash", "cash position", "cash in bank",
    ),
    Field.DEBT_OUTSTANDING: ("Debt outstanding", "debt", "total debt", "outstanding debt", "borrowings", "debt balance",
                             "loans outstanding", "debt incl convertibles", "total borrowings"),
    Field.EMPLOYEES: (
        "Employees", "headcount", "head count", "total headcount", "employee count", "number of employees",
        "no of employees", "fte", "ftes", "full time employees", "full time equivalents", "staff", "total employees",
        "employees at quarter end", "headcount at quarter end", "team size",
    ),
    Field.CUSTOMERS: ("Customers", "customer count", "number of customers", "no of customers", "total customers",
                      "paying customers", "active customers", "clients", "customers at quarter end"),
}  # fmt: skip
_FIELDS = {name.lower(): field for field, names in _NAMES.items() for name in names}

#: what may stand beside a name without changing what is meant
_HARMLESS = frozenset(
    {
        "unaudited", "audited", "actual", "actuals", "quarter", "quarterly", "for the quarter", "in the quarter", "qtr",
        "3 months", "three months", "gaap", "ifrs", "us gaap", "at quarter end", "end of quarter", "eop", "period end",
        "eoq", "required", "optional", "incl convertibles", "including convertibles", "iso", "local currency", "lc",
        "last day", "positive consumed", "figures", "amounts", "loss",
    }
)  # fmt: skip
_SCALES = {
    1: ("units", "full units"),
    10**3: ("k", "000", "000s", "thousand", "thousands", "in thousands", "in thousand", "in 000s", "in k", "tsd"),
    10**6: ("m", "mm", "mn", "mio", "million", "millions", "in millions", "in million", "in m", "in mm"),
    10**9: ("bn", "billion", "billions", "in billions"),
}
_SCALE_BY_WORD = {word: scale for scale, words in _SCALES.items() for word in words}
_LONGEST_SIGNS = sorted(SIGNS, key=len, reverse=True)
_CURRENCY_WORDS = {"dollars": "$", "euros?": "€", "pounds": "£", "yen": "JPY", "rupees": "₹"}
_SAID_SCALES = (
    (re.compile(r"(?<![0-9] )\bthousands?\b|'000s?\b|\b000s\b|[$€£] ?k\b|\b(?!OK\b)[A-Z]{3} ?k\b|\bin k\b"), 10**3),
    (
        re.compile(
            r"(?<![0-9] )\bmillions?\b|[$€£] ?(?:m|mm|mn|M|MM)\b|\b[A-Z]{3} ?(?:m|mm|mn|M|MM)\b|\bin (?:m|mm|M|MM)\b"
        ),
        10**6,
    ),
    (re.compile(r"(?<![0-9] )\bbillions?\b|[$€£] ?bn\b|\b[A-Z]{3} ?bn\b"), 10**9),
)
_SAID_CURRENCY = re.compile(
    r"\b(?:in|[Cc]urrency:?|of)\s+([A-Z]{3})\b|\(([A-Z]{3})\b|\b([A-Z]{3})\s*(?:'?000|k\b|m\b|thousand|million|billion)"
)
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_CLOSE_ENOUGH = 0.84
_LETTERS_MAX = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was understood. currency: a sign or code beside it. scale: what its figures are to be times."""

    field: Field
    currency: str | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What a note about units says. None: nothing."""

    currency: str | None = None
    scale: int | None = None
    is_percent: bool = False


def find_field(text: object) -> Heading | None:
    """What a heading means; None for what is not one of ours, or is one with words beside it that change it."""
    if not isinstance(text, str) or len(text) > _LETTERS_MAX or not any(map(str.isalpha, text)):
        return None
    return _find_field(text)


@lru_cache(maxsize=10_000)  # every text of a file is asked about, some of them thousands of times
def _find_field(text: str) -> Heading | None:
    bare, notes = _without_notes(text)
    name = _words(bare)
    units = [unit for note in notes if (unit := find_unit(note)) is not None]
    if len(units) != len(notes) or not name:
        return None
    if name not in _FIELDS:  # a unit without brackets: "Revenue USD k", "Revenue in thousands", "Revenue, $k"
        name, unit = _without_trailing_unit(bare)
        units.append(unit)
    if any(unit.is_percent for unit in units):
        name = {"recurring revenue": "recurring share", "recurring": "recurring share"}.get(name, name)
    field = _FIELDS.get(name)
    if field is None:
        return None
    currencies = {unit.currency for unit in units if unit.currency}
    scales = {unit.scale for unit in units if unit.scale}
    is_percent = any(unit.is_percent for unit in units)
    if len(currencies) > 1 or len(scales) > 1 or (is_percent and field is not Field.RECURRING_SHARE):
        return None
    return Heading(field, next(iter(currencies), None), next(iter(scales), None))


def find_similar(text: object) -> Field | None:
    """Which field a heading that is not understood was probably meant to be."""
    if not isinstance(text, str) or len(text) > _LETTERS_MAX:
        return None
    bare, notes = _without_notes(text)
    name = _words(bare)
    if notes and (name in _FIELDS):
        return _FIELDS[name]
    matches = difflib.get_close_matches(name, _FIELDS, n=1, cutoff=_CLOSE_ENOUGH) if len(name) > 4 else []
    return _FIELDS[matches[0]] if matches else None


def find_unit(text: str) -> Unit | None:
    """What words such as `USD`, `$k`, `EUR, in thousands`, `unaudited` say of units; None if one is unknown."""
    marks: set[str] = set()
    scale, is_percent = None, False
    for part in re.split(r"[,;/]| - ", text.replace("'000", "000").replace("\u2019000", "000")):
        mark, rest = _without_currency(part.strip().removeprefix("in ").strip())
        marks |= {mark} if mark else set()
        word = _words(rest)
        if word in {"percent", "pct", "in percent"}:
            is_percent = True
        elif word in _SCALE_BY_WORD:
            scale = _SCALE_BY_WORD[word]
        elif word and word not in _HARMLESS:
            return None
    return Unit(next(iter(marks), None), scale, is_percent) if len(marks) <= 1 else None


def _without_currency(text: str) -> tuple[str | None, str]:
    """The sign or code of a currency in some words, and the other words."""
    for sign in _LONGEST_SIGNS:
        if text.startswith(sign) or text.endswith(sign):
            return sign, text.removeprefix(sign).removesuffix(sign).strip()
    words = text.split()
    codes = [word for word in words if is_currency(word.upper())]
    return (codes[0].upper() if codes else None), " ".join(word for word in words if word not in codes)


def find_table_unit(text: str) -> Unit:
    """What a line above the table says of all its amounts: `All figures in USD thousands` says both."""
    scales = {scale for pattern, scale in _SAID_SCALES if pattern.search(text)}
    said = _SAID_CURRENCY.findall(text)
    codes = {code for groups in said for code in groups if code and is_currency(code)}
    signs = {sign for word, sign in _CURRENCY_WORDS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    currencies = codes or (signs if scales or re.search(r"\bin\b", text, re.IGNORECASE) else set())
    return Unit(
        next(iter(currencies)) if len(currencies) == 1 else None, next(iter(scales)) if len(scales) == 1 else None
    )


def _without_notes(text: str) -> tuple[str, list[str]]:
    """The heading without what stands in brackets, and that. `Net profit/(loss)` keeps its brackets' word."""
    notes = [note for note in _BRACKETS.findall(text) if _words(note) not in {"", "loss"}]
    return _BRACKETS.sub(lambda match: " loss" if _words(match[1]) == "loss" else " ", text), notes


def _without_trailing_unit(text: str) -> tuple[str, Unit]:
    """The longest known name that the heading begins with, if the rest is a unit."""
    words = text.replace(",", " , ").split()
    for length in range(len(words) - 1, 0, -1):
        name = _words(" ".join(words[:length]))
        unit = find_unit(" ".join(words[length:]).strip(" ,-:"))
        if unit is not None and (name in _FIELDS or name == "recurring"):
            return name, unit
    if words and (rest := " ".join(words[1:])) and words[0] == "%":
        return _words(rest), Unit(is_percent=True)
    return _words(text), Unit()


def _words(text: str) -> str:
    """Small letters and single spaces, without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("# of", "#").replace("#", " number of "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    words = re.sub(r"[^a-z0-9%]+", " ", letters.replace("'", "")).split()
    return " ".join("percent" if word == "%" else word for word in words)
