"""Claims about reports over HTTP: what is shown adds up, and is shown to its owner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

NewAccount = Callable[..., Awaitable[str]]
ALWAYS = {"start": "2000-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}


@pytest.fixture
async def account(ada: httpx2.AsyncClient, new_account: NewAccount) -> str:
    """A hundred dollars were paid in, thirty drawn for groceries at home."""
    account_id = await new_account(ada, "100.00")
    drawn = await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "30", "description": "Market"})
    remarks = {"merchant_category": "groceries", "tags": ["home", "food"]}
    remarked = await ada.patch(f"/transactions/{drawn.json()['id']}", json=remarks)
    assert remarked.status_code == 200, remarked.text
    return account_id


async def test_balances_and_statement_agree(ada: httpx2.AsyncClient, account: str) -> None:
    balances = (await ada.get(f"/accounts/{account}/balances")).json()
    statement = (await ada.get(f"/accounts/{account}/statement", params=ALWAYS)).json()
    shown = [statement[name] for name in ("opening", "credits", "debits", "closing")]
    assert shown == ["0.00", "100.00", "30.00", "70.00"]
    assert balances["current"] == statement["closing"]


async def test_a_period_that_ends_before_it_starts_is_refused(ada: httpx2.AsyncClient, account: str) -> None:
    period = {"start": ALWAYS["end"], "end": ALWAYS["start"]}
    refused = await ada.get(f"/accounts/{account}/statement", params=period)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "end")


async def test_worth_spending_and_limits_are_told_by_currency(
    ada: httpx2.AsyncClient, new_account: NewAccount, account: str
) -> None:
    await new_account(ada, "5", currency="EUR")
    worth = (await ada.get("/reports/overview")).json()
    assert [(line["currency"], line["net"]) for line in worth] == [("EUR", "5.00"), ("USD", "70.00")]
    [spent] = (await ada.get("/reports/spending", params=ALWAYS)).json()
    assert (spent["category"], spent["spent"], spent["net"], spent["count"]) == ("groceries", "30.00", "30.00", 1)
    _, dollars = (await ada.get("/reports/limits")).json()
    assert (dollars["used"]["daily"], dollars["left"]["daily"]) == ("30.00", "9970.00")
    assert dollars["used"]["single"] is None


@pytest.mark.parametrize(
    ("conditions", "amounts"),
    [
        ({}, ["30.00", "100.00"]),
        ({"text": "mark"}, ["30.00"]),
        ({"tags": ["food", "home"]}, ["30.00"]),
        ({"tags": ["food", "work"]}, []),
        ({"amount_min": "30.01"}, ["100.00"]),
        ({"sort": "smallest", **ALWAYS}, ["30.00", "100.00"]),
        ({"sort": "largest", "payment_method": "cash"}, ["100.00", "30.00"]),
        ({"transaction_type": "deposit", "direction": "inbound", "status": "completed"}, ["100.00"]),
    ],
)
async def test_transactions_are_found_by_what_is_known_of_them(
    ada: httpx2.AsyncClient, account: str, conditions: dict[str, Any], amounts: list[str]
) -> None:
    found = await ada.get("/reports/transactions", params={"account_id": account, **conditions})
    assert [transaction["amount"] for transaction in found.json()["items"]] == amounts


async def test_an_order_that_is_not_on_the_list_is_refused(ada: httpx2.AsyncClient) -> None:
    refused = await ada.get("/reports/transactions", params={"sort": "password_hash"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "sort")


async def test_reports_are_their_owners_and_the_banks(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, ids: dict[str, str], account: str
) -> None:
    assert (await ben.get(f"/accounts/{account}/balances")).json()["code"] == "ACCOUNT_NOT_FOUND"
    for report in ("overview", "limits", "spending", "transactions"):
        params = {"user_id": ids["ada"], **ALWAYS}
        assert (await ben.get(f"/reports/{report}", params=params)).json()["code"] == "USER_NOT_FOUND"
        assert (await teller.get(f"/reports/{report}", params=params)).status_code == 200
    assert (await ben.get("/reports/transactions", params={"account_id": account})).json()[
        "code"
    ] == "ACCOUNT_NOT_FOUND"
