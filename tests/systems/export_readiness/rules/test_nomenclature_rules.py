"""Claims about finding headings by words: rare words weigh more, exclusions less, endings nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from strongroom.systems.export_readiness.rules.nomenclature import (
    WORDS_MAX,
    Heading,
    corrected,
    rank,
    stem,
    trigrams,
    words_of,
)

HEADINGS = [
    Heading("0910", "Ginger, saffron, turmeric, thyme and other spices"),
    Heading("091030", "Spices; turmeric"),
    Heading("091091", "Spices; mixtures, excluding turmeric, of two or more products"),
    Heading("210690", "Food preparations; powders"),
]


def codes(*words: str, limit: int = 9) -> list[str]:
    return [suggestion.code for suggestion in rank(words, HEADINGS, total=7000, limit=limit)]


def test_the_goods_come_before_what_mentions_them() -> None:
    assert codes("turmeric") == ["091030", "0910", "091091"]
    assert codes("turmeric", limit=1) == ["091030"]


def test_a_rare_word_says_more_than_a_common_one() -> None:
    assert codes("spices", "powder")[0] == "210690"


def test_nothing_fits_nothing() -> None:
    assert codes() == codes("bicycle") == []


def test_a_word_nobody_knows_lowers_the_confidence_and_changes_no_order() -> None:
    sure, unsure = (rank(words, HEADINGS, total=7000, limit=9) for words in (["turmeric"], ["zari", "turmeric"]))
    assert [one.code for one in sure] == [one.code for one in unsure]
    assert all(more.confidence > less.confidence for more, less in zip(sure, unsure, strict=True))


@given(some.lists(some.sampled_from(["turmeric", "spice", "powder", "x" * 9, "food"]), max_size=6))
def test_a_confidence_lies_between_nothing_and_a_hundred(words: list[str]) -> None:
    found = rank(words, HEADINGS, total=7000, limit=9)
    assert all(0 < suggestion.confidence <= 100 for suggestion in found)


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("spices", "spice"),
        ("berries", "berry"),
        ("boxes", "box"),
        ("dishes", "dish"),
        ("glasses", "glass"),
        ("glass", "glass"),
        ("citrus", "citrus"),
        ("basis", "basis"),
        ("gas", "gas"),
        ("shirt", "shirt"),
    ],
)
def test_a_plural_is_its_singular(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed
    assert stem(stemmed) == stemmed


def test_small_words_and_signs_tell_nothing() -> None:
    assert words_of("The BEST, purest & 100% organic turmeric-powder of the year") == (
        "purest",
        "turmeric",
        "powder",
        "year",
    )
    assert len(words_of(" ".join(f"word{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(60)))) == (
        WORDS_MAX
    )


def test_a_slip_becomes_the_word_that_looks_most_like_it() -> None:
    vocabulary = {"turmeric", "thyme", "shampoos"}
    assert corrected(("tumeric", "shampoo", "zzzz", "tumerik"), vocabulary) == ("turmeric", "shampoo")
    assert corrected(("tumeric",), set()) == ()


def test_trigrams_are_those_of_postgresql() -> None:
    assert trigrams("cat") == {"  c", " ca", "cat", "at "}
