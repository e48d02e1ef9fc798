"""Claims about what is found out about a file, what is asked, and what is never guessed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from strongroom.systems.forecasting.errors import UploadNotConfirmed
from strongroom.systems.forecasting.imports import Choices, prepare_file
from strongroom.systems.forecasting.imports.survey import Finding
from tests.systems.forecasting.imports.sending import detected, monthly, parquet, prepared, stored, stream, workbook


def finding(content: bytes | str, subject: str, /, **choices: object) -> Finding:
    return next(one for one in detected(content, **choices).findings if one.subject == subject)


def test_a_plain_file_is_understood_and_confirmed_by_sending_its_choices_back() -> None:
    seen = detected(monthly())
    assert seen.questions == []
    assert json.loads(json.dumps(seen.to_dict()))["series"][0]["spacing"] == "a value a month"
    file = prepare_file(stream(monthly()), "series.csv", Choices.from_dict(seen.to_dict()["choices"]))
    assert (file.count, file.refusal, file.score) == (12, None, Decimal(100))


def test_nothing_is_taken_for_confirmed_by_itself() -> None:
    with pytest.raises(UploadNotConfirmed) as refused:
        prepare_file(stream(monthly()), "series.csv", Choices())
    assert [question.partition(":")[0] for question in refused.value.facts["open"]] == [
        "columns",
        "date_format",
        "decimal_mark",
    ]


def test_days_and_months_that_could_be_swapped_are_asked_for_with_both_readings() -> None:
    content = "Date,Revenue\n01/02/2024,1\n01/03/2024,2\n01/04/2024,3\n"
    asked = finding(content, "date_format")
    assert asked.is_open
    assert [(option.value, option.examples[0]) for option in asked.options] == [
        ("day_first", "01/02/2024 → 2024-02-01"),
        ("month_first", "01/02/2024 → 2024-01-02"),
    ]
    assert "a value a month" in asked.options[0].evidence
    with pytest.raises(UploadNotConfirmed, match="day first and with the month first"):
        prepared(content)
    assert stored(prepared(content, date_format="month_first"))["revenue"][2] == ("2024-01-04", "3")


def test_one_date_anywhere_in_the_file_decides_the_order() -> None:
    rows = ["01/02/2024,1"] * 2000 + ["13/02/2024,1"]
    decided = finding("\n".join(["date,revenue", *rows]), "date_format")
    assert decided.choice == "day_first"
    assert "1 of them cannot be read otherwise: line 2002 is 13/02/2024" in decided.evidence


def test_a_file_that_contradicts_itself_is_asked_about() -> None:
    asked = finding("date,revenue\n13/01/2024,1\n01/13/2024,2\n", "date_format")
    assert asked.is_open
    assert asked.evidence == "the file contradicts itself: line 2 is 13/01/2024, line 3 is 01/13/2024"


def test_an_order_that_makes_no_difference_is_not_asked_for() -> None:
    assert finding("date,revenue\n01/01/2024,1\n02/02/2024,2\n", "date_format").choice == "day_first"
    assert finding("month,revenue\n01/2024,1\n02/2024,2\n", "date_format").choice == "day_first"


@pytest.mark.parametrize(
    ("cells", "form", "first"),
    [
        (("2024-01-31", "2024-02-29"), "year_first", "2024-01-31"),
        (("2024-01-31T23:30:00-02:00", "2024-02-29T00:00:00Z"), "year_first", "2024-02-01"),
        (("2024/1/31", "2024/2/29"), "year_first", "2024-01-31"),
        (("2024-01", "2024-02"), "year_first", "2024-01-01"),
        (("20240131", "20240229"), "year_first", "2024-01-31"),
        (("31.01.2024", "29.02.2024 12:30"), "day_first", "2024-01-31"),
        (("01/31/2024 11:30 PM", "02/29/2024 12:30 AM"), "month_first", "2024-01-31"),
        (("31 Jan 2024", "29 February 2024"), "named_month", "2024-01-31"),
        (("January 2024", "Feb-2024"), "named_month", "2024-01-01"),
        (("März 2024", "Dez. 2024"), "named_month", "2024-03-01"),
        (("2024-Q2", "Q3 2024"), "quarter", "2024-04-01"),
        (("2023", "2024"), "year", "2023-01-01"),
    ],
)
def test_dates_are_read_as_people_write_them(cells: tuple[str, str], form: str, first: str) -> None:
    content = f"date;revenue\n{cells[0]};1\n{cells[1]};2\n"
    assert finding(content, "date_format").choice == form
    assert stored(prepared(content))["revenue"][0] == (first, "1")


def test_numbers_that_count_from_a_moment_are_asked_for() -> None:
    content = "timestamp,revenue\n1704067200,1\n1706745600,2\n"
    asked = finding(content, "date_format")
    assert asked.is_open
    assert "unix_seconds" in [option.value for option in asked.options]
    assert stored(prepared(content, date_format="unix_seconds"))["revenue"][0][0] == "2024-01-01"


def test_the_decimal_mark_is_seen_from_all_numbers_and_asked_for_where_none_shows_it() -> None:
    assert finding("date;revenue\n2024-01-01;1.234,50\n2024-02-01;1.234\n", "decimal_mark").choice == ","
    assert finding("date;revenue\n2024-01-01;1234\n2024-02-01;12\n", "decimal_mark").choice == "."
    content = "date;revenue\n2024-01-01;1.234\n2024-02-01;2.345\n"
    asked = finding(content, "decimal_mark")
    assert asked.is_open
    assert [option.examples[0] for option in asked.options] == ["1.234 → 1.234", "1.234 → 1,234"]
    assert stored(prepared(content, decimal_mark="comma"))["revenue"] == [
        ("2024-01-01", "1234"),
        ("2024-02-01", "2345"),
    ]
    assert finding("date;revenue\n2024-01-01;1,5\n2024-02-01;1.5\n", "decimal_mark").is_open


def test_a_column_for_each_category_is_read_wide_and_a_column_of_categories_long() -> None:
    wide = "Month,Total sales (EUR),Operating costs,Cash flow,Remark\n2024-01,10,4,-6,x\n2024-02,12,5,7,y\n"
    points = {
        "revenue": [("2024-01-01", "10"), ("2024-02-01", "12")],
        "expense": [("2024-01-01", "4"), ("2024-02-01", "5")],
        "cash_flow": [("2024-01-01", "-6"), ("2024-02-01", "7")],
    }
    assert stored(prepared(wide)) == points
    long = "day,type,amount\n2024-01-01,Sales,10\n2024-01-01,Costs,4\n2024-01-01,cash flow,-6\n"
    long += "2024-02-01,Sales,12\n2024-02-01,Costs,5\n2024-02-01,cash flow,7\n"
    assert stored(prepared(long)) == points


def test_words_for_categories_may_be_told() -> None:
    content = "day,account,amount\n2024-01-01,4000 Lieferungen,10\n2024-01-01,Costs,4\n"
    told = {"categories": {"4000 Lieferungen": "revenue"}}
    assert stored(prepared(content, **told)) == {"revenue": [("2024-01-01", "10")], "expense": [("2024-01-01", "4")]}


def test_what_the_values_are_is_asked_when_no_heading_says_it() -> None:
    content = monthly(3, "net income")
    asked = detected(content).questions
    assert asked == ["category (revenue or expense or cash_flow): nothing says what the values are"]
    assert list(stored(prepared(content, category="cash_flow"))) == ["cash_flow"]


def test_two_columns_of_one_category_are_asked_about_and_told_by_heading() -> None:
    content = "date,revenue,sales\n2024-01-01,1,2\n2024-02-01,3,4\n"
    assert "several columns seem to hold the same category" in detected(content).questions[0]
    columns = {"date": "timestamp", "Sales": "revenue"}
    assert stored(prepared(content, columns=columns))["revenue"] == [("2024-01-01", "2"), ("2024-02-01", "4")]


def test_a_column_that_is_told_and_not_there_is_a_question() -> None:
    with pytest.raises(UploadNotConfirmed, match="there is no column called profit"):
        prepared(monthly(), columns={"date": "timestamp", "profit": "revenue"})


def test_of_several_sheets_one_has_to_be_named() -> None:
    rows: list[list[Any]] = [["date", "revenue"], [date(2024, 1, 1), 1.5], [date(2024, 2, 1), 2]]
    content = workbook([["nothing"]], Data=rows)
    asked = detected(content, "series.xlsx")
    assert asked.questions == ["sheet (Sheet or Data): the workbook has several sheets"]
    file = prepared(content, "series.xlsx", sheet="Data")
    assert stored(file)["revenue"] == [("2024-01-01", "1.5"), ("2024-02-01", "2")]


def test_a_workbook_and_parquet_give_what_csv_gives() -> None:
    days = [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
    moments = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days]
    values = [Decimal("0.1"), None, Decimal("1234567890123.4567")]
    text = "\n".join(
        ["date,revenue", *(f"{day},{'' if v is None else v}" for day, v in zip(days, values, strict=True))]
    )
    expected = stored(prepared(text, missing="drop"))
    assert expected == {"revenue": [("2024-01-01", "0.1"), ("2024-03-01", "1234567890123.4567")]}
    exact = parquet({"date": moments, "revenue": values})
    assert stored(prepared(exact, "series.parquet", missing="drop")) == expected
    rough = workbook([["date", "revenue"], *([day, value] for day, value in zip(days, [0.1, None, 2.5], strict=True))])
    found = stored(prepared(rough, "series.xlsx", missing="drop"))
    assert found == {"revenue": [("2024-01-01", "0.1"), ("2024-03-01", "2.5")]}


def test_a_currency_beside_the_amounts_goes_into_the_metadata() -> None:
    [point, _] = prepared("date;revenue\n2024-01-01;€ 1.234,50\n2024-02-01;2.000,00 €\n").points()
    assert (point.value, dict(point.metadata)) == (Decimal("1234.5"), {"currency": "EUR"})
    kept = "date,revenue,currency,entity\n2024-01-01,1,USD,north\n"
    [point] = prepared(kept, metadata={"budget": True}).points()
    assert dict(point.metadata) == {"currency": "USD", "entity": "north", "budget": True}
