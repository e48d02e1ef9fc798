"""What must be true of export readiness, as SELECTs for what is not; Python's rules said a second time."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from strongroom.kernel.integrity import Check, Violations
from strongroom.systems.export_readiness.models import (
    ActionPlanProgress,
    ChatMessage,
    ChatSession,
    GeneratedDocument,
    HsCode,
    Report,
)
from strongroom.systems.export_readiness.rules import ChatRoleEnum

PLANNED_DAYS = 7


def copies_of_another_code() -> Violations:
    copy = Report.report_data["hs_code"]["code"].as_string()
    return select(Report.id).where(copy.is_not(None), copy.is_distinct_from(Report.hs_code))


def copies_of_another_status() -> Violations:
    copy = Report.report_data["status"].as_string()
    return select(Report.id).where(copy.is_not(None), copy != Report.status)


def documents_off_their_checks() -> Violations:
    said = GeneratedDocument.validation_results["is_valid"].as_boolean()
    return select(GeneratedDocument.id).where(
        or_(
            GeneratedDocument.is_valid & said.is_not(True),
            GeneratedDocument.validation_results.is_not(None) & (said != GeneratedDocument.is_valid),
        )
    )


def plans_without_a_day() -> Violations:
    days = func.count(func.distinct(ActionPlanProgress.day_number))
    return select(ActionPlanProgress.report_id).group_by(ActionPlanProgress.report_id).having(days != PLANNED_DAYS)


def answers_without_a_question() -> Violations:
    earlier = aliased(ChatMessage)
    asked = select(earlier.id).where(
        earlier.session_id == ChatMessage.session_id,
        earlier.role == ChatRoleEnum.USER,
        earlier.id < ChatMessage.id,
    )
    return select(ChatMessage.id).where(ChatMessage.role == ChatRoleEnum.ASSISTANT, ~asked.exists())


def conversations_before_their_beginning() -> Violations:
    return select(ChatSession.id).where(ChatSession.last_activity < ChatSession.created_at)


def headings_under_another_parent() -> Violations:
    above = func.substr(HsCode.code, 1, HsCode.level - 2)
    return select(HsCode.code).where(HsCode.parent.is_not(None), HsCode.parent != above)


CHECKS = (
    Check("codes_are_copied", "the code in a report's data is the report's", copies_of_another_code),
    Check("statuses_are_copied", "the status in a report's data is the report's", copies_of_another_status),
    Check("documents_are_checked", "a document is valid if its checks say so", documents_off_their_checks),
    Check("plans_have_seven_days", "every plan has a task on each of seven days", plans_without_a_day),
    Check("answers_follow_questions", "every answer comes after a question", answers_without_a_question),
    Check(
        "conversations_go_forward",
        "nothing is said in a conversation before it begins",
        conversations_before_their_beginning,
    ),
    Check(
        "headings_have_their_parent",
        "a heading's parent is its code without the last two digits",
        headings_under_another_parent,
    ),
)
