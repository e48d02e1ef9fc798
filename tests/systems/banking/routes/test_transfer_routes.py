"""Claims about transfers over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import httpx2
import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import AsyncDatabase
from strongroom.kernel.values import FixedClock
from strongroom.systems.banking.models import ExchangeRate, Transfer
from strongroom.systems.banking.repositories import TransferRepository

NewAccount = Callable[..., Awaitable[str]]
NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


def order(source: str, destination: str, amount: object = "25.00", **more: object) -> dict[str, object]:
    return {"from_account_id": source, "to_account_id": destination, "amount": amount, **more}


async def balance(client: httpx2.AsyncClient, account_id: str) -> str:
    return str((await client.get(f"/accounts/{account_id}")).json()["current_balance"])


async def test_between_own_accounts_a_transfer_is_free(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    source, savings = await new_account(ada, "100"), await new_account(ada)
    made = await ada.post("/transfers", json=order(source, savings, description="Rainy day"))
    assert made.status_code == 201
    shown = made.json()
    assert (shown["status"], shown["fee_amount"], shown["amount"]) == ("completed", "0.00", "25.00")
    assert (await balance(ada, source), await balance(ada, savings)) == ("75.00", "25.00")
    assert (await ada.get(f"/transfers/{shown['id']}")).json() == shown
    moved = (await ada.get("/transactions", params={"account_id": savings})).json()["items"]
    assert [(row["transfer_id"], row["description"]) for row in moved] == [(shown["id"], "Rainy day")]


async def test_to_another_customer_it_costs_what_was_quoted(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    source, destination = await new_account(ada, "1000"), await new_account(ben)
    quote = (await ada.post("/transfers/quotes", json=order(source, destination, "100"))).json()
    assert quote == {"amount": "100.00", "fee": "0.60", "total": "100.60", "arrives": "100.00", "rate": None}
    assert await balance(ada, source) == "1000.00"
    made = (await ada.post("/transfers", json=order(source, destination, "100"))).json()
    assert made["fee_amount"] == quote["fee"]
    assert (await balance(ada, source), await balance(ben, destination)) == ("899.40", "100.00")


async def test_across_currencies_the_stored_rate_counts(
    ada: httpx2.AsyncClient, new_account: NewAccount, async_database: AsyncDatabase
) -> None:
    dollars, euros = await new_account(ada, "1000"), await new_account(ada, currency="EUR")
    missing = await ada.post("/transfers", json=order(dollars, euros, "100"))
    assert (missing.status_code, missing.json()["code"]) == (400, "EXCHANGE_RATE_UNAVAILABLE")
    now = datetime.now(UTC)

    def add_rate(session: Session) -> None:
        session.add(
            ExchangeRate(
                base="USD",
                quote="EUR",
                rate=Decimal("0.90"),
                valid_from=now - timedelta(minutes=1),
                valid_until=now + timedelta(hours=1),
                source="test",
            )
        )

    await async_database.write(add_rate)
    quote = (await ada.post("/transfers/quotes", json=order(dollars, euros, "100"))).json()
    assert (quote["rate"], quote["arrives"], quote["fee"]) == ("0.9", "90.00", "1.00")
    key = {"Idempotency-Key": "exchange-1"}
    first = await ada.post("/transfers", json=order(dollars, euros, "100"), headers=key)
    async_database.clock = FixedClock(now + timedelta(hours=2))  # the rate has lapsed
    again = await ada.post("/transfers", json=order(dollars, euros, "100"), headers=key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    made = first.json()
    assert (made["destination_amount"], made["destination_currency"]) == ("90.00", "EUR")
    assert (await balance(ada, dollars), await balance(ada, euros)) == ("899.00", "90.00")


async def test_a_repeated_transfer_answers_the_same_and_moves_nothing(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    source, destination = await new_account(ada, "100"), await new_account(ben)
    key = {"Idempotency-Key": "t-1"}
    first = await ada.post("/transfers", json=order(source, destination), headers=key)
    again = await ada.post("/transfers", json=order(source, destination), headers=key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert await balance(ben, destination) == "25.00"
    other = await ada.post("/transfers", json=order(source, destination, "26"), headers=key)
    assert other.json()["code"] == "IDEMPOTENCY_CONFLICT"


async def test_a_refused_transfer_stays_as_a_failed_row_that_only_its_sender_sees(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    source, destination = await new_account(ada), await new_account(ben)
    refused = await ada.post("/transfers", json=order(source, destination))
    assert (refused.status_code, refused.json()["code"]) == (400, "INSUFFICIENT_FUNDS")
    failed = (await ada.get("/transfers", params={"status": "failed"})).json()["items"]
    assert [(row["status"], row["failure_reason"]) for row in failed] == [("failed", "INSUFFICIENT_FUNDS")]
    assert (await ben.get("/transfers")).json()["items"] == []
    assert (await ben.get(f"/transfers/{failed[0]['id']}")).json()["code"] == "TRANSFER_NOT_FOUND"
    assert (await teller.get(f"/transfers/{failed[0]['id']}")).status_code == 200


async def test_the_recipient_sees_the_transfer_but_not_the_other_account(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    source, destination = await new_account(ada, "100"), await new_account(ben)
    made = (await ada.post("/transfers", json=order(source, destination))).json()
    assert (await ben.get(f"/transfers/{made['id']}")).json() == made
    assert (await ben.get("/transfers")).json()["items"] == [made]
    assert (await ben.get(f"/accounts/{source}")).status_code == 404
    assert (await ben.post(f"/transfers/{made['id']}/cancel")).status_code == 404


async def test_only_from_an_own_account_to_one_that_is_there(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    source, theirs = await new_account(ada, "100"), await new_account(ben, "100")
    for path in ("/transfers", "/transfers/quotes"):
        assert (await ada.post(path, json=order(theirs, source))).json()["code"] == "ACCOUNT_NOT_FOUND"
        assert (await ada.post(path, json=order(source, NOBODY))).json()["code"] == "ACCOUNT_NOT_FOUND"
    assert (await ada.post("/transfers", json=order(source, source))).status_code == 422
    assert await balance(ben, theirs) == "100.00"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"amount": 25.0}, "amount"),
        ({"amount": "0.99"}, "at least 1.00 USD"),
        ({"amount": "100000.01"}, "TRANSFER_LIMIT_EXCEEDED"),
        ({"description": "x" * 201}, "description"),
        ({"fee_amount": "0"}, "fee_amount"),
        ({"to_account_id": "savings"}, "to_account_id"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_by_name(
    ada: httpx2.AsyncClient, new_account: NewAccount, change: dict[str, object], named: str
) -> None:
    source, savings = await new_account(ada, "100"), await new_account(ada)
    refused = await ada.post("/transfers", json=order(source, savings) | change)
    assert refused.status_code in (400, 422)
    assert named in refused.text
    assert await balance(ada, source) == "100.00"


async def test_a_pending_order_is_cancelled_once_by_its_owner(
    ada: httpx2.AsyncClient,
    ben: httpx2.AsyncClient,
    new_account: NewAccount,
    async_database: AsyncDatabase,
    ids: dict[str, str],
) -> None:
    source, destination = await new_account(ada, "100"), await new_account(ben)

    def add(session: Session) -> Transfer:
        return TransferRepository(session).create_transfer(ids["ada"], UUID(source), UUID(destination), "5.00")

    pending = await async_database.write(add)
    path = f"/transfers/{pending.id}"
    assert (await ben.get(path)).status_code == 404
    assert (await ben.post(f"{path}/cancel")).status_code == 404
    assert (await ada.post(f"{path}/cancel")).json()["status"] == "cancelled"
    again = await ada.post(f"{path}/cancel")
    assert (again.status_code, again.json()["code"]) == (400, "BUSINESS_RULE_VIOLATION")


async def test_transfers_come_in_pages_newest_first(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    source, savings = await new_account(ada, "100"), await new_account(ada)
    made = [(await ada.post("/transfers", json=order(source, savings, n))).json() for n in range(1, 4)]
    first = (await ada.get("/transfers", params={"limit": 2, "count": "exact"})).json()
    rest = (await ada.get("/transfers", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert first["items"] + rest["items"] == made[::-1]
    assert first["count"] == 3
    assert (await ben.get("/transfers", params={"user_id": ids["ada"]})).status_code == 404
    # ben's list is another one, even under the same name
    assert (await ben.get("/transfers", params={"cursor": first["next_cursor"]})).json()["code"] == "INVALID_CURSOR"
