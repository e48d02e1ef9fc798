"""Certifications of a report: followed from not started to completed, with the documents that are ready for each."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.systems.export_readiness.models import CertificationProgress, FirstCompletion
from strongroom.systems.export_readiness.repositories import (
    CertificationRepository,
    ReportRepository,
    certifications_of_report,
    certifications_under_way,
    insert_unless_there,
)
from strongroom.systems.export_readiness.rules import (
    CertificationStatusEnum,
    CertificationTypeEnum,
    normalise_text,
)
from strongroom.systems.export_readiness.rules.certification_steps import (
    CertificationSummary,
    Progress,
    days_between,
    days_saved,
    reopen,
    step,
    summarise,
)
from strongroom.systems.export_readiness.rules.requirements import (
    CERTIFICATION_ID_MAX,
    CERTIFICATION_NAME_MAX,
    find_requirement,
    requirements_of,
)
from strongroom.systems.export_readiness.services.access import get_own_report, get_own_user, sees_all
from strongroom.systems.export_readiness.services.metrics import count

DOCUMENT_ID_MAX = 100
DOCUMENTS_MAX = 200
NOTES_MAX = 5000


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A certification in progress. expected_days: as the report has it, None where it does not say."""

    certification: CertificationProgress
    days: int
    expected_days: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether it takes longer than expected; never where nobody knows how long it takes."""
        return self.expected_days is not None and self.days > self.expected_days


def track(
    session: Session,
    report_id: UUID | str,
    *,
    certification_id: str,
    name: str,
    certification_type: CertificationTypeEnum | str,
) -> CertificationProgress:
    """Follow a certification from now on; one that is followed already stays as it is. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    wanted = CertificationProgress(
        report_id=report.id,
        certification_id=normalise_text(certification_id, "certification_id", CERTIFICATION_ID_MAX),
        certification_name=normalise_text(name, "name", CERTIFICATION_NAME_MAX),
        certification_type=certification_type,
    )
    _insert(session, wanted)
    return _get(session, report.id, wanted.certification_id)


def track_required(session: Session, report_id: UUID | str) -> Sequence[CertificationProgress]:
    """Follow every certification that the report asks for, besides those followed already. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    for requirement in requirements_of(report.report_data):
        _insert(
            session,
            CertificationProgress(
                report_id=report.id,
                certification_id=requirement.id,
                certification_name=requirement.name,
                certification_type=requirement.type,
            ),
        )
    return list_certifications(session, report.id)


def set_status(
    session: Session,
    report_id: UUID | str,
    certification_id: str,
    status: CertificationStatusEnum | str,
    *,
    notes: str | None = None,
) -> CertificationProgress:
    """Take the next step; notes, if given, take the place of what was noted.

    The first completion is counted among what the business has achieved, with the days it saved and the subsidy.
    Raises CertificationNotFound, CertificationStepRefused, InvalidValue.
    """
    row = _lock(session, report_id, certification_id)
    before = _progress(row)
    after = step(before, CertificationProgress(status=status).status, now_of(session))
    if notes is not None:
        row.notes = normalise_text(notes, "notes", NOTES_MAX) if notes.strip() else None
    _put(row, after)
    session.flush()
    if after.completed_at is not None and before.completed_at is None:
        _count_first_completion(session, row, before, after)
    return row


def reopen_certification(
    session: Session, report_id: UUID | str, certification_id: str, *, reason: str | None = None
) -> CertificationProgress:
    """Take a completion back: it is in progress again, and what was counted for it stays counted, once.

    reason: noted. Raises CertificationNotFound, CertificationNotCompleted.
    """
    row = _lock(session, report_id, certification_id)
    _put(row, reopen(_progress(row)))
    if reason is not None:
        row.notes = normalise_text(reason, "reason", NOTES_MAX)
    session.flush()
    return row


def mark_document(
    session: Session, report_id: UUID | str, certification_id: str, document_id: str
) -> CertificationProgress:
    """Note that a document is ready for the certification; noting it twice changes nothing.

    Marks made at once follow one another, so none is lost. Raises CertificationNotFound, InvalidValue.
    """
    document = normalise_text(document_id, "document_id", DOCUMENT_ID_MAX)
    row = _lock(session, report_id, certification_id)
    if document not in row.documents_completed:
        if len(row.documents_completed) >= DOCUMENTS_MAX:
            raise InvalidValue(field="document_id", reason=f"would be one more than {DOCUMENTS_MAX} documents")
        row.documents_completed = [*row.documents_completed, document]
        session.flush()
    return row


def unmark_document(
    session: Session, report_id: UUID | str, certification_id: str, document_id: str
) -> CertificationProgress:
    """Take a document off the list again; one that is not on it changes nothing. Raises CertificationNotFound."""
    document = normalise_text(document_id, "document_id", DOCUMENT_ID_MAX)
    row = _lock(session, report_id, certification_id)
    if document in row.documents_completed:
        row.documents_completed = [known for known in row.documents_completed if known != document]
        session.flush()
    return row


def get_certification(session: Session, report_id: UUID | str, certification_id: str) -> CertificationProgress:
    """Raises ReportNotFound, CertificationNotFound."""
    return _get(session, get_own_report(session, report_id).id, certification_id)


def list_certifications(
    session: Session, report_id: UUID | str, status: CertificationStatusEnum | None = None
) -> Sequence[CertificationProgress]:
    """In the order in which they were first followed. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    found = certifications_of_report(report.id, status)
    return session.scalars(found.order_by(CertificationProgress.id)).all()


