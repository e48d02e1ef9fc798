"""Truths of a system as queries for their violations; run on demand, after a restore, and in every conformance test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

#: a SELECT of whatever names a row for which the claim is not true
Violations = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """name: snake_case; claim: the sentence that must be true; violations: SELECT of keys for which it is not."""

    name: str
    claim: str
    violations: Callable[[], Violations]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. count: violations in all; examples: the first few keys, as text."""

    check: Check
    count: int
    examples: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the claim is true."""
        return self.count == 0


def run_checks(session: Session, checks: Sequence[Check], examples: int = 5) -> list[Finding]:
    """Run each check on the session's snapshot, in order."""
    findings = []
    for check in checks:
        violations = check.violations()
        count = session.scalar(select(func.count()).select_from(violations.order_by(None).subquery())) or 0
        shown = session.execute(violations.limit(examples)).all() if count else []
        findings.append(Finding(check, count, tuple(", ".join(map(str, row)) for row in shown)))
    return findings
