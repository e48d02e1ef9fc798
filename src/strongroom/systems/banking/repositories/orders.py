"""Cards, holdings and transfers: what a customer has and has ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.banking.errors import (
    CardNotFound,
    InvestmentNotFound,
    P2PTransactionNotFound,
    TransferNotFound,
)
from strongroom.systems.banking.models import Account, Card, Investment, P2PTransaction, Transfer
from strongroom.systems.banking.rules import (
    CardStatusEnum,
    CardTypeEnum,
    InvestmentTypeEnum,
    TransferStatusEnum,
    check_transition,
    new_reference,
)


@query
def cards_of_user(user_id: UUID) -> Select[Card]:
    return select(Card).where(Card.user_id == user_id)


@query
def cards_of_account(account_id: UUID) -> Select[Card]:
    return select(Card).where(Card.account_id == account_id)


@query
def investments_of_user(user_id: UUID) -> Select[Investment]:
    return select(Investment).where(Investment.user_id == user_id)


@query
def investments_of_account(account_id: UUID) -> Select[Investment]:
    return select(Investment).where(Investment.account_id == account_id)


@query
def transfers_of_user(user_id: UUID) -> Select[Transfer]:
    """Those the user ordered, and those that reached an account of theirs."""
    received = select(Account.id).where(Account.user_id == user_id)
    return select(Transfer).where(or_(Transfer.user_id == user_id, Transfer.to_account_id.in_(received)))


@query
def p2p_of_user(user_id: UUID) -> Select[P2PTransaction]:
    """Sent, received and asked for."""
    return select(P2PTransaction).where(
        or_(P2PTransaction.sender_id == user_id, P2PTransaction.recipient_id == user_id)
    )


class CardRepository(Repository[SessionT, Card]):
    """Cards."""

    row = Card
    not_found = CardNotFound

    @operation
    def create_card(
        self: CardRepository[Session],
        user_id: UUID | str,
        account_id: UUID | str,
        card_type: CardTypeEnum | str,
        cardholder_name: str,
        card_number_masked: str,
        expiry_month: int,
        expiry_year: int,
    ) -> Card:
        """Add a card by its masked number."""
        card = Card(
            user_id=user_id,
            account_id=account_id,
            card_type=card_type,
            cardholder_name=cardholder_name,
            card_number_masked=card_number_masked,
            expiry_month=expiry_month,
            expiry_year=expiry_year,
        )
        return self.add(card)

    @operation
    def get_card_by_id(self: CardRepository[Session], card_id: UUID | str) -> Card | None:
        """The card, or None."""
        return self.find(card_id)

    @operation
    def get_cards_by_user_id(self: CardRepository[Session], user_id: UUID) -> Sequence[Card]:
        """All cards of a user, oldest first."""
        return self.session.scalars(cards_of_user(user_id).order_by(Card.created_at, Card.id)).all()

    @operation
    def get_cards_by_account_id(self: CardRepository[Session], account_id: UUID) -> Sequence[Card]:
        """All cards of an account, oldest first."""
        return self.session.scalars(cards_of_account(account_id).order_by(Card.created_at, Card.id)).all()

    @operation
    def update_card_status(self: CardRepository[Session], card_id: UUID | str, status: CardStatusEnum | str) -> Card:
        """Move the card along its states. Raises BusinessRuleViolation for a step there is not."""
        card = self.get(card_id)
        before = card.status
        card.status = status  # type: ignore[assignment]  # coerced on assignment
        check_transition("card", before, card.status)
        self.session.flush()
        return card

    @operation
    def update_card_limits(
        self: CardRepository[Session],
        card_id: UUID | str,
        daily_limit: Decimal | None = None,
        monthly_limit: Decimal | None = None,
    ) -> Card:
        """Set one limit or both."""
        card = self.get(card_id)
        if daily_limit is not None:
            card.daily_limit = daily_limit
        if monthly_limit is not None:
            card.monthly_limit = monthly_limit
        self.session.flush()
        return card


class InvestmentRepository(Repository[SessionT, Investment]):
    """Holdings."""

    row = Investment
    not_found = InvestmentNotFound

    @operation
    def create_investment(
        self: InvestmentRepository[Session],
        user_id: UUID | str,
        account_id: UUID | str,
        symbol: str,
        name: str,
        investment_type: InvestmentTypeEnum | str,
        quantity: Decimal | str,
        purchase_price: Decimal | str,
    ) -> Investment:
        """Add a lot, in the currency of its account."""
        account = self.session.get(Account, account_id if isinstance(account_id, UUID) else UUID(account_id))
        investment = Investment(
            user_id=user_id,
            account_id=account_id,
            symbol=symbol,
            name=name,
            investment_type=investment_type,
            quantity=quantity,
            purchase_price=purchase_price,
            currency=account.currency if account else "USD",
        )
        return self.add(investment)

    @operation
    def get_investment_by_id(self: InvestmentRepository[Session], investment_id: UUID | str) -> Investment | None:
        """The lot, or None."""
        return self.find(investment_id)

    @operation
    def get_investments_by_user_id(self: InvestmentRepository[Session], user_id: UUID) -> Sequence[Investment]:
        """All lots of a user, by date of purchase."""
        order = (Investment.purchase_date, Investment.id)
        return self.session.scalars(investments_of_user(user_id).order_by(*order)).all()

    @operation
    def get_investments_by_account_id(self: InvestmentRepository[Session], account_id: UUID) -> Sequence[Investment]:
        """All lots of an account, by date of purchase."""
        order = (Investment.purchase_date, Investment.id)
        return self.session.scalars(investments_of_account(account_id).order_by(*order)).all()

    @operation
    def update_current_price(
        self: InvestmentRepository[Session], investment_id: UUID | str, current_price: Decimal
    ) -> Investment:
        """Set the price of one unit, as of now."""
        investment = self.get(investment_id)
        investment.current_price = current_price
        investment.price_as_of = datetime.now(UTC)
        self.session.flush()
        return investment


class TransferRepository(Repository[SessionT, Transfer]):
    """Transfers. A row of its own moves no money: that is posting's."""

    row = Transfer
    not_found = TransferNotFound

    @operation
    def create_transfer(
        self: TransferRepository[Session],
        user_id: UUID | str,
        from_account_id: UUID | str,
        to_account_id: UUID | str,
        amount: Decimal | str,
        currency: str = "USD",
        description: str | None = None,
    ) -> Transfer:
        """Record a pending order."""
        transfer = Transfer(
            user_id=user_id,
            from_account_id=from_account_id,
            to_account_id=to_account_id,
            amount=amount,
            currency=currency,
            description=description,
            reference_number=new_reference("TRF", datetime.now(UTC)),
        )
        return self.add(transfer)

    @operation
    def get_transfer_by_id(self: TransferRepository[Session], transfer_id: UUID | str) -> Transfer | None:
        """The transfer, or None."""
        return self.find(transfer_id)

    @operation
    def get_transfers_by_user_id(self: TransferRepository[Session], user_id: UUID) -> Sequence[Transfer]:
        """Ordered and received, newest first."""
        order = (Transfer.requested_date.desc(), Transfer.id.desc())
        return self.session.scalars(transfers_of_user(user_id).order_by(*order)).all()

    @operation
    def update_transfer_status(
        self: TransferRepository[Session], transfer_id: UUID | str, status: TransferStatusEnum | str
    ) -> Transfer:
        """Move a transfer along its states. Raises BusinessRuleViolation for a step there is not."""
        transfer = self.get(transfer_id)
        before = transfer.status
        transfer.status = status  # type: ignore[assignment]  # coerced on assignment
        check_transition("transfer", before, transfer.status)
        now = datetime.now(UTC)
        if transfer.processed_date is None:
            transfer.processed_date = now
        if transfer.status is TransferStatusEnum.COMPLETED:
            transfer.completed_date = now
        self.session.flush()
        return transfer


class P2PRepository(Repository[SessionT, P2PTransaction]):
    """Money from person to person."""

    row = P2PTransaction
    not_found = P2PTransactionNotFound
