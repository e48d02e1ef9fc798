"""Claims about views and charts over HTTP: what they answer, as known when, and that a picture shows the same."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.systems.portfolio.options import PortfolioOptions
from strongroom.systems.portfolio.rules.alerts import AlertThresholds
from tests.systems.portfolio.routes.conftest import DAYS, NewCompany, Submit

Parameters = dict[str, str | int]

QUARTER: Parameters = {"year": 2025, "quarter": 4}
VIEWS = ("snapshot", "ltm", "funds", "cohorts", "alerts", "missing", "exposure")
HOSTILE = "<script>alert(1)</script> & $\\frac{1}{0}$ \N{CJK UNIFIED IDEOGRAPH-5317} ]]>"


@pytest.fixture
async def acme(new_company: NewCompany, submit: Submit) -> str:
    """Four quarters, the last of them with little cash."""
    company_id = await new_company(HOSTILE, fund="Fund <I> & $\\sum$")
    for day in DAYS[:-1]:
        await submit(company_id, day)
    await submit(company_id, total_revenue="1000000", recurring_revenue="900000", cash_balance="400000")
    return company_id


async def test_the_quarter_is_answered_with_exact_figures(viewer: httpx2.AsyncClient, acme: str) -> None:
    view = (await viewer.get("/views/snapshot", params=QUARTER)).json()
    [line] = view["lines"]
    assert (view["quarter"], view["currency"], line["company"]["id"]) == (QUARTER, "USD", acme)
    values = line["figures"]["values"]
    assert (values["arr"], values["employees"], values["runway_months"]) == ("3600000.00", "40", "4.0")
    assert (values["ltm_total_revenue"], values["yoy_growth_revenue"]) == ("4600000.00", None)
    assert {measure["name"] for measure in (await viewer.get("/views/measures")).json()} == set(values)
    in_loonies = (await viewer.get("/views/snapshot", params={**QUARTER, "currency": "CAD"})).json()
    assert in_loonies["lines"][0]["figures"]["values"]["arr"] == "4500000.00"
    refused = await viewer.get("/views/snapshot", params={**QUARTER, "currency": "EUR"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "currency")


async def test_every_view_of_a_quarter_says_when_it_was_known(viewer: httpx2.AsyncClient, acme: str) -> None:
    then = datetime.now(UTC)
    for name in VIEWS:
        query: Parameters = {**QUARTER, "by": "size"} if name == "cohorts" else QUARTER
        now = (await viewer.get(f"/views/{name}", params=query)).json()
        known = (await viewer.get(f"/views/{name}", params={**query, "known_at": then.isoformat()})).json()
        assert datetime.fromisoformat(known["known_at"]) == then
        assert {**known, "known_at": None} == {**now, "known_at": None}
        empty = (await viewer.get(f"/views/{name}", params={**query, "known_at": "2020-01-01"})).json()
        assert empty != known


async def test_the_fourth_quarter_as_we_knew_it_before_the_restatement_is_one_call(
    viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, acme: str, submit: Submit
) -> None:
    then = {"known_at": datetime.now(UTC).isoformat()}
    await submit(acme, total_revenue="2000000")
    for name in ("snapshot", "ltm", "funds", "alerts", "exposure"):
        now = (await viewer.get(f"/views/{name}", params=QUARTER)).json()
        before = (await viewer.get(f"/views/{name}", params={**QUARTER, **then})).json()
        assert before != {**now, "known_at": before["known_at"]}
    before = (await viewer.get("/views/funds", params={**QUARTER, **then})).json()
    assert before["total"]["total_revenue"] == "1000000.00"
    trend = (await viewer.get(f"/companies/{acme}/trend", params={"measure": "total_revenue", **then})).json()
    assert trend["points"][-1]["values"] == {"total_revenue": "1000000.00"}


async def test_thresholds_are_the_funds_own_unless_a_request_brings_others(
    app: FastAPI, viewer: httpx2.AsyncClient, acme: str
) -> None:
    async def kinds(**thresholds: Any) -> list[str]:
        view = (await viewer.get("/views/alerts", params={**QUARTER, **thresholds})).json()
        return [alert["kind"] for alert in view["alerts"]]

    assert await kinds() == ["short_runway", "little_cash", "revenue_decline"]
    assert "short_runway" not in await kinds(runway_months_min="4.0")
    app.state.portfolio_options = PortfolioOptions(AlertThresholds(runway_months_min=Decimal(3)))
    assert "short_runway" not in await kinds()
    assert "short_runway" in await kinds(runway_months_min="4.1")
    assert (await viewer.get("/views/funds", params=QUARTER)).json()["total"]["short_runway"] == 0
    refused = await viewer.get("/views/alerts", params={**QUARTER, "runway_months_min": "-1"})
    assert refused.status_code == 422


async def test_one_company_over_time_has_its_ratios_and_its_year(viewer: httpx2.AsyncClient, acme: str) -> None:
    ltm = (await viewer.get(f"/companies/{acme}/ltm")).json()
    assert [point["values"]["ltm_total_revenue"] for point in ltm["points"]] == [None, None, None, "4600000.00"]
    derived = (await viewer.get(f"/companies/{acme}/indicators")).json()["points"][1]["values"]
    assert (derived["net_new_arr"], derived["ebitda_margin"], derived["burn_multiple"]) == ("0.00", "-8.33", None)
    unknown = await viewer.get(f"/companies/{acme}/trend", params={"measure": "happiness"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "VALIDATION_ERROR")
    nobody = await viewer.get("/companies/0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11/trend")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "COMPANY_NOT_FOUND")


async def test_charts_are_pictures_that_show_their_figures_and_run_nothing(
    viewer: httpx2.AsyncClient, acme: str
) -> None:
    until_march: Parameters = {"end_date": "2026-03-31"}
    wanted: dict[str, tuple[Parameters, list[str]]] = {
        f"/charts/companies/{acme}": (until_march, ["USD million", "not reported", "1.00m", "to Q1 2026"]),
        "/charts/funds": (QUARTER, ["Funds, Q4 2025", "3.60m", "4.0", "1 of 1 active companies"]),
        "/charts/cohorts": ({**QUARTER, "by": "fund"}, ["ARR by fund, Q4 2025", "median 3.60m"]),
        "/charts/alerts": (QUARTER, ["Alerts, Q4 2025", "4.0 months", "-16.7%"]),
    }
    for path, (query, words) in wanted.items():
        drawn = await viewer.get(path, params=query)
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml"), drawn.text
        assert "sandbox" in drawn.headers["content-security-policy"]
        text = _text(drawn.content)
        for word in (*words, "as known at", "USD"):
            assert word in text, (path, word, text)
        png = await viewer.get(path, params={**query, "format": "png"})
        assert png.headers["content-type"] == "image/png"
        assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
        assert png.content.endswith(b"IEND\xaeB`\x82")


async def test_a_picture_can_be_of_the_past(viewer: httpx2.AsyncClient, acme: str) -> None:
    query: Parameters = {**QUARTER, "known_at": "2020-06-30T12:00:00Z"}
    text = _text((await viewer.get("/charts/funds", params=query)).content)
    assert "as known at 2020-06-30 12:00 UTC" in text
    assert "no active company" in text


def _text(svg: bytes) -> str:
    """Every word of a picture, which must be well-formed and without anything that runs."""
    root = ElementTree.fromstring(svg)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not names & {"script", "foreignObject", "image", "a", "iframe"}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    return " ".join(part for part in root.itertext() if part.strip())
