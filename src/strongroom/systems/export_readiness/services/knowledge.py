"""What is known that may answer a question about a report: its own data, the nomenclature, the rates in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.models import FinanceAnalysis, LogisticsAnalysis, Report
from strongroom.systems.export_readiness.repositories import certifications_of_report, tasks_of_report
from strongroom.systems.export_readiness.rules import Constant, dotted
from strongroom.systems.export_readiness.rules.answering import passages_of
from strongroom.systems.export_readiness.rules.chat import Passage
from strongroom.systems.export_readiness.rules.wording import label_of, written
from strongroom.systems.export_readiness.services.hs_codes import search, validate
from strongroom.systems.export_readiness.services.reference_rates import load_rates

REPORT, NOMENCLATURE = "Your report", "Harmonized System"
_FINANCE, _LOGISTICS = "Finance analysis of your report", "Logistics analysis of your report"
_HEADINGS = 5
#: of report_data: what says nothing by itself, and what is taken apart below
_LEFT_OUT = ("report_id", "status", "generated_at", "retrieved_sources", "action_plan")
#: of an analysis: its key, its dates and what it was worked out with
_OF_THE_ROW = ("report_id", "created_at", "updated_at")


def gather(session: Session, report: Report, question: str) -> tuple[Passage, ...]:
    """Everything that might be cited. The report is the caller's own."""
    return (
        *_of_report(session, report),
        *_of_analyses(session, report),
        *_of_nomenclature(session, report, question),
        *map(_of_constant, load_rates(session).all()),
    )


def _of_report(session: Session, report: Report) -> Iterator[Passage]:
    known = {
        "product": report.product_name,
        "destination": report.destination_country,
        "risk_score": report.risk_score,
        "estimated_cost": report.estimated_cost and f"INR {report.estimated_cost}",
        "estimated_timeline": report.estimated_timeline_days and f"{report.estimated_timeline_days} days",
        **(report.product_details or {}),
    }
    yield from passages_of(REPORT, known)
    yield from passages_of(REPORT, report.report_data, left_out=_LEFT_OUT)
    retrieved = report.report_data.get("retrieved_sources")
    for found in retrieved if isinstance(retrieved, list) else ():
        if isinstance(found, dict) and found.get("excerpt"):
            url = found.get("url")
            web = url if isinstance(url, str) and url.startswith(("https://", "http://")) else None
            yield Passage(
                written(found.get("title")), written(found.get("source") or REPORT), written(found["excerpt"]), web
            )
    for row in session.scalars(certifications_of_report(report.id)):
        ready = f"; documents ready: {', '.join(row.documents_completed)}" if row.documents_completed else ""
        state = f"{row.status.value.replace('_', ' ')}{ready}"
        yield Passage(f"Certification progress: {row.certification_name}", REPORT, f"status: {state}")
    for task in session.scalars(tasks_of_report(report.id)):
        state = f"{'done' if task.completed else 'open'}; day {task.day_number}. {task.task_description or ''}"
        yield Passage(f"Task: {task.task_title}", REPORT, state.strip())


def _of_analyses(session: Session, report: Report) -> Iterator[Passage]:
    for source, model in ((_FINANCE, FinanceAnalysis), (_LOGISTICS, LogisticsAnalysis)):
        if (row := session.get(model, report.id)) is not None:
            yield from passages_of(source, row.to_dict(), left_out=_OF_THE_ROW)


def _of_nomenclature(session: Session, report: Report, question: str) -> Iterator[Passage]:
    headings = {}
    if report.hs_code:
        headings = {row.code: row.description for row in validate(session, report.hs_code).path}
    with suppress(InvalidValue):  # a question in another script has no word that the nomenclature could have
        headings |= {found.code: found.description for found in search(session, question, limit=_HEADINGS).suggestions}
    for code, description in headings.items():
        yield Passage(f"HS code {dotted(code)}", NOMENCLATURE, description)


def _of_constant(constant: Constant) -> Passage:
    said = [] if constant.value is None else [f"{constant.value:f} {constant.unit}"]
    said += [written(constant.details)] if constant.details else []
    title = f"{label_of(constant.calculator)}, {constant.name.replace('_', ' ')}"
    return Passage(title, constant.source, f"{'; '.join(said)} (from {constant.valid_from.isoformat()})")
