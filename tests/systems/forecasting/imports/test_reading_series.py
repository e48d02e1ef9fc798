"""Claims about rows that cannot be read, and about what is twice, missing or far off: counted, not mended silently."""

from __future__ import annotations

from decimal import Decimal

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.errors import UploadNotConfirmed
from strongroom.systems.forecasting.imports import Choices
from strongroom.systems.forecasting.imports.problems import NAMED_MAX
from tests.systems.forecasting.imports.sending import detected, monthly, prepared, stored

HOLES = "date,revenue\n2024-01-01,10\n2024-02-01,\n2024-03-01,n/a\n2024-04-01,40\n"
TWICE = "date,revenue\n2024-01-01,10\n2024-01-01,20\n2024-02-01,30\n"


def test_every_bad_row_is_named_with_line_column_value_and_reason() -> None:
    content = 'date,revenue,note\n2024-01-01,1,"two\nlines"\n2024-02-30,2,\n2024-03-01,abc,\n,4,\n01.05.2024,5,\n'
    content += "2024-06-01,6,x,too much\n2024-07-01,50%,\n20.07.24,8,\n"
    file = prepared(content)
    assert [(one.line, one.column, one.value, one.reason) for one in file.problems.named] == [
        (4, "date", "2024-02-30", "is no date written as year_first"),
        (5, "revenue", "abc", "is no number"),
        (6, "date", "", "there is no date"),
        (7, "date", "01.05.2024", "is written as day_first, the file as year_first"),
        (8, None, "too much", "the row has 4 cells, the header 3"),
        (9, "revenue", "50%", "is a percentage, not an amount"),
        (10, "date", "20.07.24", "the year has two digits; write all four"),
    ]
    assert file.refusal is not None
    assert file.refusal.startswith("7 of 8 rows cannot be read: line 4, date: ")
    assert file.score == Decimal("12.50")


def test_bad_rows_are_skipped_only_when_asked_and_counted_either_way() -> None:
    content = monthly(8) + "\n".join(f"2024-09-01,x{at}" for at in range(200))
    file = prepared(content, bad_rows="skip")
    assert (file.refusal, file.count, file.problems.count, len(file.problems.named)) == (None, 8, 200, NAMED_MAX)
    assert "200 of 208 rows cannot be read; quality score 3.85" in file.notices


def test_missing_values_are_asked_about_with_what_each_treatment_makes_of_them() -> None:
    [asked] = [finding for finding in detected(HOLES).findings if finding.is_open]
    assert asked.evidence == "2 values are missing, on lines 3, 4"
    assert [(option.value, option.evidence) for option in asked.options] == [
        ("drop", "2 values stay"),
        ("forward_fill", "2 values become 4"),
        ("back_fill", "2 values become 4"),
        ("interpolate", "2 values become 4"),
    ]
    with pytest.raises(UploadNotConfirmed, match="2 values are missing"):
        prepared(HOLES)


@pytest.mark.parametrize(
    ("treatment", "values"),
    [("drop", ["10", "40"]), ("forward_fill", ["10", "10", "10", "40"]), ("back_fill", ["10", "40", "40", "40"])],
)
def test_missing_values_are_treated_as_told_and_counted(treatment: str, values: list[str]) -> None:
    file = prepared(HOLES, missing=treatment)
    assert [value for _, value in stored(file)["revenue"]] == values
    counts = file.series[0].counts
    assert (counts.read, counts.missing, counts.filled, counts.dropped) == (2, 2, len(values) - 2, 4 - len(values))
    assert file.metadata()["preprocessing"]["missing"] == treatment


@pytest.mark.parametrize(
    ("treatment", "value"), [("keep_first", "10"), ("keep_last", "20"), ("sum", "30"), ("mean", "15")]
)
def test_a_moment_that_comes_twice_is_asked_about_and_merged_as_told(treatment: str, value: str) -> None:
    with pytest.raises(UploadNotConfirmed, match=r"1 values are of a moment that has one already: .* on lines 2, 3"):
        prepared(TWICE)
    file = prepared(TWICE, duplicates=treatment)
    assert stored(file)["revenue"] == [("2024-01-01", value), ("2024-02-01", "30")]
    assert file.metadata()["duplicates"] == 1


