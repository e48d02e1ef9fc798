"""Everything banking refuses, by name; the codes, the statuses and the facts are part of its contract.

What derives from Refused is an answer: it is stored with the idempotency key and given again to a repetition.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from strongroom.kernel.errors import NotFound, Refused, StrongroomError


class BusinessRuleViolation(Refused):
    """{reason}"""

    code = "BUSINESS_RULE_VIOLATION"  # rule: a word for the rule that stays the same when the sentence changes
    status = 400


class AccountNotActive(BusinessRuleViolation):
    """the account is {status}; this needs an active one"""

    code = "ACCOUNT_NOT_ACTIVE"


class UserNotActive(BusinessRuleViolation):
    """only an active user can move money"""

    code = "USER_NOT_ACTIVE"


class KycRefused(BusinessRuleViolation):
    """no money can leave while the identity check is {kyc_status}"""

    code = "KYC_REFUSED"


class InsufficientFunds(Refused):
    """{available} {currency} can be spent, {requested} {currency} was asked for: {shortfall} is missing"""

    code = "INSUFFICIENT_FUNDS"
    status = 400


class TransferLimitExceeded(Refused):
    """the {limit} limit is {maximum} {currency}, of which {remaining} is left; {requested} was asked for"""

    code = "TRANSFER_LIMIT_EXCEEDED"  # limit: single, daily, monthly or yearly
    status = 400


class ExchangeRateUnavailable(Refused):
    """there is no valid rate from {base} to {quote} at this moment; ask for a new quote"""

    code = "EXCHANGE_RATE_UNAVAILABLE"
    status = 400


class CardFrozen(Refused):
    """the card is frozen; unfreeze it first"""

    code = "CARD_FROZEN"
    status = 403


class WrongPin(Refused):
    """the PIN is wrong; {attempts_left} attempts are left before the card is blocked"""

    code = "WRONG_PIN"
    status = 400


class WrongCredentials(Refused):
    """the email address or the password is wrong"""

    code = "WRONG_CREDENTIALS"
    status = 401


class WrongCode(Refused):
    """the code is wrong, used or expired; ask for a new one"""

    code = "WRONG_CODE"
    status = 400


class InvalidCurrency(StrongroomError, ValueError):
    """{currency} is not a currency of ISO 4217"""

    code = "INVALID_CURRENCY"
    status = 400


class Unbalanced(StrongroomError):
    """the lines in {currency} do not balance: debits {debits}, credits {credits}"""

    code = "LEDGER_UNBALANCED"
    status = 422


class ImportRefused(StrongroomError):
    """{file} was refused as a whole, with {count} problems; the first: {first}"""

    code = "IMPORT_REFUSED"  # problems: the first twenty, each with its file, line and field
    status = 422


class AlreadyReversed(StrongroomError):
    """this movement has been reversed already"""

    code = "ALREADY_REVERSED"
    status = 409


class MovesByPostingOnly(StrongroomError):
    """balances and journal rows change by posting only; call deposit, withdraw, transfer or another service"""

    code = "MOVES_BY_POSTING_ONLY"
    status = 409


class EmailAlreadyExists(StrongroomError):
    """a user with this email address exists already"""

    code = "EMAIL_ALREADY_EXISTS"
    status = 409


class UserNotFound(NotFound):
    """no user has this id"""

    code = "USER_NOT_FOUND"


class AccountNotFound(NotFound):
    """no account has this id"""

    code = "ACCOUNT_NOT_FOUND"


class TransactionNotFound(NotFound):
    """no transaction has this id"""

    code = "TRANSACTION_NOT_FOUND"


class CardNotFound(NotFound):
    """no card has this id"""

    code = "CARD_NOT_FOUND"


class TransferNotFound(NotFound):
    """no transfer has this id"""

    code = "TRANSFER_NOT_FOUND"


class P2PTransactionNotFound(NotFound):
    """no payment between users has this id"""

    code = "P2P_TRANSACTION_NOT_FOUND"


class HoldNotFound(NotFound):
    """no hold has this id"""

    code = "HOLD_NOT_FOUND"


class InvestmentNotFound(NotFound):
    """no holding has this id"""

    code = "INVESTMENT_NOT_FOUND"


class JournalEntryNotFound(NotFound):
    """no journal entry has this id"""

    code = "JOURNAL_ENTRY_NOT_FOUND"


#: the refusals that posting answers with, by code
REFUSALS: Mapping[str, type[Refused]] = MappingProxyType(
    {
        refusal.code: refusal
        for refusal in (AccountNotActive, UserNotActive, KycRefused, InsufficientFunds, TransferLimitExceeded)
    }
)
