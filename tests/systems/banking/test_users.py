"""Claims about people who bank here: how they come, what they may change, and who decides about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword, new_password
from strongroom.kernel.errors import AccessDenied, InvalidValue, StillReferenced
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.banking.errors import BusinessRuleViolation, EmailAlreadyExists, UserNotFound, WrongCode
from strongroom.systems.banking.models import Account, AuditRecord, User
from strongroom.systems.banking.rules import (
    AccountTypeEnum,
    KycDocumentEnum,
    KycLevelEnum,
    KycStatusEnum,
    UserRoleEnum,
    UserStatusEnum,
)
from strongroom.systems.banking.services import cash, email_proofs, kyc, users
from strongroom.systems.banking.services.email_proofs import Proof

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = NewPassword("$argon2id$unused")
ADMIN = Actor(new_id(), "Root", frozenset({"admin"}))
BORN = date(1990, 5, 17)
ID_CARD = frozenset({KycDocumentEnum.NATIONAL_ID})


@pytest.fixture
def clock(any_database: Database) -> FixedClock:
    clock = FixedClock(NOW)
    any_database.clock = clock
    return clock


@pytest.fixture
def bank(any_database: Database, clock: FixedClock) -> Database:
    """A database whose clock stands still."""
    return any_database


@pytest.fixture
def office(bank: Database) -> Database:
    """The same one, in the hands of an administrator."""
    return bank.acting_as(ADMIN)


def person(user: User) -> Actor:
    return Actor(user.id, user.full_name, frozenset({user.role.value}))


def register(bank: Database, email: str = "ada@example.com", date_of_birth: date | None = BORN) -> Proof:
    return bank.write(
        users.register,
        email=email,
        first_name="Ada",
        last_name="Lovelace",
        password=PASSWORD,
        date_of_birth=date_of_birth,
    )


def events(session: Session, user_id: UUID) -> list[AuditRecord]:
    query = select(AuditRecord).where(AuditRecord.entity_id == user_id)
    return list(session.scalars(query.order_by(AuditRecord.at, AuditRecord.id)))


def test_a_new_user_waits_for_their_code(bank: Database) -> None:
    user, code = register(bank, "Ada@Example.COM")
    assert (user.email, user.status, user.is_active, user.email_verified) == (
        "ada@example.com",
        UserStatusEnum.PENDING,
        True,
        False,
    )
    assert len(code) == email_proofs.CODE_LENGTH
    assert code not in str(user.email_verification_hash)


def test_an_address_is_taken_in_any_case_of_letters(bank: Database) -> None:
    register(bank, "ada@example.com")
    with pytest.raises(EmailAlreadyExists):
        register(bank, "ADA@example.com")


def test_a_password_that_is_too_simple_is_not_even_hashed() -> None:
    with pytest.raises(InvalidValue, match="a capital"):
        new_password("secret123")


def test_a_password_to_be_set_does_not_show_itself() -> None:
    assert "argon2" not in repr(PASSWORD)


def test_nobody_is_born_tomorrow(bank: Database) -> None:
    with pytest.raises(InvalidValue) as refused:
        register(bank, date_of_birth=NOW.date())
    assert refused.value.facts["field"] == "date_of_birth"


def test_the_code_activates_however_it_is_typed(bank: Database) -> None:
    user, code = register(bank)
    me = bank.acting_as(person(user))
    verified = me.write(email_proofs.verify_email, user.id, f" {code[:4].lower()}-{code[4:]} ")
    assert (verified.email_verified, verified.status) == (True, UserStatusEnum.ACTIVE)
    assert verified.email_verification_hash is None
    assert me.write(email_proofs.verify_email, user.id, "whatever").email_verified


def test_five_wrong_codes_make_the_right_one_void(bank: Database) -> None:
    user, code = register(bank)
    for _ in range(email_proofs.CODE_ATTEMPTS_MAX):
        with pytest.raises(WrongCode):
            bank.write(email_proofs.verify_email, user.id, "WRONG")
    assert bank.read(users.get_user, user.id).email_verification_attempts == email_proofs.CODE_ATTEMPTS_MAX
    with pytest.raises(WrongCode):
        bank.write(email_proofs.verify_email, user.id, code)


def test_a_code_lapses_after_a_day_and_a_new_one_replaces_it(bank: Database, clock: FixedClock) -> None:
    user, old = register(bank)
    clock.advance(timedelta(hours=24))
    with pytest.raises(WrongCode):
        bank.write(email_proofs.verify_email, user.id, old)
    _, new = bank.write(email_proofs.new_verification_code, user.id)
    with pytest.raises(WrongCode):
        bank.write(email_proofs.verify_email, user.id, old)
    assert bank.write(email_proofs.verify_email, user.id, new).email_verified
    with pytest.raises(BusinessRuleViolation):
        bank.write(email_proofs.new_verification_code, user.id)


def test_a_code_is_good_for_its_own_user_only(bank: Database) -> None:
    _, code = register(bank, "ada@example.com")
    other, _ = register(bank, "grace@example.com")
    with pytest.raises(WrongCode):
        bank.write(email_proofs.verify_email, other.id, code)


def test_two_users_may_be_given_the_same_code(bank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.choice", lambda letters: letters[0])
    (ada, code), (grace, same) = register(bank, "ada@example.com"), register(bank, "grace@example.com")
    assert code == same
    assert bank.write(email_proofs.verify_email, grace.id, code).email_verified
    assert not bank.read(users.get_user, ada.id).email_verified


def test_a_suspended_user_stays_suspended_when_they_verify(bank: Database, office: Database) -> None:
    user, code = register(bank)
    office.write(users.set_status, user.id, UserStatusEnum.SUSPENDED, reason="fraud")
    assert bank.write(email_proofs.verify_email, user.id, code).status is UserStatusEnum.SUSPENDED


def test_other_people_are_not_there(bank: Database) -> None:
    ada, _ = register(bank, "ada@example.com")
    grace, _ = register(bank, "grace@example.com")
    as_grace = bank.acting_as(person(grace))
    for act in (users.deactivate, users.delete_user, email_proofs.new_verification_code):
        with pytest.raises(UserNotFound):
            as_grace.write(act, ada.id)
    with pytest.raises(UserNotFound):
        as_grace.read(users.get_user, ada.id)
    with pytest.raises(UserNotFound):
        as_grace.write(users.update_profile, ada.id, {"bio": "mine now"})
    assert as_grace.read(users.get_user, grace.id).email == "grace@example.com"


def test_a_person_changes_their_profile_and_nothing_else(bank: Database) -> None:
    user, _ = register(bank)
    me = bank.acting_as(person(user))
    changed = me.write(
        users.update_profile, user.id, {"bio": "Analyst", "country": "gb", "phone_number": "+44 20 1234567"}
    )
    assert (changed.bio, changed.country, changed.phone_number) == ("Analyst", "GB", "+44201234567")
    for forbidden in ("role", "status", "password_hash", "kyc_level", "email_verified", "session_epoch"):
        with pytest.raises(TypeError):
            me.write(users.update_profile, user.id, {forbidden: "admin"})


@pytest.mark.parametrize("change", [{"last_name": "King"}, {"date_of_birth": date(1980, 1, 1)}, {"id_number": "X1"}])
def test_what_the_identity_check_rests_on_is_the_banks_to_change(
    bank: Database, office: Database, change: Mapping[str, object]
) -> None:
    user, _ = register(bank)
    me = bank.acting_as(person(user))
    me.write(kyc.submit, user.id, KycLevelEnum.BASIC)
    with pytest.raises(BusinessRuleViolation) as refused:
        me.write(users.update_profile, user.id, change)
    assert refused.value.facts["rule"] == "kyc_identity"
    me.write(users.update_profile, user.id, {"bio": "free to change", "last_name": "Lovelace"})
    office.write(users.update_profile, user.id, change)
    with bank.session() as session:
        last = events(session, user.id)[-1]
    assert (last.event_type, last.actor_name, last.after) == (
        "user.profile_changed",
        "Root",
        {"fields": next(iter(change))},
    )


def test_a_suspended_user_is_shut_out_and_it_is_on_record(bank: Database, office: Database) -> None:
    user, _ = register(bank)
    suspended = office.write(users.set_status, user.id, UserStatusEnum.SUSPENDED, reason="fraud")
    assert (suspended.is_active, suspended.session_epoch) == (False, user.session_epoch + 1)
    with bank.session() as session:
        last = events(session, user.id)[-1]
    assert (last.actor_id, last.event_type) == (ADMIN.id, "user.status_changed")
    assert (last.before, last.after) == ({"status": "pending"}, {"status": "suspended", "reason": "fraud"})
    active = office.write(users.set_status, user.id, UserStatusEnum.ACTIVE, reason="cleared")
    assert active.is_active
    with pytest.raises(BusinessRuleViolation):
        office.write(users.set_status, user.id, UserStatusEnum.ACTIVE, reason="again")


def test_a_role_is_given_by_administrators_and_goes_on_record(bank: Database, office: Database) -> None:
    user, _ = register(bank)
    assert office.write(users.set_role, user.id, UserRoleEnum.PREMIUM).role is UserRoleEnum.PREMIUM
    with bank.session() as session:
        last = events(session, user.id)[-1]
    assert (last.event_type, last.before, last.after) == ("user.role_changed", {"role": "user"}, {"role": "premium"})


def test_only_administrators_decide(bank: Database) -> None:
    user, _ = register(bank)
    me = bank.acting_as(person(user))
    with pytest.raises(AccessDenied):
        me.write(users.set_role, user.id, UserRoleEnum.ADMIN)
    with pytest.raises(AccessDenied):
        me.write(users.set_status, user.id, UserStatusEnum.ACTIVE, reason="please")
    with pytest.raises(AccessDenied):
        me.write(kyc.decide, user.id, KycStatusEnum.APPROVED, level=KycLevelEnum.PREMIUM, reason="please")
    with pytest.raises(AccessDenied):
        me.read(kyc.history, user.id)
    with pytest.raises(AccessDenied):
        me.read(users.list_users, Part(Cursors(b"sixteen bytes or more")))


def test_an_administrator_does_not_decide_about_themselves(bank: Database) -> None:
    user, _ = register(bank)
    bank.write(users.set_role, user.id, UserRoleEnum.ADMIN)
    herself = bank.acting_as(Actor(user.id, "Ada", frozenset({"admin"})))
    with pytest.raises(BusinessRuleViolation) as refused:
        herself.write(users.set_role, user.id, UserRoleEnum.USER)
    assert refused.value.facts["rule"] == "own_standing"


def test_a_user_may_leave_and_an_administrator_lets_them_in_again(bank: Database, office: Database) -> None:
    user, _ = register(bank)
    gone = bank.acting_as(person(user)).write(users.deactivate, user.id)
    assert (gone.status, gone.is_active) == (UserStatusEnum.DEACTIVATED, False)
    assert office.write(users.set_status, user.id, UserStatusEnum.ACTIVE, reason="asked").is_active


def account_of(user: User) -> Account:
    return Account(
        user_id=user.id,
        account_number="ACC1234567890",
        account_name="Primary Checking",
        account_type=AccountTypeEnum.CHECKING,
        currency="USD",
    )


def test_a_user_without_history_goes_with_their_accounts(bank: Database) -> None:
    user, _ = register(bank)
    account = account_of(user)
    with bank.session() as session:
        session.add(account)
    bank.acting_as(person(user)).write(users.delete_user, user.id)
    with bank.session() as session:
        assert session.get(User, user.id) is None
        assert session.get(Account, account.id) is None
        assert events(session, user.id)[-1].event_type == "user.deleted"


def test_a_user_whose_money_moved_stays(bank: Database) -> None:
    user, _ = register(bank)
    account = account_of(user)
    with bank.session() as session:
        session.add(account)
    bank.write(cash.deposit, account.id, "10.00")
    with pytest.raises(StillReferenced):
        bank.write(users.delete_user, user.id)
    assert bank.read(users.get_user, user.id).email == "ada@example.com"


def test_administrators_read_users_page_by_page(bank: Database, office: Database) -> None:
    for number in range(5):
        register(bank, f"user{number}@example.com")
    cursors = Cursors(b"sixteen bytes or more")
    first = office.read(users.list_users, Part(cursors, limit=3, count="exact"))
    second = office.read(users.list_users, Part(cursors, limit=3, cursor=first.next_cursor))
    assert [user.email[4] for user in (*first.items, *second.items)] == ["4", "3", "2", "1", "0"]
    assert (first.count, second.count, second.next_cursor) == (5, None, None)


def test_a_list_of_users_can_be_narrowed(bank: Database, office: Database) -> None:
    ada, _ = register(bank, "ada@example.com")
    register(bank, "grace@example.com")
    office.write(users.set_role, ada.id, UserRoleEnum.PREMIUM)
    cursors = Cursors(b"sixteen bytes or more")
    by_role = office.read(users.list_users, Part(cursors), role=UserRoleEnum.PREMIUM)
    by_email = office.read(users.list_users, Part(cursors), email="GRACE@example.com")
    by_both = office.read(users.list_users, Part(cursors), email="grace@example.com", role=UserRoleEnum.PREMIUM)
    assert [[user.email for user in page.items] for page in (by_role, by_email, by_both)] == [
        ["ada@example.com"],
        ["grace@example.com"],
        [],
    ]


def test_a_minor_is_not_let_in(bank: Database) -> None:
    user, _ = register(bank, date_of_birth=date(2008, 3, 2))
    with pytest.raises(BusinessRuleViolation) as refused:
        bank.write(kyc.submit, user.id, KycLevelEnum.BASIC)
    assert refused.value.facts["rule"] == "kyc_age"


def test_an_identity_check_needs_a_date_of_birth_and_documents(bank: Database) -> None:
    user, _ = register(bank, date_of_birth=None)
    with pytest.raises(InvalidValue):
        bank.write(kyc.submit, user.id, KycLevelEnum.BASIC)
    bank.write(users.update_profile, user.id, {"date_of_birth": BORN})
    with pytest.raises(BusinessRuleViolation, match="national_id"):
        bank.write(kyc.submit, user.id, KycLevelEnum.STANDARD)
    assert bank.read(users.get_user, user.id).kyc_status is KycStatusEnum.NOT_STARTED


def test_a_level_is_granted_on_documents_that_were_looked_at(bank: Database, office: Database) -> None:
    user, _ = register(bank)
    me = bank.acting_as(person(user))
    waiting = me.write(kyc.submit, user.id, KycLevelEnum.STANDARD, ID_CARD)
    assert (waiting.kyc_status, waiting.kyc_level) == (KycStatusEnum.PENDING_REVIEW, KycLevelEnum.BASIC)
    with pytest.raises(BusinessRuleViolation, match="national_id"):
        office.write(kyc.decide, user.id, KycStatusEnum.APPROVED, level=KycLevelEnum.STANDARD, reason="fine")
    approved = office.write(
        kyc.decide, user.id, KycStatusEnum.APPROVED, level=KycLevelEnum.STANDARD, documents=ID_CARD, reason="fine"
    )
    assert (approved.kyc_status, approved.kyc_level, approved.is_verified) == (
        KycStatusEnum.APPROVED,
        KycLevelEnum.STANDARD,
        True,
    )
    decided, submitted = office.read(kyc.history, user.id)
    assert submitted.actor_id == user.id
    assert submitted.after == {"level": "standard", "documents": "national_id"}
    assert decided.before == {"status": "pending_review", "level": "basic"}
    assert decided.after == {"status": "approved", "level": "standard", "documents": "national_id", "reason": "fine"}


def test_a_customer_keeps_their_level_while_a_higher_one_is_reviewed(bank: Database, office: Database) -> None:
    user, _ = register(bank)
    bank.write(kyc.submit, user.id, KycLevelEnum.STANDARD, ID_CARD)
    office.write(
        kyc.decide, user.id, KycStatusEnum.APPROVED, level=KycLevelEnum.STANDARD, documents=ID_CARD, reason="fine"
    )
    with pytest.raises(BusinessRuleViolation, match="approved already"):
        bank.write(kyc.submit, user.id, KycLevelEnum.STANDARD, ID_CARD)
    waiting = bank.write(kyc.submit, user.id, KycLevelEnum.PREMIUM, set(KycDocumentEnum))
    assert (waiting.kyc_level, waiting.is_verified) == (KycLevelEnum.STANDARD, True)


@pytest.mark.parametrize("refusal", [KycStatusEnum.REJECTED, KycStatusEnum.SUSPENDED])
def test_whoever_was_refused_waits_for_the_bank_to_reopen(
    bank: Database, office: Database, refusal: KycStatusEnum
) -> None:
    user, _ = register(bank)
    me = bank.acting_as(person(user))
    me.write(kyc.submit, user.id, KycLevelEnum.STANDARD, ID_CARD)
    refused = office.write(kyc.decide, user.id, refusal, reason="forged")
    assert (refused.kyc_level, refused.is_verified) == (KycLevelEnum.BASIC, False)
    with pytest.raises(BusinessRuleViolation) as again:
        me.write(kyc.submit, user.id, KycLevelEnum.STANDARD, ID_CARD)
    assert again.value.facts["rule"] == "kyc_lifecycle"
    office.write(kyc.decide, user.id, KycStatusEnum.IN_PROGRESS, reason="try again")
    assert me.write(kyc.submit, user.id, KycLevelEnum.BASIC).kyc_status is KycStatusEnum.PENDING_REVIEW


def test_a_decision_names_a_level_exactly_when_it_approves(bank: Database, office: Database) -> None:
    user, _ = register(bank)
    bank.write(kyc.submit, user.id, KycLevelEnum.BASIC)
    with pytest.raises(InvalidValue):
        office.write(kyc.decide, user.id, KycStatusEnum.APPROVED, reason="fine")
    with pytest.raises(InvalidValue):
        office.write(kyc.decide, user.id, KycStatusEnum.REJECTED, level=KycLevelEnum.BASIC, reason="forged")
    with pytest.raises(InvalidValue):
        office.write(kyc.decide, user.id, KycStatusEnum.PENDING_REVIEW, reason="back")
