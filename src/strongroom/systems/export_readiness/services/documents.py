"""Export documents of a report: made, checked, corrected, compared; files are rendered from them when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import new_id
from strongroom.systems.export_readiness.errors import DocumentNotFound
from strongroom.systems.export_readiness.models import GeneratedDocument
from strongroom.systems.export_readiness.repositories import (
    DocumentRepository,
    UserRepository,
    documents_of_report,
    latest_documents_of_report,
)
from strongroom.systems.export_readiness.rules import DOCUMENT, DocumentTypeEnum, dotted, shown_id
from strongroom.systems.export_readiness.rules.documents import Known, build_data, plain_fields, with_totals
from strongroom.systems.export_readiness.rules.plain import plain
from strongroom.systems.export_readiness.rules.validation import Validation, cross_check, validate_document
from strongroom.systems.export_readiness.services.access import get_own_part, get_own_report
from strongroom.systems.export_readiness.services.metrics import count
from strongroom.systems.export_readiness.services.reference_rates import load_rates

#: where the files are; nothing is stored there, they are rendered on demand
URL = "/api/export_readiness/documents/{document_id}/file.{ending}"


def generate_document(
    session: Session,
    report_id: UUID | str,
    document_type: DocumentTypeEnum | str,
    fields: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    document_id: UUID | None = None,
) -> GeneratedDocument:
    """Make a document of what the report says and of these fields, check it, and count it among what was achieved.

    A document with errors is stored as well, as a draft. day: its date and that of the rates, today unless told
    otherwise. Raises ReportNotFound, InvalidValue.
    """
    report = get_own_report(session, report_id)
    document = GeneratedDocument(id=document_id or new_id(), report_id=report.id, document_type=document_type)
    known = Known(
        day=day or now_of(session).date(),
        exporter_name=UserRepository(session).get(report.user_id).company_name,
        product_name=report.product_name,
        destination_country=report.destination_country,
        hs_code=dotted(report.hs_code) if report.hs_code else None,
        payment_terms=report.payment_mode,
    )
    document.document_data = build_data(document.document_type, known, fields or {})
    shown = shown_id(document.id, DOCUMENT)
    document.pdf_url = URL.format(document_id=shown, ending="pdf")
    document.editable_url = URL.format(document_id=shown, ending="docx")
    _check(session, document, day)
    DocumentRepository(session).add(document)
    count(session, report.user_id, documents_generated=1)
    return document


def change_document(
    session: Session, document_id: UUID | str, fields: Mapping[str, Any], *, day: date | None = None
) -> GeneratedDocument:
    """Put these fields in place of the ones of the same name, take away those that are None, and check it again.

    Raises DocumentNotFound, InvalidValue.
    """
    document = _lock(session, document_id)
    changed = {**document.document_data, **plain_fields(fields)}
    if "items" in fields:  # a sum of other items is not carried over
        changed = {name: value for name, value in changed.items() if name in fields or not name.startswith("total_")}
    present = {name: value for name, value in changed.items() if value is not None}
    document.document_data = with_totals(document.document_type, present)
    return _check(session, document, day)


def revalidate_document(session: Session, document_id: UUID | str, *, day: date | None = None) -> GeneratedDocument:
    """Check it again, by the rules and rates of the day. Raises DocumentNotFound."""
    return _check(session, _lock(session, document_id), day)


def get_document(session: Session, document_id: UUID | str) -> GeneratedDocument:
    """`doc_` may stand in front of its id. Raises DocumentNotFound."""
    return get_own_part(DocumentRepository(session), document_id)


def delete_document(session: Session, document_id: UUID | str) -> None:
    """Remove it; that it was made stays counted. Raises DocumentNotFound."""
    session.delete(_lock(session, document_id))
    session.flush()


def list_documents(
    session: Session, report_id: UUID | str, document_type: DocumentTypeEnum | None = None, *, limit: int = 200
) -> Sequence[GeneratedDocument]:
    """Newest first. Raises ReportNotFound, InvalidValue."""
    if limit < 1:
        raise InvalidValue(field="limit", reason="must be at least 1")
    report = get_own_report(session, report_id)
    return session.scalars(documents_of_report(report.id, document_type).limit(limit)).all()


def latest_documents(session: Session, report_id: UUID | str) -> Mapping[DocumentTypeEnum, GeneratedDocument]:
    """The newest of each type there is. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    return {found.document_type: found for found in session.scalars(latest_documents_of_report(report.id))}


def cross_check_documents(session: Session, report_id: UUID | str) -> Validation:
    """Whether the newest letter of undertaking and the newest shipping bill are of the same exporter.

    Raises ReportNotFound, DocumentNotFound when one of the two is not there.
    """
    latest = latest_documents(session, report_id)
    pair = [latest.get(kind) for kind in (DocumentTypeEnum.GST_LUT, DocumentTypeEnum.SHIPPING_BILL)]
    lut, bill = pair
    if lut is None or bill is None:
        raise DocumentNotFound("the report needs a letter of undertaking and a shipping bill first")
    return cross_check(lut.document_data, bill.document_data)


def _check(session: Session, document: GeneratedDocument, day: date | None) -> GeneratedDocument:
    found = validate_document(document.document_type, document.document_data, load_rates(session, day))
    document.validation_results, document.is_valid = plain(found), found.is_valid
    session.flush()
    return document


def _lock(session: Session, document_id: UUID | str) -> GeneratedDocument:
    document = get_own_part(DocumentRepository(session), document_id)
    return DocumentRepository(session).lock([document.id])[document.id]
