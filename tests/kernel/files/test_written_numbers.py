"""Claims about numbers as people write them: whatever the way, the same number; and no guess where two are possible."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.files.numbers import (
    DecimalMark,
    WrittenNumber,
    find_mark,
    may_stand_for,
    take_apart,
)
from tests.systems.portfolio.imports.sending import csv_of, read, sentences, sheet_of, submitted

POINT, COMMA = DecimalMark
CENTS = st.integers(-(10**15), 10**15).map(lambda cents: Decimal(cents) / 100)
GROUPS = {POINT: [",", " ", "'", "\u00a0", "\u202f", ""], COMMA: [".", " ", "'", "\u00a0", ""]}
#: a negative number, and a positive one
SIGNS = (
    ["-{}", "\u2212{}", "({})", "{}-", "- {}", "-{} ", "(${})", "$({})", "-$ {}"],
    ["{}", " {}", "+{}", "$ {}", "{} USD"],
)


def parts_of(text: str) -> WrittenNumber:
    number = take_apart(text)
    assert number is not None
    return number


def written(amount: Decimal, mark: DecimalMark, group: str, sign: str) -> str:
    """An amount with its cents, so that the mark is there to be seen."""
    plain = f"{abs(amount):,.2f}"
    return sign.format(plain.replace(".", "!").replace(",", group).replace("!", mark.value))


@given(CENTS, st.sampled_from(DecimalMark), st.data())
def test_an_amount_is_read_back_however_it_is_written(amount: Decimal, mark: DecimalMark, data: st.DataObject) -> None:
    group = data.draw(st.sampled_from(GROUPS[mark]))
    sign = data.draw(st.sampled_from(SIGNS[amount >= 0]))
    number = parts_of(written(amount, mark, group, sign))
    assert number.value(mark) == amount
    assert find_mark([number]).mark is mark


@given(st.lists(CENTS, min_size=1), st.sampled_from(DecimalMark), st.data())
def test_a_column_is_read_one_way_or_not_at_all(amounts: list[Decimal], mark: DecimalMark, data: st.DataObject) -> None:
    """Whole amounts show no mark: then either both readings are the same, or there is none."""
    texts = []
    for amount in amounts:
        group = data.draw(st.sampled_from(GROUPS[mark]))
        text = written(amount, mark, group, "{}" if amount >= 0 else "-{}")
        texts.append(text.removesuffix(f"{mark}00"))
    numbers = [parts_of(text) for text in texts]
    found = find_mark(numbers)
    assert not found.strangers
    if found.mark is None:
        assert found.unsure is not None
        assert numbers[found.unsure].value(POINT) != numbers[found.unsure].value(COMMA)
    else:
        assert [number.value(found.mark) for number in numbers] == amounts


@given(st.text(max_size=20))
def test_anything_else_is_a_number_or_not_but_never_an_error(text: str) -> None:
    number = take_apart(text)
    if number is not None:
        assert any(character in "0123456789" for character in text)
        for mark in DecimalMark:
            value = number.value(mark)
            assert value is None or value.is_finite()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5M", 1_500_000), ("$1.2MM", 1_200_000), ("350k", 350_000), ("(350.5K)", -350_500), ("2 bn", 2 * 10**9),
        ("1.2 Mio", 1_200_000), ("USD 1.5m", 1_500_000), ("12,34,567.50", Decimal("1234567.5")), (".5", Decimal("0.5")),
    ],
)  # fmt: skip
def test_suffixes_are_multiplied_out(text: str, value: Decimal) -> None:
    assert parts_of(text).value(POINT) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "--5",
        "-(5)",
        "((5))",
        "1,234*",
        "12 34 abc",
        "5T",
        "$",
        "%",
        "-",
        "1e5",
        "\u0661\u0662",
        "5\u00b2",
        "€5$",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert take_apart(text) is None


@pytest.mark.parametrize("body", ["1,2,3", "12,34.5.6", "1.2.3", "0,123,456", "1,23,4.00", "1 23"])
def test_misplaced_groups_are_no_number_either_way(body: str) -> None:
    number = parts_of(body)
    assert (number.value(POINT), number.value(COMMA)) == (None, None)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,234", "1,234.50"], POINT),
        (["1,234", "0,5"], COMMA),
        (["1.234", "1.234.567"], COMMA),
        (["1234", "12"], POINT),
        (["1,234"], None),
        (["1.234", "12", "999"], None),
    ],
)
def test_the_mark_is_seen_from_the_whole_column(texts: list[str], mark: DecimalMark | None) -> None:
    assert find_mark([parts_of(text) for text in texts]).mark is mark


def test_of_heads_only_whole_numbers_make_sense() -> None:
    assert find_mark([parts_of("1,234")], whole=True).mark is POINT
    assert find_mark([parts_of("1.234")], whole=True).mark is COMMA


def test_those_that_contradict_the_majority_are_named() -> None:
    found = find_mark([parts_of(text) for text in ("1.50", "2.50", "3,50", "1,234")])
    assert (found.mark, found.strangers) == (POINT, frozenset({2}))


def test_a_sign_stands_for_some_currencies_only() -> None:
    assert may_stand_for("$", "CAD")
    assert may_stand_for("C$", "CAD")
    assert not may_stand_for("C$", "USD")
    assert not may_stand_for("€", "USD")
    assert may_stand_for("SEK", "SEK")


def test_an_ambiguous_column_is_one_problem_with_the_first_such_cell() -> None:
    rows = [*sheet_of(Total_revenue="1.500"), sheet_of(Total_revenue="1.600", Quarter="2024-06-30")[1]]
    found = read(csv_of(rows).encode())
    [problem] = found.problems
    assert problem.place == "figures.csv!A2 (Total revenue)"
    assert problem.reason.startswith("may be read with a decimal comma or a decimal point")


def test_M_beside_MM_may_be_a_thousand() -> None:
    rows = [*sheet_of(Total_revenue="1.5MM"), sheet_of(Total_revenue="1.6M", Quarter="2024-06-30")[1]]
    assert sentences(read(csv_of(rows).encode())) == [
        "figures.csv!A3 (Total revenue): may mean thousand or million, as MM is used as well"
    ]


def test_a_suffix_in_a_column_of_thousands_is_a_problem() -> None:
    rows = sheet_of(Total_revenue=..., **{"Revenue ($k)": "1.5M"})
    assert sentences(read(csv_of(rows).encode())) == [
        "figures.csv!L2 (Revenue ($k)): has a suffix, and its column is in units of 1,000 already"
    ]
    rows = sheet_of(Total_revenue=..., **{"Revenue ($k)": "1.5"})
    [values] = submitted(read(csv_of(rows).encode())).values()
    assert values["total_revenue"] == 1500
