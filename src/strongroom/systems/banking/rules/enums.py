"""The words banking chooses from; a value is what the database and the API show."""

from __future__ import annotations

from enum import Enum


class AccountTypeEnum(Enum):
    """What an account is for; `credit` is the bank's claim on the customer, all others are its debt to them."""

    CHECKING = "checking"
    SAVINGS = "savings"
    INVESTMENT = "investment"
    CREDIT = "credit"
    BUSINESS = "business"


class AccountStatusEnum(Enum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    PENDING = "pending"


class TransactionTypeEnum(Enum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    PAYMENT = "payment"
    REFUND = "refund"
    FEE = "fee"
    INTEREST = "interest"
    DIVIDEND = "dividend"
    PURCHASE = "purchase"
    SALE = "sale"
    ATM_WITHDRAWAL = "atm_withdrawal"
    CARD_PAYMENT = "card_payment"
    MOBILE_PAYMENT = "mobile_payment"
    BILL_PAYMENT = "bill_payment"
    SALARY = "salary"
    LOAN_PAYMENT = "loan_payment"
    INVESTMENT = "investment"
    OTHER = "other"


class TransactionStatusEnum(Enum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class TransactionDirectionEnum(Enum):
    """Which way money moves on the customer's account; the only place a sign comes from."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class MerchantCategoryEnum(Enum):
    GROCERIES = "groceries"
    RESTAURANTS = "restaurants"
    GAS_STATIONS = "gas_stations"
    RETAIL = "retail"
    ENTERTAINMENT = "entertainment"
    TRAVEL = "travel"
    HEALTHCARE = "healthcare"
    UTILITIES = "utilities"
    EDUCATION = "education"
    AUTOMOTIVE = "automotive"
    HOME_IMPROVEMENT = "home_improvement"
    INSURANCE = "insurance"
    PROFESSIONAL_SERVICES = "professional_services"
    GOVERNMENT = "government"
    CHARITY = "charity"
    ONLINE_SERVICES = "online_services"
    SUBSCRIPTION = "subscription"
    ATM_FEE = "atm_fee"
    BANK_FEE = "bank_fee"
    TRANSFER = "transfer"
    INVESTMENT_TRADE = "investment_trade"
    CASH_ADVANCE = "cash_advance"
    OTHER = "other"


class PaymentMethodEnum(Enum):
    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    MOBILE_MONEY = "mobile_money"
    CASH = "cash"
    CHECK = "check"
    WIRE = "wire"
    ACH = "ach"
    CRYPTO = "crypto"
    OTHER = "other"


class CardTypeEnum(Enum):
    DEBIT = "debit"
    CREDIT = "credit"
    PREPAID = "prepaid"


class CardStatusEnum(Enum):
    """`inactive` is frozen by its holder; `blocked` is stopped by the bank or by wrong PINs."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class CardChannelEnum(Enum):
    """How a card is presented; online and contactless can be switched off, chip and cash machine cannot."""

    CHIP = "chip"
    ATM = "atm"
    ONLINE = "online"
    CONTACTLESS = "contactless"


class HoldStatusEnum(Enum):
    ACTIVE = "active"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


class TransferStatusEnum(Enum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class TransferKindEnum(Enum):
    """How a transfer travels, which sets its fee; `internal` stays between accounts of one user."""

    INTERNAL = "internal"
    DOMESTIC = "domestic"
    INTERNATIONAL = "international"
    INSTANT = "instant"
    ACH = "ach"
    WIRE = "wire"


class P2PKindEnum(Enum):
    """Who began: in `send` the payer, in `request` the one who wants the money."""

    SEND = "send"
    REQUEST = "request"


class P2PStatusEnum(Enum):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVERSED = "reversed"


class InvestmentTypeEnum(Enum):
    STOCK = "stock"
    BOND = "bond"
    ETF = "etf"
    MUTUAL_FUND = "mutual_fund"
    CRYPTO = "crypto"
    COMMODITY = "commodity"
    REIT = "reit"
    INDEX_FUND = "index_fund"


class HoldingStatusEnum(Enum):
    OPEN = "open"
    CLOSED = "closed"


class UserStatusEnum(Enum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"


class UserRoleEnum(Enum):
    USER = "user"
    PREMIUM = "premium"
    ADMIN = "admin"


class KycStatusEnum(Enum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PENDING_REVIEW = "pending_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


class KycLevelEnum(Enum):
    """How well the bank knows a customer, least first; each level includes the ones before it."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    PREMIUM = "premium"


class KycDocumentEnum(Enum):
    NATIONAL_ID = "national_id"
    PROOF_OF_ADDRESS = "proof_of_address"
    PROOF_OF_INCOME = "proof_of_income"


class LedgerClassEnum(Enum):
    """The five kinds of ledger account. Source: double-entry bookkeeping."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"


class Side(Enum):
    """The two columns of a journal."""

    DEBIT = "D"
    CREDIT = "C"


class KeyStateEnum(Enum):
    """How the request behind an idempotency key ended; either is its outcome for ever."""

    COMPLETED = "completed"
    REFUSED = "refused"
