"""Claims about securities over HTTP: exact numbers in, exact numbers out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

NewAccount = Callable[..., Awaitable[str]]


@pytest.fixture
async def account(ada: httpx2.AsyncClient, new_account: NewAccount) -> str:
    return await new_account(ada, "1000.00", account_type="investment")


def order(account_id: str, **values: Any) -> dict[str, Any]:
    given = {"symbol": "ACME", "name": "Acme Inc.", "investment_type": "stock", "quantity": "2.5", "price": "100"}
    return {"account_id": account_id, **given, **values}


async def test_a_lot_is_bought_priced_and_sold(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, account: str
) -> None:
    bought = await ada.post("/investments", json=order(account))
    assert bought.status_code == 201, bought.text
    lot = bought.json()
    assert (lot["quantity"], lot["cost_basis"], lot["status"]) == ("2.5", "250", "open")
    priced = await teller.put("/investments/prices", json={"symbol": "ACME", "currency": "USD", "price": "110.5"})
    assert priced.json() == {"lots": 1}
    [portfolio] = (await ada.get("/investments/portfolio")).json()
    assert (portfolio["currency"], portfolio["cost_basis"], portfolio["market_value"]) == ("USD", "250.00", "276.25")
    assert portfolio["holdings"][0]["position"]["gain_percent"] == "10.5"
    sale = {"account_id": account, "symbol": "ACME", "quantity": "1", "price": "120"}
    sold = await ada.post("/investments/sales", json=sale)
    assert (sold.status_code, sold.json()["amount"], sold.json()["direction"]) == (201, "120.00", "inbound")
    lots = (await ada.get("/investments")).json()["items"]
    assert sorted((lot["status"], lot["quantity"]) for lot in lots) == [("closed", "1"), ("open", "1.5")]
    assert (await ada.get(f"/investments/{lot['id']}")).json()["quantity"] == "1.5"


@pytest.mark.parametrize("wrong", [{"quantity": 2.5}, {"price": "-1"}, {"symbol": "acme"}, {"price": "NaN"}])
async def test_an_order_that_makes_no_sense_is_refused(
    ada: httpx2.AsyncClient, account: str, wrong: dict[str, Any]
) -> None:
    refused = await ada.post("/investments", json=order(account, **wrong))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, next(iter(wrong)))


async def test_prices_are_the_banks_and_lots_their_owners(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, account: str
) -> None:
    lot = (await ada.post("/investments", json=order(account))).json()
    price = {"symbol": "ACME", "currency": "USD", "price": "1"}
    assert (await ada.put("/investments/prices", json=price)).json()["code"] == "ACCESS_DENIED"
    assert (await ben.get(f"/investments/{lot['id']}")).json()["code"] == "INVESTMENT_NOT_FOUND"
    assert (await ben.post("/investments", json=order(account))).json()["code"] == "ACCOUNT_NOT_FOUND"


async def test_a_rate_is_set_by_the_bank_and_seen_by_all(ada: httpx2.AsyncClient, teller: httpx2.AsyncClient) -> None:
    pair = {"base": "USD", "quote": "EUR"}
    assert (await ada.get("/exchange-rates", params=pair)).json()["code"] == "EXCHANGE_RATE_UNAVAILABLE"
    assert (await ada.post("/exchange-rates", json={**pair, "rate": "0.9"})).json()["code"] == "ACCESS_DENIED"
    assert (await teller.post("/exchange-rates", json={**pair, "rate": "0.9"})).status_code == 201
    assert (await ada.get("/exchange-rates", params=pair)).json()["rate"] == "0.9"
