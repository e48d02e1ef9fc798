"""Claims about cards over HTTP: what comes in stays in, and what is refused is refused by name."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

PAN = "4111111111111111"
NewAccount = Callable[..., Awaitable[str]]


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.state.card_secret = b"a secret of the bank, 32 bytes or more"
    return app


def card_on(account_id: str, **values: Any) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "card_number": PAN,
        "card_type": "debit",
        "cardholder_name": "Ada Lovelace",
        "expiry_month": 12,
        "expiry_year": 2050,
        **values,
    }


@pytest.fixture
async def card(ada: httpx2.AsyncClient, new_account: NewAccount) -> str:
    """An active card of Ada's on five hundred dollars."""
    issued = await ada.post("/cards", json=card_on(await new_account(ada, "500.00")))
    assert issued.status_code == 201, issued.text
    card_id = str(issued.json()["id"])
    assert (await ada.post(f"/cards/{card_id}/activate")).json()["status"] == "active"
    return card_id


async def test_neither_number_nor_pin_comes_out_again(
    ada: httpx2.AsyncClient, new_account: NewAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account_id = await new_account(ada)
    issued = await ada.post("/cards", json=card_on(account_id))
    refused = await ada.post("/cards", json=card_on(account_id, card_number="4111111111111112", surplus=1))
    again = await ada.post("/cards", json=card_on(account_id))
    pin = await ada.put(f"/cards/{issued.json()['id']}/pin", json={"pin": "7306"})
    weak = await ada.put(f"/cards/{issued.json()['id']}/pin", json={"pin": "1234"})
    assert [answer.status_code for answer in (issued, refused, again, pin, weak)] == [201, 422, 409, 200, 422]
    said = "".join(answer.text for answer in (issued, refused, again, pin, weak)) + caplog.text
    for secret in (PAN, PAN[:12], "4111111111111112", "7306", 'fingerprint":', "pan_token"):
        assert secret not in said
    assert issued.json()["card_number_masked"] == "************1111"
    assert pin.json()["pin_set"]


async def test_the_third_wrong_pin_blocks_the_card(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, card: str
) -> None:
    assert (await ada.put(f"/cards/{card}/pin", json={"pin": "7306"})).status_code == 200
    wrong = [await ada.post(f"/cards/{card}/pin/verify", json={"pin": "8888"}) for _ in range(4)]
    assert [answer.json()["code"] for answer in wrong] == ["WRONG_PIN"] * 3 + ["BUSINESS_RULE_VIOLATION"]
    assert (await ada.get(f"/cards/{card}")).json()["status"] == "blocked"
    assert (await ada.post(f"/cards/{card}/unblock")).json()["code"] == "ACCESS_DENIED"
    assert (await teller.post(f"/cards/{card}/unblock")).json()["failed_pin_attempts"] == 0
    assert (await ada.post(f"/cards/{card}/pin/verify", json={"pin": "7306"})).status_code == 200


async def test_a_payment_is_held_once_for_its_key(ada: httpx2.AsyncClient, card: str) -> None:
    payment = {"amount": "20.50", "channel": "chip", "merchant_name": "Corner Shop"}
    held = [
        await ada.post(f"/cards/{card}/authorisations", json=payment, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in held] == [201, 201]
    assert held[0].json() == held[1].json()
    assert (held[0].json()["amount"], held[0].json()["card_id"]) == ("20.50", card)


@pytest.mark.parametrize(
    ("payment", "status", "code"),
    [
        ({"amount": "500.01"}, 400, "INSUFFICIENT_FUNDS"),
        ({"amount": "1000.01"}, 400, "TRANSFER_LIMIT_EXCEEDED"),
        ({"is_international": True}, 400, "BUSINESS_RULE_VIOLATION"),
        ({"amount": 12.5}, 422, "VALIDATION_ERROR"),
        ({"amount": "0"}, 422, "VALIDATION_ERROR"),
        ({"channel": "fax"}, 422, "VALIDATION_ERROR"),
    ],
)
async def test_a_payment_is_refused_by_name(
    ada: httpx2.AsyncClient, card: str, payment: dict[str, Any], status: int, code: str
) -> None:
    refused = await ada.post(f"/cards/{card}/authorisations", json={"amount": "1", "channel": "chip", **payment})
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_limits_and_channels_are_changed_one_by_one(ada: httpx2.AsyncClient, card: str) -> None:
    limited = (await ada.patch(f"/cards/{card}/limits", json={"daily_limit": "50"})).json()
    assert (limited["daily_limit"], limited["monthly_limit"]) == ("50.00", "10000.00")
    switched = (await ada.patch(f"/cards/{card}/channels", json={"online": False})).json()
    assert (switched["is_online_enabled"], switched["is_contactless_enabled"]) == (False, True)
    frozen = await ada.post(f"/cards/{card}/freeze")
    assert frozen.json()["status"] == "inactive"
    paid = await ada.post(f"/cards/{card}/authorisations", json={"amount": "1", "channel": "chip"})
    assert (paid.status_code, paid.json()["code"]) == (403, "CARD_FROZEN")


async def test_other_peoples_cards_are_not_there(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, stranger: httpx2.AsyncClient, card: str
) -> None:
    assert (await ben.get(f"/cards/{card}")).json()["code"] == "CARD_NOT_FOUND"
    assert (await ben.put(f"/cards/{card}/pin", json={"pin": "7306"})).json()["code"] == "CARD_NOT_FOUND"
    assert (await stranger.get(f"/cards/{card}")).status_code == 401
    assert (await ben.get("/cards")).json()["items"] == []
    assert [found["id"] for found in (await ada.get("/cards", params={"count": "exact"})).json()["items"]] == [card]


async def test_without_a_secret_no_card_is_issued(
    app: FastAPI, ada: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    del app.state.card_secret
    refused = await ada.post("/cards", json=card_on(await new_account(ada)))
    assert refused.status_code == 500
    assert "secret" not in refused.text
