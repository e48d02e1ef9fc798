"""Finds the company that a file means by a name: the very one, or none with the nearest name to ask about."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from strongroom.systems.portfolio.rules.naming import LETTERS_MAX
from strongroom.systems.portfolio.services.figures import CompanyFacts

_TOTALS = re.compile(
    r"(?:grand |sub[- ]?|portfolio |fund |overall )?totals?\b.*|(?:sum|average|avg|mean|median|min|max|count)\b.*",
    re.IGNORECASE,
)


class Directory:
    """The companies of the portfolio, found by id or by name; capitals, accents, spaces and points do not matter."""

    def __init__(self, companies: Iterable[CompanyFacts]) -> None:
        self._by_id: dict[str, CompanyFacts] = {}
        self._by_key: defaultdict[str, list[CompanyFacts]] = defaultdict(list)
        for company in companies:
            self._by_id[str(company.id)] = company
            self._by_key[_key(company.name)].append(company)

    def find(self, text: str) -> CompanyFacts | None:
        """The company of this name or id; None for none, or for several that are alike."""
        if by_id := self._by_id.get(text.strip().lower()):
            return by_id
        alike = self._by_key.get(_key(text), [])
        exact = [company for company in alike if company.name == text]
        return exact[0] if exact else alike[0] if len(alike) == 1 else None

    def find_nearest(self, text: str) -> str | None:
        """The name that looks most like it."""
        keys = difflib.get_close_matches(_key(text), self._by_key, n=1, cutoff=0.6)
        return self._by_key[keys[0]][0].name if keys else None


def is_total(text: str) -> bool:
    """Whether a row of this name adds up others."""
    return _TOTALS.fullmatch(text.strip()) is not None


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name[: LETTERS_MAX["name"]])
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return " ".join(re.sub(r"[.,'\u2019\"]", "", letters).split())