def summarise_certifications(session: Session, report_id: UUID | str) -> CertificationSummary:
    """How many are where. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    return summarise(CertificationRepository(session).count_by_status(report.id))


def list_in_progress(session: Session, user_id: UUID | None = None, *, limit: int = 200) -> Sequence[UnderWay]:
    """Certifications under way, the longest first: one's own, or those of anybody for administrators.

    Raises ExporterNotFound for somebody else's.
    """
    with closing(_under_way(session, user_id)) as found:
        return list(islice(found, limit))


def list_overdue(session: Session, user_id: UUID | None = None, *, limit: int = 200) -> Sequence[UnderWay]:
    """Those of them that take longer than their report expects. Raises ExporterNotFound."""
    with closing(_under_way(session, user_id)) as found:
        return list(islice((one for one in found if one.is_overdue), limit))


def _under_way(session: Session, user_id: UUID | None) -> Generator[UnderWay, None, None]:
    owner = user_id if user_id is not None or sees_all(session) else actor_of(session).id
    if owner is not None:
        get_own_user(session, owner)
    now = now_of(session)
    with session.execute(certifications_under_way(owner).execution_options(yield_per=500)) as found:
        for row, required in found:
            requirement = find_requirement({"certifications": required}, row.certification_id)
            yield UnderWay(row, days_between(row.started_at, now), requirement.days if requirement else None)


def _insert(session: Session, row: CertificationProgress) -> None:
    names = ("id", "report_id", "certification_id", "certification_name", "certification_type")
    insert_unless_there(session, CertificationProgress, {name: getattr(row, name) for name in names})


def _get(session: Session, report_id: UUID, certification_id: str) -> CertificationProgress:
    return CertificationRepository(session).get_of_report(report_id, certification_id)


def _lock(session: Session, report_id: UUID | str, certification_id: str) -> CertificationProgress:
    report = get_own_report(session, report_id)
    return CertificationRepository(session).lock_of_report(report.id, certification_id)


def _progress(row: CertificationProgress) -> Progress:
    return Progress(row.status, row.started_at, row.completed_at)


def _put(row: CertificationProgress, progress: Progress) -> None:
    row.status, row.started_at, row.completed_at = progress.status, progress.started_at, progress.completed_at


def _count_first_completion(session: Session, row: CertificationProgress, before: Progress, after: Progress) -> None:
    report = ReportRepository(session).get(row.report_id)
    requirement = find_requirement(report.report_data, row.certification_id)
    first = FirstCompletion(
        certification_progress_id=row.id,
        completed_at=after.completed_at,
        timeline_reduction_days=days_saved(before, after, requirement.days if requirement else None),
        cost_savings=requirement.subsidy if requirement else 0,
    )
    names = ("certification_progress_id", "completed_at", "timeline_reduction_days", "cost_savings")
    if insert_unless_there(session, FirstCompletion, {name: getattr(first, name) for name in names}):
        count(
            session,
            report.user_id,
            certifications_completed=1,
            cost_savings=first.cost_savings,
            timeline_reduction_days=first.timeline_reduction_days,
        )
