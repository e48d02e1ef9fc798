"""Every check finds what it is for, and nothing else finds it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.checks import CHECKS
from strongroom.systems.export_readiness.samples import load_samples

BREAKING = {
    "codes_are_copied": "UPDATE export_readiness.reports SET hs_code = '999999' WHERE hs_code = '091030'",
    "statuses_are_copied": "UPDATE export_readiness.reports SET status = 'failed' WHERE status = 'processing'",
    "documents_are_checked": "UPDATE export_readiness.generated_documents SET is_valid = (1 = 0)",
    "plans_have_seven_days": "DELETE FROM export_readiness.action_plan_progress WHERE day_number = 3",
    "answers_follow_questions": "DELETE FROM export_readiness.chat_messages WHERE role = 'user'",
    "conversations_go_forward": "UPDATE export_readiness.chat_sessions SET last_activity = '2020-01-01 00:00:00'",
    "headings_have_their_parent": "UPDATE export_readiness.hs_codes SET parent = '0101' WHERE code = '091030'",
}


def test_there_is_a_way_to_break_each_check() -> None:
    assert BREAKING.keys() == {check.name for check in CHECKS}


@pytest.mark.parametrize("name", BREAKING)
def test_a_check_finds_what_it_is_for(any_database: Database, name: str) -> None:
    any_database.write(load_samples)
    any_database.write(lambda session: session.execute(text(BREAKING[name])))
    broken = [finding.check.name for finding in any_database.read(run_checks, CHECKS) if not finding.holds]
    assert broken == [name]
