"""Answers a question by searching what is known: it quotes what it finds, says where, and admits to finding nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from strongroom.systems.export_readiness.rules.chat import Answer, Citation, Passage, Question
from strongroom.systems.export_readiness.rules.nomenclature import stem
from strongroom.systems.export_readiness.rules.wording import label_of, written

NOTHING_FOUND = (
    "I found nothing on this in your report, the Harmonized System or the published rates. "
    "Ask about certifications, costs, time, risks, documents, duty benefits, freight or HS codes."
)
#: of the question's words, weighed by how rare they are, a passage must have this share
ENOUGH = 0.4

_CITED_MAX = 3
_EXCERPT_MAX = 600
_HUNDREDTH = Decimal("0.01")
_WORD = re.compile(r"[^\W_]+")
_TITLE_WEIGHT, _TEXT_WEIGHT = 1.0, 0.85
#: words that ask, and words that are everywhere
_SMALL_WORDS_TEXT = """
    a about am an and any are as at be been before by can could did do does for from get give has have how i if in
    into is it its long many may me much must my need no not of on or our please say shall should so take takes tell
    than that the their them then there these they this those to us was we were what when where which who whom whose
    why will with would you your export exports exporting
"""
#: what people say for what a report calls otherwise
_ALSO: Mapping[str, tuple[str, ...]] = {
    "price": ("cost",), "expensive": ("cost",), "pay": ("cost",), "money": ("cost", "capital"), "fee": ("cost",),
    "certificate": ("certification",), "certify": ("certification",), "license": ("certification",),
    "licence": ("certification",), "time": ("timeline", "day"), "duration": ("timeline", "day"), "week": ("day",),
    "month": ("day",), "deadline": ("timeline", "day"), "danger": ("risk",), "classification": ("code",),
    "tariff": ("code",), "incentive": ("subsidy", "benefit"), "grant": ("subsidy",), "shipping": ("freight",),
    "ship": ("freight",), "transport": ("freight", "route"), "container": ("fcl", "lcl"), "loan": ("credit",),
    "tax": ("gst",), "refund": ("gst",), "todo": ("task",), "plan": ("task",), "next": ("task",),
}  # fmt: skip
_SMALL_WORDS = frozenset(_SMALL_WORDS_TEXT.split())
_PHRASES: Mapping[str, tuple[str, ...]] = {
    "how long": ("timeline", "day"),
    "how much": ("cost",),
    "how risky": ("risk",),
}


def answer_from_passages(question: Question) -> Answer:
    """The passages that have most of the question's words, quoted; relevance is the share of them that they have.

    Of two that have as many the earlier one is cited first.
    """
    found = _best(question.text, question.passages)
    if not found:
        return Answer(NOTHING_FOUND)
    citations = tuple(
        Citation(passage.title, passage.source, _excerpt(passage.text), relevance, passage.url)
        for relevance, passage in found
    )
    lines = [f"[{number}] {cited.title}: {cited.excerpt} ({cited.source})" for number, cited in enumerate(citations, 1)]
    return Answer("\n".join(("This is what is known about it:", *lines)), citations)


def passages_of(source: str, data: Mapping[str, Any], *, left_out: Collection[str] = ()) -> Iterator[Passage]:
    """Every part of a JSON document as a passage of its own; each object of a list is one, too."""
    for key in (key for key in data if key not in left_out):
        value, title = data[key], label_of(key)
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            for item in value:
                name = next((item[name] for name in ("name", "title", "code", "type", "id") if item.get(name)), "")
                yield Passage(f"{title}: {written(name)}" if name else title, source, written(item))
        elif value not in (None, "", [], {}):
            yield Passage(title, source, written(value))


def _best(text: str, passages: Sequence[Passage]) -> list[tuple[Decimal, Passage]]:
    asked = _asked(text)
    titles = [_stems(passage.title) for passage in passages]
    texts = [_stems(passage.text) for passage in passages]
    rarity = {}
    for alternatives in asked:
        count = sum(bool(alternatives & (title | body)) for title, body in zip(titles, texts, strict=True))
        rarity[alternatives] = math.log(1 + len(passages) / (1 + count))
    whole = sum(rarity.values())
    scored = []
    for at in range(len(passages)):
        score = sum(
            weight * (_TITLE_WEIGHT if words & titles[at] else _TEXT_WEIGHT if words & texts[at] else 0.0)
            for words, weight in rarity.items()
        )
        if whole and score / whole >= ENOUGH:
            scored.append((-round(score / whole, 4), at))
    return [
        (Decimal(str(-score)).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP), passages[at])
        for score, at in sorted(scored)[:_CITED_MAX]
    ]


def _asked(text: str) -> list[frozenset[str]]:
    """For each word that matters, itself and what else it may be called."""
    lowered = text.casefold()
    words = [word for word in _WORD.findall(lowered) if word not in _SMALL_WORDS]
    asked = [frozenset({stem(word), *_ALSO.get(stem(word), ())}) for word in words]
    asked += [frozenset(meant) for phrase, meant in _PHRASES.items() if phrase in lowered]
    return list(dict.fromkeys(asked))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _WORD.findall(text.casefold()))


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT_MAX else f"{text[: _EXCERPT_MAX - 1].rstrip()}…"
