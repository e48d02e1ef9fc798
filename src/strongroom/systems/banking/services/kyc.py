"""Know your customer: customers hand documents in, administrators decide, and every step is on record.

Documents themselves stay where the application keeps them; the bank's record says which kinds there were.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import AuditRecord, User
from strongroom.systems.banking.repositories import UserRepository
from strongroom.systems.banking.rules import (
    KycDocumentEnum,
    KycLevelEnum,
    KycStatusEnum,
    check_adult,
    check_documents,
    check_transition,
)
from strongroom.systems.banking.services.access import check_is_administrator, lock_for_administrator, lock_own_user
from strongroom.systems.banking.services.audit import record

SUBMITTED = "kyc.submitted"
DECIDED = "kyc.decided"

_LEVELS = tuple(KycLevelEnum)


def submit(
    session: Session, user_id: UUID | str, level: KycLevelEnum, documents: Collection[KycDocumentEnum] = ()
) -> User:
    """Ask to be known at a level; what was allowed before stays allowed until the decision.

    Raises BusinessRuleViolation for a minor, missing documents, a level that is had already, a check that is under
    review or was refused; InvalidValue without a date of birth.
    """
    user = lock_own_user(session, user_id)
    if user.date_of_birth is None:
        raise InvalidValue(field="date_of_birth", reason="is needed before an identity check")
    check_adult(user.date_of_birth, now_of(session).date())
    check_documents(level, documents)
    if user.kyc_status is KycStatusEnum.APPROVED and _LEVELS.index(level) <= _LEVELS.index(user.kyc_level):
        reason = f"the {user.kyc_level.value} level is approved already"
        raise BusinessRuleViolation(rule="kyc_level", reason=reason)
    check_transition("kyc", user.kyc_status, KycStatusEnum.PENDING_REVIEW)
    user.kyc_status = KycStatusEnum.PENDING_REVIEW
    record(session, SUBMITTED, user, after={"level": level, "documents": _listed(documents)})
    session.flush()
    return user


def decide(
    session: Session,
    user_id: UUID | str,
    status: KycStatusEnum,
    *,
    level: KycLevelEnum | None = None,
    documents: Collection[KycDocumentEnum] = (),
    reason: str,
) -> User:
    """Take a check to its next status. Administrators only.

    Approval needs the level and the documents that were looked at; to refuse no more than a higher level, approve the
    one there was. Any other decision takes the customer back to the basic level. Raises BusinessRuleViolation,
    InvalidValue, AccessDenied.
    """
    user = lock_for_administrator(session, user_id)
    is_approval = status is KycStatusEnum.APPROVED
    if status is KycStatusEnum.PENDING_REVIEW:
        raise InvalidValue(field="status", reason="pending_review is where the customer's own submission leads")
    if is_approval != (level is not None):
        raise InvalidValue(field="level", reason="is needed for an approval and for nothing else")
    granted = level or KycLevelEnum.BASIC
    if is_approval:
        check_documents(granted, documents)
    check_transition("kyc", user.kyc_status, status)
    before = {"status": user.kyc_status, "level": user.kyc_level}
    user.kyc_status, user.kyc_level, user.is_verified = status, granted, is_approval
    after = {"status": status, "level": granted, "documents": _listed(documents), "reason": reason}
    record(session, DECIDED, user, before=before, after=after)
    session.flush()
    return user


def history(session: Session, user_id: UUID | str) -> Sequence[AuditRecord]:
    """What was submitted and decided for a user, newest first. Administrators only. Raises UserNotFound."""
    check_is_administrator(session)
    user = UserRepository(session).get(user_id)
    query = select(AuditRecord).where(
        AuditRecord.entity_id == user.id, AuditRecord.event_type.in_((SUBMITTED, DECIDED))
    )
    return session.scalars(query.order_by(AuditRecord.at.desc(), AuditRecord.id.desc())).all()


def _listed(documents: Collection[KycDocumentEnum]) -> str:
    return ", ".join(sorted(document.value for document in documents))
