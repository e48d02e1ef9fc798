"""The nomenclature: looked up, searched by words, and asked whether a code is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.errors import HsCodeNotFound
from strongroom.systems.export_readiness.models import HsCode
from strongroom.systems.export_readiness.repositories import HsCodeRepository, codes_below
from strongroom.systems.export_readiness.rules import normalise_hs_code
from strongroom.systems.export_readiness.rules.hs_codes import SHARED_DIGITS, ancestors_of
from strongroom.systems.export_readiness.rules.nomenclature import Heading, Suggestion, corrected, rank, words_of

LIMIT_MAX = 100


@dataclass(frozen=True, slots=True)
class Search:
    """What words found. words: those that were looked for, after slips of the pen were put right."""

    words: tuple[str, ...]
    suggestions: Sequence[Suggestion]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say of a code.

    is_known: whether its first six digits, or fewer if it has fewer, are in the nomenclature. national_digits: those
    behind the first six, which each country gives out itself. path: chapter, heading and subheading, as far as they
    are known. likely: when it is not known, the nearest codes that are.
    """

    code: str
    is_known: bool
    national_digits: str
    path: Sequence[HsCode]
    likely: Sequence[HsCode]


def get_hs_code(session: Session, code: str) -> HsCode:
    """A chapter, heading or subheading by its digits. Raises HsCodeNotFound."""
    found = HsCodeRepository(session).find(code.replace(".", "").replace(" ", ""))
    if found is None:
        raise HsCodeNotFound(hs_code=code)
    return found


def list_below(session: Session, prefix: str, *, limit: int = 100) -> list[HsCode]:
    """What begins with these digits, in order. Raises InvalidValue."""
    digits = prefix.replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidValue(field="prefix", reason="must be digits")
    return list(session.scalars(codes_below(digits).limit(_checked(limit))))


def search(session: Session, text: str, *, limit: int = 20) -> Search:
    """What fits the words, best first. Words that nothing has are taken for slips of the pen. Raises InvalidValue."""
    words = words_of(text)
    if not words:
        raise InvalidValue(field="text", reason="must name the product in words")
    codes = HsCodeRepository(session)
    known = session.scalar(select(func.count()).select_from(HsCode)) or 0
    suggestions = _fitting(codes, words, known, _checked(limit))
    if not suggestions:
        vocabulary = {word for description in codes.descriptions() for word in words_of(description)}
        words = corrected(words, vocabulary)
        suggestions = _fitting(codes, words, known, limit)
    return Search(words, suggestions)


def suggest(session: Session, product: str, *, limit: int = 5) -> Search:
    """The subheadings that fit a product's description best. Raises InvalidValue."""
    found = search(session, product, limit=LIMIT_MAX)
    exact = [suggestion for suggestion in found.suggestions if len(suggestion.code) == SHARED_DIGITS]
    return Search(found.words, exact[: _checked(limit)])


def validate(session: Session, code: str, *, limit: int = 5) -> Verdict:
    """Whether there is such a code, where it belongs, and what else may be meant. Raises InvalidValue."""
    digits = normalise_hs_code(code)
    shared = digits[:SHARED_DIGITS] if len(digits) > SHARED_DIGITS else digits
    lineage = ancestors_of(shared)
    known = HsCodeRepository(session).all_of(lineage)
    path = [known[ancestor] for ancestor in reversed(lineage) if ancestor in known]
    is_known = shared in known
    likely = [] if is_known or not path else _nearest(session, path[-1].code, shared, _checked(limit))
    return Verdict(digits, is_known, digits[SHARED_DIGITS:], path, likely)


def _fitting(codes: HsCodeRepository[Session], words: Sequence[str], known: int, limit: int) -> list[Suggestion]:
    headings = [Heading(row.code, row.description) for row in codes.with_any_word(words)]
    return rank(words, headings, total=known, limit=limit)


def _nearest(session: Session, parent: str, wanted: str, limit: int) -> list[HsCode]:
    """Those below the nearest parent whose digits come closest."""
    below = [row for row in session.scalars(codes_below(parent)) if len(row.code) > len(parent)]

    def distance(row: HsCode) -> tuple[int, str]:
        return abs(int(row.code.ljust(SHARED_DIGITS, "0")) - int(wanted.ljust(SHARED_DIGITS, "0"))), row.code

    return sorted(below, key=distance)[:limit]


def _checked(limit: int) -> int:
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 1 and {LIMIT_MAX}")
    return limit
