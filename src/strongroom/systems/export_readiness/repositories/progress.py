"""The parts of a report that come one after the other: certifications, documents, tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.export_readiness.errors import CertificationNotFound, DocumentNotFound, TaskNotFound
from strongroom.systems.export_readiness.models import (
    ActionPlanProgress,
    CertificationProgress,
    GeneratedDocument,
    Report,
)
from strongroom.systems.export_readiness.rules import (
    DOCUMENT,
    CertificationStatusEnum,
    DocumentTypeEnum,
    parse_id,
)


@query
def certifications_of_report(
    report_id: UUID, status: CertificationStatusEnum | None = None
) -> Select[CertificationProgress]:
    found = select(CertificationProgress).where(CertificationProgress.report_id == report_id)
    return found if status is None else found.where(CertificationProgress.status == status)


def certifications_under_way(user_id: UUID | None = None) -> Select[CertificationProgress, Any]:
    """In progress, begun the longest ago first, each with what its report says of certifications."""
    found = select(CertificationProgress, Report.report_data["certifications"]).join(
        Report, Report.id == CertificationProgress.report_id
    )
    found = found.where(CertificationProgress.status == CertificationStatusEnum.IN_PROGRESS)
    if user_id is not None:
        found = found.where(Report.user_id == user_id)
    return found.order_by(CertificationProgress.started_at, CertificationProgress.id)


@query
def latest_documents_of_report(report_id: UUID) -> Select[GeneratedDocument]:
    """The newest of each type."""
    age = func.row_number().over(
        partition_by=GeneratedDocument.document_type,
        order_by=(GeneratedDocument.created_at.desc(), GeneratedDocument.id.desc()),
    )
    ranked = select(GeneratedDocument.id, age.label("age")).where(GeneratedDocument.report_id == report_id).subquery()
    newest = select(GeneratedDocument).join(ranked, ranked.c.id == GeneratedDocument.id).where(ranked.c.age == 1)
    return newest.order_by(GeneratedDocument.document_type)


@query
def documents_of_report(report_id: UUID, document_type: DocumentTypeEnum | None = None) -> Select[GeneratedDocument]:
    """Newest first."""
    found = select(GeneratedDocument).where(GeneratedDocument.report_id == report_id)
    if document_type is not None:
        found = found.where(GeneratedDocument.document_type == document_type)
    return found.order_by(GeneratedDocument.created_at.desc(), GeneratedDocument.id.desc())


@query
def tasks_of_report(report_id: UUID) -> Select[ActionPlanProgress]:
    """Day by day, in the order in which they were planned."""
    found = select(ActionPlanProgress).where(ActionPlanProgress.report_id == report_id)
    return found.order_by(ActionPlanProgress.day_number, ActionPlanProgress.id)


class CertificationRepository(Repository[SessionT, CertificationProgress]):
    """Certifications under way."""

    row = CertificationProgress
    not_found = CertificationNotFound

    @operation
    def get_of_report(
        self: CertificationRepository[Session], report_id: UUID, certification_id: str
    ) -> CertificationProgress:
        """The report's certification of this name. Raises CertificationNotFound."""
        wanted = certifications_of_report(report_id).where(CertificationProgress.certification_id == certification_id)
        return self._present(self.session.scalars(wanted).one_or_none())

    @operation
    def count_by_status(self: CertificationRepository[Session], report_id: UUID) -> dict[CertificationStatusEnum, int]:
        """How many of the report's certifications are where; a status that none has is left out."""
        counted = select(CertificationProgress.status, func.count()).group_by(CertificationProgress.status)
        found = self.session.execute(counted.where(CertificationProgress.report_id == report_id))
        return {status: number for status, number in found}

    @operation
    def lock_of_report(
        self: CertificationRepository[Session], report_id: UUID, certification_id: str
    ) -> CertificationProgress:
        """The report's certification of this name, locked for a change. Raises CertificationNotFound."""
        wanted = certifications_of_report(report_id).where(CertificationProgress.certification_id == certification_id)
        return self._present(_locked(self.session, wanted))


class DocumentRepository(Repository[SessionT, GeneratedDocument]):
    """Documents; their ids may be written with `doc_` in front, and with or without dashes."""

    row = GeneratedDocument
    not_found = DocumentNotFound

    def _find(self: Repository[Session, GeneratedDocument], key: Any) -> GeneratedDocument | None:
        identifier = parse_id(key, DOCUMENT) if isinstance(key, UUID | str) else None
        return None if identifier is None else self.session.get(GeneratedDocument, identifier)


class TaskRepository(Repository[SessionT, ActionPlanProgress]):
    """Tasks of plans."""

    row = ActionPlanProgress
    not_found = TaskNotFound

    @operation
    def lock_of_report(self: TaskRepository[Session], report_id: UUID, task_id: str) -> ActionPlanProgress:
        """The report's task of this name, locked for a change. Raises TaskNotFound."""
        wanted = tasks_of_report(report_id).where(ActionPlanProgress.task_id == task_id)
        return self._present(_locked(self.session, wanted))


def _locked(session: Session, query: Select[Any]) -> Any:
    locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(locking).one_or_none()