def test_outliers_are_offered_with_counts_and_stay_unless_told_otherwise() -> None:
    content = "\n".join(
        ["date,revenue", *(f"2024-01-{day:02},{100 + day % 3}" for day in range(1, 31)), "2024-01-31,9999"]
    )
    offered = next(finding for finding in detected(content).findings if finding.subject == "outliers")
    assert offered.choice == "keep"
    assert [option.evidence for option in offered.options[:2]] == ["1 of 31 values would be taken for missing"] * 2
    assert prepared(content).count == 31
    for method in ("iqr", "zscore"):
        file = prepared(content, outliers=method, missing="forward_fill")
        assert stored(file)["revenue"][-1] == ("2024-01-31", "100")
        assert file.metadata()["outliers_removed"] == 1
        assert "revenue: 1 of 31 values are taken for missing as outliers" in file.notices
    assert prepared(content, outliers="iqr").count == 30
    assert prepared(content, outliers="zscore", outlier_limit="6").count == 31


def test_a_forest_finds_about_a_tenth_and_the_same_tenth_again() -> None:
    content = "\n".join(
        ["date,revenue", *(f"2024-01-{day:02},{100 + day % 5}" for day in range(1, 31)), "2024-01-31,9999"]
    )
    file = prepared(content, outliers="isolation_forest")
    assert 0 < file.series[0].counts.outliers <= 4
    assert "9999" not in [value for _, value in stored(file)["revenue"]]
    assert stored(prepared(content, outliers="isolation_forest")) == stored(file)


def test_gaps_are_reported_and_filled_only_when_asked() -> None:
    content = "date,revenue\n2024-01-01,10\n2024-02-01,20\n2024-04-01,40\n2024-05-01,50\n"
    file = prepared(content)
    assert "revenue: a value a month, and 1 are not there, the first 2024-03-01T00:00:00+00:00" in file.notices
    assert (file.count, file.series[0].counts.gaps) == (4, 1)
    filled = prepared(content, fill_gaps=True, missing="interpolate")
    assert stored(filled)["revenue"][2] == ("2024-03-01", "29.6667")


def test_expenses_written_as_negative_amounts_are_asked_about() -> None:
    content = "date,costs\n2024-01-01,-10\n2024-02-01,(20)\n"
    with pytest.raises(UploadNotConfirmed, match="2 of 2 expenses are negative"):
        prepared(content)
    assert stored(prepared(content, flip_expenses=True))["expense"] == [("2024-01-01", "10"), ("2024-02-01", "20")]
    assert stored(prepared(content, flip_expenses=False))["expense"][1] == ("2024-02-01", "-20")


def test_more_than_four_decimals_are_rounded_and_counted() -> None:
    file = prepared("date,revenue\n2024-01-01,0.12345\n2024-02-01,0.12355\n2024-03-01,1.5e+3\n")
    assert [value for _, value in stored(file)["revenue"]] == ["0.1234", "0.1236", "1500"]
    assert "2 values have more than four decimals and are rounded, half to even" in file.notices


def test_rows_in_any_order_are_stored_oldest_first() -> None:
    lines = monthly(6).splitlines()
    assert stored(prepared("\n".join([lines[0], *reversed(lines[1:])]))) == stored(prepared(monthly(6)))


def test_another_currency_than_the_one_before_is_a_bad_row() -> None:
    file = prepared("date,revenue\n2024-01-01,€1\n2024-02-01,$2\n")
    assert [one.sentence for one in file.problems.named] == [
        "line 3, revenue: is in another currency than the values before it"
    ]


def test_smoothing_and_normalising_are_done_last_and_only_when_asked() -> None:
    content = "date,revenue\n2024-01-01,10\n2024-02-01,20\n2024-03-01,60\n"
    assert [value for _, value in stored(prepared(content, rolling_window=3))["revenue"]] == ["15", "30", "40"]
    assert [value for _, value in stored(prepared(content, normalise=True))["revenue"]] == ["0", "0.2", "1"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date_format", "d/m/Y"), ("columns", {"a": "profit"}), ("rolling_window", 4), ("outlier_limit", "-1"),
        ("fill_gaps", "yes"), ("metadata", {"a": 1}), ("nonsense", 1),
    ],
)  # fmt: skip
def test_a_choice_that_there_is_not_names_its_field(field: str, value: object) -> None:
    with pytest.raises(InvalidValue) as refused:
        Choices.from_dict({field: value})
    assert refused.value.facts["field"].startswith(field)
