"""All that is kept of one business, as one JSON document: the right to have one's data, and to take it elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.systems.export_readiness.models import (
    ActionPlanProgress,
    CertificationProgress,
    ChatMessage,
    ChatSession,
    FinanceAnalysis,
    FirstCompletion,
    GeneratedDocument,
    LogisticsAnalysis,
    Report,
    UserMetrics,
)
from strongroom.systems.export_readiness.services.access import get_own_user

#: what proves that somebody is the business is not theirs to carry around
_SECRET = frozenset({"password_hash"})
_PARTS: Mapping[str, type[Any]] = {
    "certifications": CertificationProgress,
    "documents": GeneratedDocument,
    "tasks": ActionPlanProgress,
    "finance_analysis": FinanceAnalysis,
    "logistics_analysis": LogisticsAnalysis,
}


def export_user(session: Session, user_id: UUID | str) -> dict[str, Any]:
    """The business, its figures and its reports with everything in them, oldest first. Raises ExporterNotFound.

    Eleven statements, however many reports there are.
    """
    user = get_own_user(session, user_id)
    metrics = session.get(UserMetrics, user.id)
    reports = session.scalars(
        select(Report).where(Report.user_id == user.id).order_by(Report.created_at, Report.id)
    ).all()
    mine = select(Report.id).where(Report.user_id == user.id)
    parts = {
        name: _by(session, select(model).where(model.report_id.in_(mine)), "report_id")
        for name, model in _PARTS.items()
    }
    parts["conversations"] = _conversations(session, mine)
    parts["first_completions"] = _first_completions(session, mine)
    return {
        "exported_at": now_of(session).isoformat(),
        "user": {name: value for name, value in user.to_dict().items() if name not in _SECRET},
        "metrics": metrics and metrics.to_dict(),
        "reports": [
            {**report.to_dict(), **{name: rows.get(report.id, []) for name, rows in parts.items()}}
            for report in reports
        ],
    }


Grouped = Mapping[UUID, Collection[dict[str, Any]]]


def _conversations(session: Session, reports: Select[Any]) -> Grouped:
    mine = select(ChatSession.id).where(ChatSession.report_id.in_(reports))
    said = session.scalars(select(ChatMessage).where(ChatMessage.session_id.in_(mine)).order_by(ChatMessage.id))
    messages = defaultdict(list)
    for row in said:
        messages[row.session_id].append({**row.to_dict(), "created_at": row.created_at.isoformat()})
    grouped = defaultdict(list)
    for conversation in session.scalars(select(ChatSession).where(ChatSession.id.in_(mine)).order_by(ChatSession.id)):
        grouped[conversation.report_id].append({**conversation.to_dict(), "messages": messages[conversation.id]})
    return grouped


def _first_completions(session: Session, reports: Select[Any]) -> Grouped:
    counted = select(FirstCompletion, CertificationProgress.report_id).join(CertificationProgress)
    grouped = defaultdict(list)
    for completion, report_id in session.execute(counted.where(CertificationProgress.report_id.in_(reports))):
        grouped[report_id].append(completion.to_dict())
    return grouped


def _by(session: Session, query: Select[Any], key: str) -> Grouped:
    grouped: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in session.scalars(query):
        grouped[getattr(row, key)].append(row.to_dict())
    return grouped
