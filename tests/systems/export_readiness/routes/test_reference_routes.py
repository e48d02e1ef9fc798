"""Claims about HS codes and dated rates over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

RATE = {
    "calculator": "rodtep",
    "name": "0910",
    "value": "2.45",
    "unit": "percent",
    "source": "Appendix 4R of the day",
    "valid_from": "2026-02-01",
}


@pytest.mark.usefixtures("nomenclature")
async def test_codes_are_looked_up_searched_and_checked(asha: httpx2.AsyncClient) -> None:
    assert (await asha.get("/hs-codes/0910.30")).json()["parent"] == "0910"
    missing = await asha.get("/hs-codes/9999")
    assert (missing.status_code, missing.json()["code"]) == (404, "HS_CODE_NOT_FOUND")
    below = (await asha.get("/hs-codes", params={"prefix": "0910"})).json()
    assert [found["code"] for found in below] == ["0910", "091020", "091030"]
    found = (await asha.get("/hs-codes/search", params={"text": "spices", "limit": 2})).json()
    assert len(found["suggestions"]) == 2
    best = (await asha.get("/hs-codes/suggestions", params={"product": "turmerik powder"})).json()
    assert (best["words"][0], best["suggestions"][0]["code"]) == ("turmeric", "091030")
    known = (await asha.get("/hs-codes/validation", params={"code": "0910.30.20"})).json()
    assert (known["is_known"], known["national_digits"]) == (True, "20")
    assert [heading["code"] for heading in known["path"]] == ["09", "0910", "091030"]
    unknown = (await asha.get("/hs-codes/validation", params={"code": "091031"})).json()
    assert (unknown["is_known"], unknown["likely"][0]["code"]) == (False, "091030")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/hs-codes", {"prefix": "%"}),
        ("/hs-codes", {"prefix": ""}),
        ("/hs-codes", {"prefix": "09", "limit": 101}),
        ("/hs-codes/search", {"text": "!!"}),
        ("/hs-codes/search", {"text": "x" * 501}),
        ("/hs-codes/suggestions", {"product": " "}),
        ("/hs-codes/validation", {"code": "12"}),
        ("/hs-codes/validation", {"code": "1' OR 1=1"}),
        ("/hs-codes/ab", {}),
        ("/reference-rates", {"day": "yesterday"}),
        ("/reference-rates", {"calculator": "\x00"}),
    ],
)
async def test_what_cannot_be_looked_up_is_refused(asha: httpx2.AsyncClient, path: str, params: dict[str, Any]) -> None:
    refused = await asha.get(path, params=params)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json"), refused.text


@pytest.mark.usefixtures("nomenclature")
@pytest.mark.parametrize("text", ["x & ! | (", "'; --", "spice\x00", "मसाला spice", "spice:* <-> 'a"])
async def test_words_are_never_a_query(asha: httpx2.AsyncClient, text: str) -> None:
    answer = await asha.get("/hs-codes/search", params={"text": text})
    assert answer.status_code in (200, 422), answer.text


async def test_a_rate_holds_from_its_day_on(asha: httpx2.AsyncClient, admin: httpx2.AsyncClient) -> None:
    shipped = (await asha.get("/reference-rates", params={"calculator": "rodtep", "day": "2026-01-31"})).json()
    assert {rate["name"]: rate["value"] for rate in shipped}["0910"] == "2.3"
    put = await admin.post("/reference-rates", json=RATE)
    assert put.status_code == 201, put.text
    for day, expected in (("2026-01-31", "2.3"), ("2026-02-01", "2.450000")):
        rates = (await asha.get("/reference-rates", params={"calculator": "rodtep", "day": day})).json()
        assert {rate["name"]: rate["value"] for rate in rates}["0910"] == expected
    versions = (await asha.get("/reference-rates/versions", params={"calculator": "rodtep", "name": "0910"})).json()
    assert [version["value"] for version in versions] == ["2.450000", "2.3"]
    again = await admin.post("/reference-rates", json=RATE)
    assert (again.status_code, again.json()["code"]) == (409, "REFERENCE_RATE_ALREADY_EXISTS")


@pytest.mark.parametrize(
    "change",
    [
        {"value": 2.45},
        {"value": None},
        {"value": "1e30"},
        {"source": " "},
        {"calculator": "x" * 51},
        {"valid_from": "soon"},
        {"details": {"a": "\x00"}},
        {"created_by": "me"},
    ],
)
async def test_a_rate_that_cannot_be_is_refused(admin: httpx2.AsyncClient, change: dict[str, Any]) -> None:
    refused = await admin.post("/reference-rates", json={**RATE, **change})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json"), refused.text
