"""The answerer that ships with the program: it quotes, it cites, and it admits to finding nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import new_id
from strongroom.systems.export_readiness.errors import AnswerFailed
from strongroom.systems.export_readiness.rules.answering import NOTHING_FOUND, answer_from_passages, passages_of
from strongroom.systems.export_readiness.rules.chat import (
    Answer,
    Citation,
    Passage,
    Question,
    checked_answer,
    following_id,
    normalise_question,
)

PASSAGES = (
    Passage("Certifications: FDA food facility", "Your report", "Days: 30; Cost min: 15000; Cost max: 30000"),
    Passage("Certifications: ZED", "Your report", "Days: 90; Cost min: 20000; Cost max: 100000"),
    Passage("Timeline", "Your report", "Estimated days: 107"),
    Passage("Costs", "Your report", "Certifications: 82500.00; Total: 117500.00; Currency: INR"),
    Passage("HS code 0910.30", "Harmonized System", "Spices; turmeric (curcuma)"),
    Passage("Rodtep, 091030", "RoDTEP schedule", "2.5 percent (from 2021-01-01)"),
)


def asked(text: str, *passages: Passage) -> Answer:
    return answer_from_passages(
        Question(new_id(), text, datetime(2026, 11, 21, tzinfo=UTC), {}, (), passages or PASSAGES)
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How long does it take?", "Timeline"),
        ("How much will it cost in total?", "Costs"),
        ("What is the FDA certificate about?", "Certifications: FDA food facility"),
        ("turmeric classification", "HS code 0910.30"),
        ("What does RoDTEP give for 091030?", "Rodtep, 091030"),
    ],
)
def test_the_passage_that_answers_comes_first_and_is_quoted_with_its_source(text: str, title: str) -> None:
    answer = asked(text)
    first = answer.citations[0]
    assert first.title == title
    assert f"[1] {first.title}: {first.excerpt} ({first.source})" in answer.text
    assert all(0 < cited.relevance <= 1 for cited in answer.citations)
    assert [cited.relevance for cited in answer.citations] == sorted(
        (cited.relevance for cited in answer.citations), reverse=True
    )


@pytest.mark.parametrize("text", ["What is the weather on Mars?", "हल्दी?", "?!", "how what is the"])
def test_a_question_that_nothing_answers_gets_no_answer_and_no_source(text: str) -> None:
    assert asked(text) == Answer(NOTHING_FOUND)


def test_a_long_passage_is_cut_and_the_answer_can_be_stored() -> None:
    answer = asked("turmeric", Passage("Turmeric", "Your report", "turmeric " * 1000))
    assert answer.citations[0].excerpt.endswith("…")
    assert checked_answer(answer) == answer


def test_every_part_of_a_document_is_a_passage_and_every_object_of_a_list_is() -> None:
    data = {
        "certifications": [{"id": "ce", "days": 60}],
        "costs": {"total": "1.00"},
        "empty": [],
        "status": "completed",
    }
    found = list(passages_of("Your report", data, left_out=("status",)))
    assert [(passage.title, passage.text) for passage in found] == [
        ("Certifications: ce", "Id: ce; Days: 60"),
        ("Costs", "Total: 1.00"),
    ]


def test_what_somebody_else_answers_is_made_fit_to_be_stored_and_shown() -> None:
    answer = Answer(" yes\x00\u202e ", (Citation("T\x07", "S", "E" * 5000, Decimal("0.5"), "https://example.com/a"),))
    checked = checked_answer(answer)
    assert (checked.text, checked.citations[0].title, len(checked.citations[0].excerpt)) == ("yes", "T", 2000)


@pytest.mark.parametrize(
    "answer",
    [
        Answer("  "),
        Answer("x" * 20_001),
        Answer("x", (Citation("T", "S", "E", Decimal("1.1")),)),
        Answer("x", (Citation("T", "S", "E", Decimal("NaN")),)),
        Answer("x", (Citation(" ", "S", "E", Decimal(1)),)),
        Answer("x", (Citation("T", "S", "E", Decimal(1), "javascript:alert(1)"),)),
        Answer("x", (Citation("T", "S", "E", Decimal(1)),) * 21),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(answer: Answer) -> None:
    with pytest.raises(AnswerFailed):
        checked_answer(answer)


def test_a_question_is_trimmed_and_bounded() -> None:
    assert normalise_question("  why? ") == "why?"
    for text in ("", "  ", "x" * 1001, "a\x00b"):
        with pytest.raises(InvalidValue):
            normalise_question(text)


def test_an_id_follows_the_one_before_even_when_that_was_made_by_a_clock_ahead() -> None:
    ahead = UUID(int=(0xFFFFFFFFFFFF << 80) | 0x7 << 76 | 0b10 << 62)
    following = following_id(ahead)
    assert following > ahead
    assert following.version == 7
    assert following_id(None) < following_id(new_id())
