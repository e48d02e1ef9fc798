"""Questions about a report and their answers: what whoever answers is given, and what they may give back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strongroom.kernel.values import new_id
from strongroom.systems.export_readiness.errors import AnswerFailed
from strongroom.systems.export_readiness.rules.enums import ChatRoleEnum
from strongroom.systems.export_readiness.rules.identity import normalise_text
from strongroom.systems.export_readiness.rules.wording import printable

QUESTION_MAX = 1000
#: messages of the conversation that whoever answers sees
REMEMBERED = 10

_ANSWER_MAX, _CITATIONS_MAX = 20_000, 20
_TITLE_MAX, _EXCERPT_MAX, _URL_MAX = 300, 2000, 500


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said."""

    role: ChatRoleEnum
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that is known and may be cited. source: who says so. url: None where there is no page of it."""

    title: str
    source: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """All that whoever answers gets to know.

    history: the latest messages, oldest first. passages: those of the report first.
    """

    session_id: UUID
    text: str
    asked_at: datetime
    context: Mapping[str, Any]
    history: tuple[Turn, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer rests on. relevance: 0 to 1."""

    title: str
    source: str
    excerpt: str
    relevance: Decimal
    url: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the answer."""
        return {
            "title": self.title,
            "source": self.source,
            "excerpt": self.excerpt,
            "url": self.url,
            "relevance_score": float(self.relevance),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and what it rests on, the most relevant first."""

    text: str
    citations: tuple[Citation, ...] = ()


#: whoever answers: a search, a model, a person. It is called outside every transaction, and may take its time
Answerer = Callable[[Question], Answer]


def normalise_question(text: str) -> str:
    """Trimmed, 1 to 1000 characters. Raises InvalidValue."""
    return normalise_text(text, "question", QUESTION_MAX)


def checked_answer(answer: Answer) -> Answer:
    """The answer without what cannot be stored or shown safely. Raises AnswerFailed for one that cannot be used."""
    text = _clean(answer.text)
    if not text or len(text) > _ANSWER_MAX or len(answer.citations) > _CITATIONS_MAX:
        raise AnswerFailed
    return Answer(text, tuple(_checked(citation) for citation in answer.citations))


def following_id(previous: UUID | None) -> UUID:
    """An id of now that is greater than the previous one, whatever clock that was made by."""
    identifier = new_id()
    return identifier if previous is None or identifier > previous else UUID(int=previous.int + 1)


def _checked(citation: Citation) -> Citation:
    url = citation.url
    if not (citation.relevance.is_finite() and 0 <= citation.relevance <= 1) or not citation.title.strip():
        raise AnswerFailed
    if url is not None and (
        not url.startswith(("https://", "http://")) or len(url) > _URL_MAX or not url.isprintable()
    ):
        raise AnswerFailed
    return replace(
        citation,
        title=_clean(citation.title)[:_TITLE_MAX],
        source=_clean(citation.source)[:_TITLE_MAX],
        excerpt=_clean(citation.excerpt)[:_EXCERPT_MAX],
    )


def _clean(text: str) -> str:
    return printable(unicodedata.normalize("NFC", text)).strip()
