"""The books, for administrators: proofs, entries, and what only the bank may post."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.banking.checks import CHECKS
from strongroom.systems.banking.errors import (
    AccountNotFound,
    AlreadyReversed,
    InsufficientFunds,
    JournalEntryNotFound,
    TransactionNotFound,
)
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase
from strongroom.systems.banking.routes.problems import ADMINISTERING, LISTING, READING
from strongroom.systems.banking.schemas.ledger import (
    ChargeIn,
    CheckOut,
    JournalEntryOut,
    RefundIn,
    ReversalIn,
    TrialBalanceLineOut,
)
from strongroom.systems.banking.schemas.transactions import TransactionOut
from strongroom.systems.banking.services import cash, corrections, journal, trial_balance

router = APIRouter(tags=["banking: ledger"], dependencies=[ADMINISTRATOR])

_PROOF = problem_responses(*READING, AccessDenied)


@router.get("/ledger/trial-balance", summary="Every account of the books, debits beside credits", responses=_PROOF)
async def get_trial_balance(database: ActingDatabase) -> list[TrialBalanceLineOut]:
    lines = await database.read(trial_balance.trial_balance)
    return [TrialBalanceLineOut.model_validate(line) for line in lines]


@router.get("/ledger/checks", summary="What must be true of the books, and whether it is", responses=_PROOF)
async def list_checks(database: ActingDatabase) -> list[CheckOut]:
    return [
        CheckOut(
            name=finding.check.name,
            claim=finding.check.claim,
            holds=finding.holds,
            count=finding.count,
            examples=list(finding.examples),
        )
        for finding in await database.read(run_checks, CHECKS)
    ]


@router.get(
    "/ledger/entries",
    summary="Journal entries with their lines, newest first",
    responses=problem_responses(*LISTING, AccessDenied),
)
async def list_entries(
    database: ActingDatabase,
    part: ListPart,
    ledger_account_id: Annotated[
        UUID | None, Query(description="Those that move it; a customer's account has a ledger account of the same id.")
    ] = None,
) -> PageOut[JournalEntryOut]:
    found = await database.read(journal.list_entries, part, ledger_account_id=ledger_account_id)
    return PageOut[JournalEntryOut].model_validate(found)


@router.get(
    "/ledger/entries/{entry_id}",
    summary="One journal entry",
    responses=problem_responses(*READING, AccessDenied, JournalEntryNotFound),
)
async def get_entry(entry_id: UUID, database: ActingDatabase) -> JournalEntryOut:
    return JournalEntryOut.model_validate(await database.read(journal.get_entry, entry_id))


@router.post(
    "/accounts/{account_id}/fees",
    status_code=status.HTTP_201_CREATED,
    summary="Charge a fee",
    responses=problem_responses(*ADMINISTERING, AccountNotFound, InsufficientFunds),
)
async def charge_fee(account_id: UUID, body: ChargeIn, database: ActingDatabase, key: IdempotencyKey) -> TransactionOut:
    transaction = await database.write(
        cash.charge_fee, account_id, body.amount, description=body.description or "Fee", key=key
    )
    return TransactionOut.model_validate(transaction)


@router.post(
    "/accounts/{account_id}/interest",
    status_code=status.HTTP_201_CREATED,
    summary="Pay interest",
    responses=problem_responses(*ADMINISTERING, AccountNotFound),
)
async def pay_interest(
    account_id: UUID, body: ChargeIn, database: ActingDatabase, key: IdempotencyKey
) -> TransactionOut:
    transaction = await database.write(
        cash.pay_interest, account_id, body.amount, description=body.description or "Interest", key=key
    )
    return TransactionOut.model_validate(transaction)


@router.post(
    "/transactions/{transaction_id}/refunds",
    status_code=status.HTTP_201_CREATED,
    summary="Give back a payment or a part of it; all refunds together never exceed it",
    responses=problem_responses(*ADMINISTERING, TransactionNotFound),
)
async def refund(transaction_id: UUID, body: RefundIn, database: ActingDatabase, key: IdempotencyKey) -> TransactionOut:
    return TransactionOut.model_validate(await database.write(corrections.refund, transaction_id, body.amount, key=key))


@router.post(
    "/transactions/{transaction_id}/reversal",
    status_code=status.HTTP_201_CREATED,
    summary="Undo a movement with everything posted with it, once",
    responses=problem_responses(*ADMINISTERING, TransactionNotFound, InsufficientFunds, AlreadyReversed),
)
async def reverse(
    transaction_id: UUID, body: ReversalIn, database: ActingDatabase, key: IdempotencyKey
) -> TransactionOut:
    transaction = await database.write(
        corrections.reverse, transaction_id, reason=body.reason, may_overdraw=body.may_overdraw, key=key
    )
    return TransactionOut.model_validate(transaction)
