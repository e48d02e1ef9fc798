"""Claims about files over HTTP: looked at, confirmed, stored once and whole; and their points read back."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pyarrow
import pyarrow.parquet
from fastapi import FastAPI

from strongroom.kernel.sessions import Actor, Database
from strongroom.systems.forecasting.imports import UPLOAD
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.testing.jobs import run_jobs
from tests.systems.forecasting.building import SEASONAL, month
from tests.systems.forecasting.routes.conftest import CONFIRMED, CSV, UPLOADS, People, Send

GAP = "date,revenue\n2024-01-01,1\n2024-02-01,2\n2024-04-01,4\n2024-05-01,5\n2024-06-01,6\n2024-07-01,7\n"
LARGE = "date,revenue\n" + "".join(
    f"{1950 + at // 336}-{at // 28 % 12 + 1:02}-{at % 28 + 1:02},1.00\n" for at in range(1500)
)


async def test_a_file_is_looked_at_confirmed_and_stored(send: Send, viewer: httpx2.AsyncClient) -> None:
    seen = await send(choices="{}", path="/uploads/detect")
    assert seen.status_code == 200, seen.text
    assert (seen.json()["columns"], seen.json()["rows"]) == (["date", "revenue"], 48)
    assert (await viewer.get("/uploads")).json()["items"] == []
    unconfirmed = await send(choices="{}")
    assert (unconfirmed.status_code, unconfirmed.json()["code"]) == (409, "UPLOAD_NOT_CONFIRMED")
    assert len(unconfirmed.json()["errors"]) >= 1
    stored = await send(choices=json.dumps(seen.json()["choices"]))
    assert stored.status_code == 201, stored.text
    upload = stored.json()["upload"]
    assert (upload["status"], upload["row_count"], upload["filename"]) == ("validated", 48, "revenue.csv")
    assert (await viewer.get(f"/uploads/{upload['id']}")).json() == upload


async def test_the_same_file_is_stored_once(send: Send, viewer: httpx2.AsyncClient) -> None:
    first = await send()
    again = await send()
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["is_new"], again.json()["upload"]) == (False, first.json()["upload"])
    assert (await viewer.get("/uploads", params={"count": "exact"})).json()["count"] == 1


async def test_rows_that_cannot_be_read_are_named_and_the_refusal_is_kept(
    send: Send, viewer: httpx2.AsyncClient
) -> None:
    choices = '{"columns": {"date": "timestamp", "revenue": "revenue"}, "accept_detected": true}'
    refused = await send(CSV + "2030-01-01,lots\n", choices)
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "UPLOAD_REFUSED"), problem
    assert [error["field"] for error in problem["errors"]] == ["50:revenue"]
    assert "problems" not in problem["facts"]
    kept = (await viewer.get(f"/uploads/{problem['facts']['upload_id']}")).json()
    assert (kept["status"], kept["row_count"]) == ("error", 0)
    assert "line 50" in kept["error_message"]


async def test_a_large_file_is_stored_by_a_job(
    send: Send,
    analyst: httpx2.AsyncClient,
    other: httpx2.AsyncClient,
    database: Database,
    options: ForecastingOptions,
) -> None:
    assert len(LARGE) > options.upload_bytes_at_once
    accepted = await send(LARGE)
    assert accepted.status_code == 202, accepted.text
    upload, job_id = accepted.json()["upload"], accepted.json()["job_id"]
    assert upload["status"] == "processing"
    assert accepted.headers["location"] == f"/api/forecasting/jobs/{job_id}"
    assert (await other.get(f"/jobs/{job_id}")).status_code == 404
    again = await send(LARGE)
    assert (again.status_code, again.json()["job_id"]) == (202, job_id)
    assert len(_waiting(options)) == 1
    run_jobs(database, (UPLOAD,), options=(options,))
    assert (await analyst.get(f"/jobs/{job_id}")).json()["status"] == "succeeded"
    stored = (await analyst.get(f"/uploads/{upload['id']}")).json()
    assert (stored["status"], stored["row_count"]) == ("validated", 1500), stored
    assert _waiting(options) == []
    assert (await send(LARGE)).status_code == 200
    assert _waiting(options) == []


async def test_a_large_file_that_waits_can_be_called_off(
    send: Send, analyst: httpx2.AsyncClient, other: httpx2.AsyncClient
) -> None:
    place = f"/uploads/{(await send(LARGE)).json()['upload']['id']}/cancel"
    assert (await other.post(place)).json()["code"] == "ACCESS_DENIED"
    stopped = (await analyst.post(place)).json()
    assert (stopped["status"], stopped["row_count"]) == ("error", 0)
    assert (await analyst.post(place)).json()["code"] == "UPLOAD_FINAL"


async def test_what_is_no_file_is_refused(analyst: httpx2.AsyncClient, send: Send) -> None:
    for sent in ({"json": {"file": "x"}}, {"data": {"file": "x"}}, {"files": {"other": ("a.csv", b"x")}}, {}):
        answer = await analyst.post("/uploads", **sent)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file"), answer.text
    assert (await send("%PDF-1.7")).json()["code"] == "UPLOAD_UNREADABLE"
    assert (await send(choices="[]")).json()["errors"][0]["field"] == "choices"
    assert (await send(choices='{"colour": "red"}')).json()["errors"][0]["field"] == "colour"
    answer = await analyst.post("/uploads", files={"file": ("a.csv", b"x")}, data={"data_type": "poem"})
    assert answer.json()["errors"][0]["field"] == "data_type"


async def test_workbooks_and_parquet_are_files_too(analyst: httpx2.AsyncClient) -> None:
    rows = [(month(at).replace(tzinfo=None), float(value)) for at, value in enumerate(SEASONAL)]
    book, table = BytesIO(), BytesIO()
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Figures")
    for row in (("date", "revenue"), *rows):
        sheet.append(row)
    workbook.save(book)
    dates, values = zip(*rows, strict=True)
    pyarrow.parquet.write_table(pyarrow.table({"date": dates, "revenue": values}), table)
    for name, content in (("a.xlsx", book.getvalue()), ("a.parquet", table.getvalue())):
        stored = await analyst.post("/uploads", files={"file": (name, content)}, data={"choices": CONFIRMED})
        assert (stored.status_code, stored.json()["upload"]["row_count"]) == (201, 48), stored.text


async def test_a_file_that_is_announced_too_large_is_not_received(app: FastAPI, people: People) -> None:
    sent = await _asked_without_body(app, people["analyst"], "50001")
    assert sent == [413]


async def test_the_file_of_somebody_who_may_not_send_it_is_not_received(app: FastAPI, people: People) -> None:
    for name, status in (("nobody", 401), ("customer", 401), ("viewer", 403)):
        assert await _asked_without_body(app, people[name], "40000") == [status]


async def test_a_file_may_be_larger_than_other_bodies(send: Send, analyst: httpx2.AsyncClient) -> None:
    assert (await send(LARGE)).status_code == 202
    answer = await analyst.post("/models/training", json={"model_name": "x" * 10_001})
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


async def test_points_are_read_in_pages_and_by_span(send: Send, viewer: httpx2.AsyncClient) -> None:
    await send()
    whole = await _all(viewer, {"category": "revenue", "limit": 20})
    assert [float(point["value"]) for point in whole] == list(map(float, SEASONAL))
    assert [point["timestamp"] for point in whole] == sorted(point["timestamp"] for point in whole)
    span = {"start": "2020-03-01", "end": "2020-05-01T00:00:00Z"}
    found = (await viewer.get("/series/points", params=span)).json()["items"]
    assert [point["timestamp"][:7] for point in found] == ["2020-03", "2020-04", "2020-05"]
    cursor = (await viewer.get("/series/points", params={"limit": 2})).json()["next_cursor"]
    refused = await viewer.get("/series/points", params={**span, "cursor": cursor})
    assert refused.json()["code"] == "INVALID_CURSOR"
    assert (await viewer.get("/series/points", params={"category": "expense"})).json()["items"] == []


async def test_a_series_is_added_up_by_period(
    send: Send, viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, actors: dict[str, Actor]
) -> None:
    await send()
    totals = (await analyst.get("/series/totals", params={"category": "revenue", "period": "year"})).json()
    assert [float(each["total"]) for each in totals] == [sum(SEASONAL[at : at + 12]) for at in range(0, 48, 12)]
    assert {each["count"] for each in totals} == {12}
    assert (await viewer.get("/series/totals", params={"category": "revenue"})).json()["code"] == "SERIES_NOT_FOUND"
    whose = {"category": "revenue", "period": "year", "user_id": str(actors["analyst"].id)}
    assert (await viewer.get("/series/totals", params=whose)).json() == totals


async def test_gaps_and_the_newest_point_are_told(send: Send, analyst: httpx2.AsyncClient) -> None:
    assert (await analyst.get("/series/latest")).json() == {"timestamp": None}
    stored = await send(GAP)
    assert stored.status_code == 201, stored.text
    assert (await analyst.get("/series/latest")).json()["timestamp"][:10] == "2024-07-01"
    gaps = (await analyst.get("/series/gaps", params={"category": "revenue"})).json()
    assert (gaps["count"], [start[:7] for start in gaps["starts"]]) == (1, ["2024-03"])
    assert (await analyst.get("/series/duplicates")).json() == {"count": 0, "items": []}
    assert (await send(GAP.replace(",7", ",8"))).status_code == 201
    assert (await analyst.get("/series/duplicates")).json()["count"] == 6


async def test_an_upload_is_removed_with_its_points_by_administrators(
    send: Send, analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    place = f"/uploads/{(await send()).json()['upload']['id']}"
    assert (await analyst.delete(place)).status_code == 403
    assert (await admin.delete(place)).status_code == 204
    assert (await admin.get(place)).json()["code"] == "UPLOAD_NOT_FOUND"
    assert (await admin.get("/series/points")).json()["items"] == []


def _waiting(options: ForecastingOptions) -> list[Path]:
    return list(options.uploads_folder.iterdir())


async def _all(client: httpx2.AsyncClient, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page of the points, one after the other."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = (await client.get("/series/points", params={**params, **({"cursor": cursor} if cursor else {})})).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def _asked_without_body(app: FastAPI, client: httpx2.AsyncClient, length: str) -> list[int]:
    """The statuses sent to an upload whose body must not be asked for."""
    statuses = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody should ask for this body")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    sent = {
        "authorization": client.headers.get("Authorization", ""),
        "content-length": length,
        "content-type": "multipart/form-data; boundary=x",
    }
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": UPLOADS,
        "raw_path": UPLOADS.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("office", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items() if value],
    }
    await app(scope, receive, send)
    return statuses
