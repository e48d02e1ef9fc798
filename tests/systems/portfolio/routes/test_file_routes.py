"""Claims about files over HTTP: what is wrong with one is said at its place, and nothing of it is stored."""

from __future__ import annotations

import httpx2

from tests.systems.portfolio.routes.conftest import DAYS, NewCompany, Submit

HEADER = (
    "Company,Period,Currency,Total revenue,Recurring revenue,Gross profit,Sales and marketing expense,"
    "Total operating expense,EBITDA,Net income,Cash burn,Cash balance,Employees\n"
)
ROW = "Acme,2025-12-31,USD,1200000,1000000,800000,300000,900000,-100000,-120000,300000,6000000,40\n"
RATES = "Date,Country,Exchange rate\n2025-11-01,Canada,1.4\n2025-11-01,Japan,150.5\n"


def sent(text: str, name: str = "figures.csv") -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, text.encode(), "text/csv")}


async def test_a_file_is_checked_and_then_submitted_whole(
    viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, new_company: NewCompany, rates: None
) -> None:
    company_id = await new_company()
    checked = await viewer.post("/imports/check", files=sent(HEADER + ROW))
    assert checked.status_code == 200, checked.text
    assert (checked.json()["quarters"], checked.json()["problems"]) == (1, [])
    assert (await viewer.get("/inputs")).json()["items"] == []
    imported = await analyst.post("/imports", files=sent(HEADER + ROW))
    assert (imported.status_code, imported.json()["quarters"], imported.json()["companies"]) == (201, 1, 1)
    stored = (await viewer.get(f"/companies/{company_id}/inputs/{DAYS[-1]}")).json()
    assert (stored["total_revenue"], stored["created_by"]) == ("1200000.00", "Analyst")
    again = await analyst.post("/imports", files=sent(HEADER + ROW))
    assert again.status_code == 201
    assert (await viewer.get(f"/companies/{company_id}/inputs/{DAYS[-1]}")).json() == stored


async def test_a_file_with_a_problem_is_refused_whole_and_every_problem_is_named(
    analyst: httpx2.AsyncClient, new_company: NewCompany, rates: None
) -> None:
    await new_company()
    text = HEADER + ROW + ROW.replace("Acme", "Nobody we know").replace("1200000", "lots")
    refused = await analyst.post("/imports", files=sent(text))
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    problem = refused.json()
    assert (problem["code"], "problems" in problem["facts"]) == ("FILE_REFUSED", False)
    assert {error["field"].rpartition("!")[2] for error in problem["errors"]} == {"A3", "D3"}
    assert (await analyst.get("/inputs")).json()["items"] == []
    checked = (await analyst.post("/imports/check", files=sent(text))).json()
    assert {(one["row"], one["column"]) for one in checked["problems"]} == {(3, "A"), (3, "D")}


async def test_a_file_that_is_none_is_refused(analyst: httpx2.AsyncClient) -> None:
    assert (await analyst.post("/imports", files=sent("\x00\x01", "figures.xlsx"))).json()["code"] == "FILE_REFUSED"
    assert (await analyst.post("/imports")).json()["code"] == "VALIDATION_ERROR"
    too_large = await analyst.post("/imports", files=sent("x" * 200_000))
    assert (too_large.status_code, too_large.json()["code"]) == (413, "TOO_LARGE")


async def test_rates_come_as_a_file_of_monthly_averages(admin: httpx2.AsyncClient, viewer: httpx2.AsyncClient) -> None:
    put = await admin.post("/rates/imports", files=sent(RATES, "monthly.csv"))
    assert (put.status_code, put.json()["added"]) == (201, 2), put.text
    wanted = {"base": "USD", "quote": "JPY", "day": "2025-11-30"}
    found = (await viewer.get("/rates/applied", params=wanted)).json()
    assert (found["rate"], found["quotes"][0]["period"]) == ("150.5000000000", "month")


async def test_what_goes_out_is_a_file_with_a_name(
    viewer: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    company_id = await new_company()
    await submit(company_id)
    template = await viewer.get("/template", params={"company": "Acme"})
    assert template.headers["content-disposition"] == 'attachment; filename="quarterly-figures.xlsx"'
    assert template.content.startswith(b"PK")
    assert (await viewer.get("/template", params={"company": "Nobody"})).json()["code"] == "COMPANY_NOT_FOUND"
    wanted = {"year": 2025, "quarter": 4}
    starts = {"xlsx": b"PK", "csv": b"", "parquet": b"PAR1"}
    for form, start in starts.items():
        report = await viewer.get("/report", params={**wanted, "format": form})
        assert report.headers["content-disposition"] == f'attachment; filename="portfolio-2025-q4-USD.{form}"'
        assert report.content.startswith(start)
    text = (await viewer.get("/report", params={**wanted, "format": "csv"})).text
    assert "Acme" in text
    assert "4000000.00" in text
    before = await viewer.get("/report", params={**wanted, "format": "csv", "known_at": "2020-01-01"})
    assert "Acme" not in before.text
