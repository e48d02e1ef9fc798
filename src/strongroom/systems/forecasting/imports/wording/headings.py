"""What people call the columns of a series, and what they call revenue, expenses and cash flow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from strongroom.systems.forecasting.rules import CategoryEnum


class Role(Enum):
    """What a column is for. value: of the category told beside it; keep: goes into the metadata of each point."""

    TIMESTAMP = "timestamp"
    CATEGORY = "category"
    VALUE = "value"
    REVENUE = "revenue"
    EXPENSE = "expense"
    CASH_FLOW = "cash_flow"
    KEEP = "keep"
    IGNORE = "ignore"

    @property
    def category(self) -> CategoryEnum | None:
        """The category a column of this role holds, None for the others."""
        return CategoryEnum(self.value) if self in _OF_CATEGORY else None


_OF_CATEGORY = (Role.REVENUE, Role.EXPENSE, Role.CASH_FLOW)
_CATEGORY_WORDS = {
    CategoryEnum.REVENUE: "revenue revenues sales turnover umsatz umsätze erlös erlöse",
    CategoryEnum.EXPENSE: "expense expenses expenditure cost costs opex spend spending kosten aufwand ausgaben",
    CategoryEnum.CASH_FLOW: "cashflow cashflows cash_flow cash_flows",
}
_ROLE_WORDS = {
    Role.TIMESTAMP: "timestamp date datetime time day week month quarter year period ds datum zeit monat quartal jahr",
    Role.CATEGORY: "category type kind account series metric measure line item kategorie konto art",
    Role.VALUE: "value values amount amounts total y betrag wert",
    Role.KEEP: "currency entity budget operating",
}  # fmt: skip
#: said beside a category without changing it: `Total revenue (EUR)`
_DECORATIONS = frozenset(
    {"total", "net", "gross", "operating", "monthly", "daily", "weekly", "quarterly", "annual", "actual", "in"}
    | {"usd", "eur", "gbp", "chf"}
)
_CATEGORIES = {word: category for category, words in _CATEGORY_WORDS.items() for word in words.split()}
_ROLES = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}


def find_category(text: str, told: Mapping[str, CategoryEnum] | None = None) -> CategoryEnum | None:
    """Which category a heading or a cell speaks of, None when it is not clear. told: words and what they mean."""
    for word, category in (told or {}).items():
        if word.strip().casefold() == text.strip().casefold():
            return category
    joined = re.sub(r"cash[\W_]*flow", "cashflow", text.casefold())
    words = [word for word in re.findall(r"[^\W\d_]+", joined) if word not in _DECORATIONS]
    found = {_CATEGORIES.get(word) for word in words}
    return found.pop() if len(found) == 1 else None


def find_role(heading: str) -> Role | None:
    """What a column is for by its heading, None when that does not say it."""
    category = find_category(heading)
    if category is not None:
        return Role(category.value)
    words = re.findall(r"[^\W\d_]+", heading.casefold())
    found = {_ROLES[word] for word in words if word in _ROLES}
    return found.pop() if len(found) == 1 else None
