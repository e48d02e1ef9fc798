"""One attempt to hand an event to a webhook: what is sent, and what the answer makes of it. No database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from strongroom.systems.biotech.errors import UnsafeUrl
from strongroom.systems.biotech.rules.retry import Verdict, judge
from strongroom.systems.biotech.rules.signatures import SIGNATURE_HEADER, sign
from strongroom.systems.biotech.services.sending import Answer, NoAnswer, Sender

USER_AGENT = "Strongroom-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt that is ours until `until`. secrets: that sign it, newest first."""

    delivery_id: UUID
    webhook_id: UUID
    event_id: UUID
    event_type: str
    position: int
    attempt: int
    until: datetime
    url: str
    timeout_s: int
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. status: None without an answer; reason: why it was no success."""

    verdict: Verdict
    status: int | None = None
    reason: str | None = None
    retry_after: str | None = None


def attempt(sender: Sender, claim: Claim, now: datetime) -> Outcome:
    """Send the event once. Whatever goes wrong on the way is an outcome, too."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Webhook-Event": claim.event_type,
        "X-Webhook-Event-Id": str(claim.event_id),
        "X-Webhook-Position": str(claim.position),
        "X-Webhook-Attempt": str(claim.attempt),
        SIGNATURE_HEADER: sign(claim.body, claim.secrets, now),
    }
    try:
        answer = sender.post(claim.url, headers, claim.body, claim.timeout_s)
    except (NoAnswer, UnsafeUrl) as error:
        return Outcome(Verdict.FAILED, reason=str(error))
    return _judged(answer)


def _judged(answer: Answer) -> Outcome:
    verdict = judge(answer.status)
    if verdict is Verdict.DELIVERED:
        return Outcome(verdict, answer.status)
    reason = "the receiver is gone (410)" if verdict is Verdict.GONE else f"the receiver answered {answer.status}"
    return Outcome(verdict, answer.status, reason, answer.retry_after)
