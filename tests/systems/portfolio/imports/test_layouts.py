"""Claims about finding the table in a sheet, whichever way it lies and whatever stands around it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from strongroom.systems.portfolio.imports.choices import Choices
from tests.systems.portfolio.imports.sending import (
    ACME,
    FIGURES,
    HEADINGS,
    MARCH,
    Rows,
    csv_of,
    read,
    saved,
    sentences,
    sheet_of,
    submitted,
    workbook,
)

Q1, Q2 = date(2024, 3, 31), date(2024, 6, 30)


def sideways(quarters: tuple[object, ...] = (Q1, Q2), corner: str = "") -> list[list[object]]:
    """A column for each quarter; the second quarter's figures are twice the first's."""
    lines = [[heading, figure, 2 * figure] for heading, figure in zip(HEADINGS, FIGURES, strict=True)]
    return [[corner, *quarters], *lines]


def test_a_row_for_each_quarter_is_read() -> None:
    [(key, values)] = submitted(read(csv_of(sheet_of()).encode())).items()
    assert key == (ACME.name, Q1)
    assert values["total_revenue"] == 1000
    assert (values["ebitda"], values["currency"], values["employees"]) == (-100, "USD", 12)
    assert (values["debt_outstanding"], values["customers"]) == (None, None)


def test_a_column_for_each_quarter_is_read() -> None:
    found = submitted(read(workbook([["Company: Acme Inc"], [], *sideways()])))
    assert {key: values["cash_balance"] for key, values in found.items()} == {
        (ACME.name, Q1): 5000,
        (ACME.name, Q2): 10000,
    }


def test_a_sheet_that_is_named_after_a_company_is_that_company_s() -> None:
    found = submitted(read(workbook(sideways(), title="ACME INC", Märzen_GmbH=[])))
    assert {name for name, _ in found} == {ACME.name}


def test_whose_figures_they_are_can_be_told() -> None:
    content = workbook(sideways())
    assert sentences(read(content)) == ["Sheet: no company is named"]
    assert {name for name, _ in submitted(read(content, choices=Choices(company="acme inc")))} == {ACME.name}
    assert sentences(read(content, choices=Choices(company="Acne"))) == ["Sheet: is no company of the portfolio"]


def test_several_companies_stand_below_each_other() -> None:
    block = sideways()
    rows = [["Company", *block[0]]]
    for company in (ACME.name, MARCH.name):
        rows += [[company, *line] for line in block[1:]]
    found = submitted(read(workbook(rows)))
    assert set(found) == {(name, day) for name in (ACME.name, MARCH.name) for day in (Q1, Q2)}
    assert found[MARCH.name, Q1]["currency"] == "EUR"


def test_quarters_may_stand_below_their_merged_year() -> None:
    book = load_workbook(io.BytesIO(workbook([["Company", "Acme Inc"], ["", "FY2024", ""], *sideways(("Q1", "Q2"))])))
    sheet = book["Sheet"]
    assert isinstance(sheet, Worksheet)
    sheet.merge_cells("B2:C2")
    assert set(submitted(read(saved(book)))) == {(ACME.name, Q1), (ACME.name, Q2)}


def test_a_company_may_be_merged_over_its_quarters() -> None:
    first, second = sheet_of(), sheet_of(Quarter="2024-06-30")
    book = load_workbook(io.BytesIO(workbook([*first, second[1]])))
    sheet = book["Sheet"]
    assert isinstance(sheet, Worksheet)
    sheet.merge_cells("K2:K3")
    assert set(submitted(read(saved(book)))) == {(ACME.name, Q1), (ACME.name, Q2)}


def test_a_merged_figure_is_a_problem_and_not_counted_twice() -> None:
    book = load_workbook(io.BytesIO(workbook([*sheet_of(), sheet_of(Quarter="2024-06-30")[1]])))
    sheet = book["Sheet"]
    assert isinstance(sheet, Worksheet)
    sheet.merge_cells("A2:A3")
    assert sentences(read(saved(book))) == ["Sheet!A3 (Total revenue): is part of a merged cell"]


def test_columns_beside_the_quarters_are_left_out_and_said() -> None:
    rows = sideways()
    rows[0] += ["FY2024", "YoY change", "Q3 2024 Budget", "Notes"]
    rows[1] += [4000, 0.2, 1500, "a good year"]
    found = read(workbook([["Company: Acme Inc"], *rows]))
    assert len(submitted(found)) == 2
    assert [notice for notice in found.notices if "is not read" in notice] == [
        f"Sheet: column {name!r} is not read" for name in ("FY2024", "YoY change", "Q3 2024 Budget", "Notes")
    ]


def test_a_quarter_that_cannot_be_read_is_not_left_out_in_silence() -> None:
    rows = sideways((Q1, "Q7 2024"))
    found = read(workbook([["Company: Acme Inc"], *rows]))
    assert sentences(found) == ["Sheet!C2: names no quarter"]


def test_a_budget_below_its_quarter_is_not_read_as_actual() -> None:
    rows = sideways((Q1, Q1))
    rows.insert(1, ["", "Actual", "Budget"])
    found = submitted(read(workbook([["Company: Acme Inc"], *rows])))
    assert {key: values["total_revenue"] for key, values in found.items()} == {(ACME.name, Q1): 1000}


@pytest.mark.parametrize(
    ("corner", "scale"),
    [("", 1), ("USD thousands", 1000), ("in USD millions", 1_000_000), ("$k", 1000), ("USD '000", 1000)],
)
def test_a_unit_in_the_corner_holds_for_amounts_and_not_for_heads(corner: str, scale: int) -> None:
    [values, _] = submitted(read(workbook([["Company: Acme Inc"], *sideways(corner=corner)]))).values()
    assert values["total_revenue"] == 1000 * scale
    assert values["employees"] == 12


@pytest.mark.parametrize("line", ["All amounts in EUR thousands", "(EUR '000)", "in thousands of euros, unaudited"])
def test_a_unit_above_the_table_holds_for_all_of_it(line: str) -> None:
    [values] = submitted(read(workbook([[line], [], *sheet_of()]))).values()
    assert (values["total_revenue"], values["currency"]) == (1_000_000, "EUR")


def test_two_units_above_a_table_are_a_problem() -> None:
    found = read(workbook([["in thousands"], ["in millions"], *sheet_of()]))
    assert sentences(found) == ["Sheet!3: the lines above the table give two different units"]


def test_a_sheet_for_each_quarter_may_say_it_in_its_name() -> None:
    rows = sheet_of(Quarter=...)
    found = submitted(read(workbook(rows, title="Q1 2024", **{"2024-06-30": rows})))
    assert set(found) == {(ACME.name, Q1), (ACME.name, Q2)}


def test_year_and_quarter_may_stand_in_two_columns() -> None:
    rows = sheet_of(Quarter="Q3", Fiscal_year=2024)
    assert set(submitted(read(workbook(rows)))) == {(ACME.name, date(2024, 9, 30))}
    rows = sheet_of(Quarter=3, Fiscal_year="FY24", Company=MARCH.name)
    assert set(submitted(read(workbook(rows)))) == {(MARCH.name, date(2023, 12, 31))}


def test_a_hidden_sheet_with_figures_is_a_problem() -> None:
    book = load_workbook(io.BytesIO(workbook(sheet_of(), Old=sheet_of(Quarter="2023-12-31"))))
    book["Old"].sheet_state = "hidden"
    assert sentences(read(saved(book))) == ["Old: the sheet is hidden and holds figures"]


def test_hidden_rows_and_columns_with_figures_are_problems() -> None:
    book = load_workbook(io.BytesIO(workbook(sheet_of())))
    sheet = book["Sheet"]
    assert isinstance(sheet, Worksheet)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    assert sentences(read(saved(book))) == [
        "Sheet!B (Recurring revenue): the column is hidden and holds figures",
        "Sheet!2: the row is hidden and holds figures",
    ]


def test_the_same_quarter_on_two_sheets_is_a_problem() -> None:
    found = read(workbook(sheet_of(), Again=sheet_of()))
    assert sentences(found) == ["Again!L2 (Quarter): Acme, Inc. has figures for 2024-03-31 at Sheet!L2 already"]


def test_a_second_table_below_the_first_is_not_swallowed() -> None:
    other = [list(reversed(row)) for row in sheet_of(Quarter="2024-06-30")]
    assert sentences(read(workbook([*sheet_of(), [], *other])))[0] == (
        "Sheet!4: a second table begins here, with other columns"
    )


def test_a_missing_column_is_named_once() -> None:
    rows: Rows = [*sheet_of(EBITDA=...), sheet_of(EBITDA=..., Quarter="2024-06-30")[1]]
    assert sentences(read(workbook(rows))) == ["Sheet!1: there is no column for EBITDA"]


def test_a_heading_that_is_nearly_right_is_asked_about() -> None:
    found = read(workbook(sheet_of(Total_revenue=..., **{"Total Revnue": 1000})))
    [problem] = found.problems
    assert (problem.place, problem.value) == ("Sheet!L1", "Total Revnue")
    assert problem.fix == "if it means 'Total revenue', call it that"


def test_a_heading_that_says_something_else_is_not_taken_for_the_quarter_s() -> None:
    found = read(workbook(sheet_of(**{"Revenue (LTM)": 4000, "Revenue growth": 0.2, "Website": "example.com"})))
    assert next(iter(submitted(found).values()))["total_revenue"] == 1000
    assert len(found.notices) == 3


def test_two_columns_for_one_figure_are_a_problem() -> None:
    found = read(workbook(sheet_of(Sales=999)))
    assert sentences(found) == ["Sheet!M1: means the same as 'Total revenue': Total revenue"]


def test_figures_beside_the_headings_are_a_problem() -> None:
    rows = csv_of(sheet_of()).replace("5000", "5,000,000")  # a number whose commas were not quoted
    assert sentences(read(rows.encode())) == ["figures.csv!M2: stands in a column without a heading"]
    beside = [[*row, None, *more] for row, more in zip(sheet_of(), ([], [12]), strict=True)]
    assert sentences(read(workbook(beside))) == ["Sheet!N2: stands in a column without a heading"]


def test_a_recurring_share_stands_in_for_the_amount() -> None:
    rows = sheet_of(Recurring_revenue=..., **{"Recurring %": "66.67%"})
    [values] = submitted(read(workbook(rows))).values()
    assert values["recurring_revenue"] == Decimal("666.70")


def test_a_share_without_a_percent_sign_is_not_guessed_at() -> None:
    rows = sheet_of(Recurring_revenue=..., **{"Recurring %": 0.8})
    assert sentences(read(workbook(rows))) == ["Sheet!L2 (Recurring %): may be a fraction or a percentage"]
    book = load_workbook(io.BytesIO(workbook(rows)))
    sheet = book["Sheet"]
    assert isinstance(sheet, Worksheet)
    sheet["L2"].number_format = "0.0%"
    [values] = submitted(read(saved(book))).values()
    assert values["recurring_revenue"] == 800


def test_the_currency_is_that_of_the_headings() -> None:
    rows = sheet_of(Total_revenue=..., **{"Revenue (CAD)": 1000})
    [values] = submitted(read(workbook(rows))).values()
    assert values["currency"] == "CAD"


def test_a_heading_and_a_row_that_name_two_currencies_are_a_problem() -> None:
    rows = sheet_of(Total_revenue=..., **{"Revenue (CAD)": 1000, "Currency": "EUR"})
    assert sentences(read(workbook(rows))) == [
        "Sheet!M2 (Currency): the figures are in EUR, and 'Revenue (CAD)' says CAD"
    ]


def test_a_format_that_shows_another_currency_is_a_problem() -> None:
    book = load_workbook(io.BytesIO(workbook(sheet_of())))
    sheet = book["Sheet"]
    assert isinstance(sheet, Worksheet)
    sheet["A2"].number_format = "[$€-407] #,##0.00"
    assert sentences(read(saved(book))) == ["Sheet!A2 (Total revenue): shows €, and the figures are in USD"]


def test_a_formula_counts_with_the_value_that_was_calculated() -> None:
    content = workbook(sheet_of(Total_revenue="=500+500"))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part, count = re.subn(rb"<v ?/>|<v></v>", b"<v>1000</v>", part)
                assert count == 1
            new.writestr(name, part)
    [values] = submitted(read(stream.getvalue())).values()
    assert values["total_revenue"] == 1000
    assert sentences(read(content)) == ["Sheet!A2 (Total revenue): is a formula that was never calculated"]
