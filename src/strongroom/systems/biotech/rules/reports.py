"""Which way a report goes from written to sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from strongroom.systems.biotech.errors import StepRefused
from strongroom.systems.biotech.rules.enums import ReportStatus

#: what others call a report that was sent
_SENT_ALIASES = frozenset({"success", "delivered"})

_STEPS: Mapping[ReportStatus, frozenset[ReportStatus]] = MappingProxyType(
    {
        ReportStatus.PENDING: frozenset({ReportStatus.SENDING, ReportStatus.SENT, ReportStatus.FAILED}),
        ReportStatus.SENDING: frozenset({ReportStatus.SENT, ReportStatus.RETRYING, ReportStatus.FAILED}),
        ReportStatus.RETRYING: frozenset({ReportStatus.SENDING, ReportStatus.SENT, ReportStatus.FAILED}),
        ReportStatus.FAILED: frozenset({ReportStatus.RETRYING}),
        ReportStatus.SENT: frozenset(),
    }
)


def report_status(text: ReportStatus | str) -> ReportStatus:
    """The status meant, by its value or an alias of `sent`. Raises ValueError."""
    return ReportStatus.SENT if text in _SENT_ALIASES else ReportStatus(text)


def check_report_step(before: ReportStatus, after: ReportStatus) -> None:
    """Raises StepRefused unless the report may go from one to the other, or is there already."""
    if after is not before and after not in _STEPS[before]:
        raise StepRefused(what="report", before=before, after=after)
