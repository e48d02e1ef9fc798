"""Making something once, however often the request has to be sent: its key and what it says make the row's id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.values import new_id
from strongroom.systems.export_readiness.models import ChatSession, GeneratedDocument, Report
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.rules import DocumentTypeEnum
from strongroom.systems.export_readiness.rules.documents import plain_fields
from strongroom.systems.export_readiness.rules.evidence import Evidence
from strongroom.systems.export_readiness.services import assessment, chat, documents, reports
from strongroom.systems.export_readiness.services.access import lock_own_report, lock_own_user

_VERSION, _VARIANT = 0x8 << 76, 0b10 << 62
_BEFORE_VARIANT = (1 << 62) - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """The id of the row that a request makes, and whether it was made before."""

    id: UUID
    is_made: bool


def create_report(
    session: Session, key: str | None, /, *, user_id: UUID, evidence: Evidence | None, **values: Any
) -> Report:
    """Begin a report, and judge it by the evidence if there is any; `values`: those of `reports.create_report`.

    A repetition gives the report that the first request made, as it is now. Raises IdempotencyConflict, and all that
    beginning and judging one raise.
    """
    user = lock_own_user(session, user_id)
    entry = _enter(session, Report, key, {**values, "evidence": evidence})
    if entry.is_made:
        return reports.get_report(session, entry.id)
    report = reports.create_report(session, user.id, **values, report_id=entry.id)
    return report if evidence is None else assessment.assess_report(session, report.id, evidence)


def generate_document(
    session: Session,
    key: str | None,
    report_id: UUID | str,
    document_type: DocumentTypeEnum,
    fields: Mapping[str, Any],
) -> GeneratedDocument:
    """`documents.generate_document`; a repetition gives the document of the first request, as it is now.

    Raises IdempotencyConflict, and all that making one raises.
    """
    report = lock_own_report(session, report_id)
    known = plain_fields(fields)
    sent = {"report": report.id, "type": document_type.value, "fields": known}
    entry = _enter(session, GeneratedDocument, key, sent)
    if entry.is_made:
        return documents.get_document(session, entry.id)
    return documents.generate_document(session, report.id, document_type, known, document_id=entry.id)


def start_conversation(
    session: Session,
    key: str | None,
    report_id: UUID | str,
    context: Mapping[str, Any],
    *,
    options: ExportReadinessOptions = DEFAULTS,
) -> ChatSession:
    """`chat.start_conversation`; a repetition gives the conversation of the first request.

    Raises IdempotencyConflict, and all that beginning one raises.
    """
    report = lock_own_report(session, report_id)
    known = plain_fields(context)
    entry = _enter(session, ChatSession, key, {"report": report.id, "context": known})
    if entry.is_made:
        return chat.get_conversation(session, entry.id)
    return chat.start_conversation(session, report.id, known, session_id=entry.id, options=options)


def _enter(
    session: Session, model: type[ChatSession | GeneratedDocument | Report], key: str | None, sent: Mapping[str, Any]
) -> Entry:
    """Lock what the row belongs to first, so that of two requests at once the second one sees the first.

    The id is a UUIDv8 (RFC 9562): its first half comes from the actor and the key, its second from what was sent, so
    that another request with the same key shows. Without a key it is one that nobody has.
    """
    if key is None:
        return Entry(new_id(), is_made=False)
    first = _half(f"export_readiness.{model.__tablename__}\0{actor_of(session).id}\0{key}") << 64
    lowest = first & ~(0xF << 76) | _VERSION | _VARIANT
    wanted = UUID(int=lowest | _half(json.dumps(sent, default=str, sort_keys=True)) & _BEFORE_VARIANT)
    range_of_key = model.id.between(UUID(int=lowest), UUID(int=lowest | _BEFORE_VARIANT))
    made = session.scalars(select(model.id).where(range_of_key)).all()
    if made and wanted not in made:
        raise IdempotencyConflict
    return Entry(wanted, is_made=bool(made))


def _half(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
