"""Finds the headings that fit words: rare words say more than common ones, the goods more than what they exclude."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

#: a word is taken for a slip of the pen when it shares less than this with every word there is
SIMILAR_ENOUGH = 0.35
WORDS_MAX = 20

#: words that join others, and those that praise: every seller's goods are pure, and most organic chemistry is none
_TELLING_NOTHING = """
    an and any are as at best but by for from handmade high if in into is it its kg made more most my natural no nor not
    of on or organic other our per premium pure quality than that the their these this those to traditional use used
    using we whether which with without
"""
_WORD = re.compile(r"[a-z]{2,}")
# what a heading does not hold, as far as the next comma
_EXCLUDED = re.compile(r"\b(?:other than|excluding|except|not containing|not including|without)\b[^,;()]*")
_STOPWORDS = frozenset(_TELLING_NOTHING.split())
#: what a word counts that comes after the first of the goods, and one that the heading excludes
QUALIFYING, EXCLUDED = 0.95, 0.1
#: how much a description loses by its length: the share of its weight that is divided by words in proportion
LENGTH = 0.25
USUAL_WORDS = 12
#: what a word counts that no heading has, of what the rarest one counts: brands and local names are no reason to doubt
STRANGER = 0.3


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter, heading or subheading, and what it holds."""

    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A heading that fits. confidence: 0 to 100, the share of what was asked, weighed, that it answers."""

    code: str
    description: str
    confidence: Decimal


def words_of(text: str) -> tuple[str, ...]:
    """The words that tell one product from another, each once, in order, at most twenty."""
    found = dict.fromkeys(word for word in _WORD.findall(text.lower()) if word not in _STOPWORDS)
    return tuple(found)[:WORDS_MAX]


def rank(words: Sequence[str], headings: Iterable[Heading], *, total: int, limit: int) -> list[Suggestion]:
    """The headings that fit best, at most `limit`. total: of all headings there are, so that a word's rarity is known.

    Of two that fit as well the more exact comes first, then the lower code.
    """
    parsed = [(heading, _weights(heading.description)) for heading in headings]
    counts = {wanted: sum(wanted in weights for _, weights in parsed) for wanted in map(stem, words)}
    rarity = {wanted: math.log(1 + total / count) for wanted, count in counts.items() if count}
    strangers = sum(not count for count in counts.values())
    whole = sum(rarity.values()) + strangers * STRANGER * math.log(1 + total)
    scored = []
    for heading, weights in parsed:
        score = sum(rarity[wanted] * weights.get(wanted, 0.0) for wanted in rarity) / _length_of(weights)
        if score > 0:
            scored.append((-round(score, 6), -len(heading.code), heading.code, heading))
    return [
        Suggestion(heading.code, heading.description, Decimal(f"{min(100.0, -100 * score / whole):.2f}"))
        for score, _, _, heading in sorted(scored, key=lambda entry: entry[:3])[:limit]
    ]


def corrected(words: Iterable[str], vocabulary: Collection[str]) -> tuple[str, ...]:
    """Each word if it is known, else the known one that looks most like it; what looks like none is left out."""
    known = {stem(word) for word in vocabulary}
    grams = {word: trigrams(word) for word in vocabulary if len(word) > 2}
    found = []
    for word in words:
        if stem(word) in known:
            found.append(word)
            continue
        own = trigrams(word)
        nearest = max(grams, key=lambda candidate: (_shared(own, grams[candidate]), candidate), default="")
        if nearest and _shared(own, grams[nearest]) >= SIMILAR_ENOUGH:
            found.append(nearest)
    return tuple(dict.fromkeys(found))


def stem(word: str) -> str:
    """The word without the ending of a plural."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def trigrams(word: str) -> frozenset[str]:
    """Every three letters in a row, with two spaces in front and one behind, as PostgreSQL's pg_trgm takes them."""
    padded = f"  {word} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def _shared(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


def _weights(description: str) -> dict[str, float]:
    """What each word of a description counts: goods are named before the first semicolon, or right behind it."""
    text = description.lower()
    goods, _, qualifying = _EXCLUDED.sub(" ", text).partition(";")
    weights: dict[str, float] = {}
    for part, weight in ((" ".join(_EXCLUDED.findall(text)), EXCLUDED), (qualifying, QUALIFYING), (goods, 1.0)):
        weights |= {stem(word): weight for word in _WORD.findall(part) if word not in _STOPWORDS}
    return weights


def _length_of(weights: Mapping[str, float]) -> float:
    return 1 - LENGTH + LENGTH * max(len(weights), 1) / USUAL_WORDS
