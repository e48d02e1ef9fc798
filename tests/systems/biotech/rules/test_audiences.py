"""Claims about who listens for news of a company, and what a webhook wants of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from strongroom.systems.biotech.rules.audiences import Subscription, audiences
from strongroom.systems.biotech.rules.enums import WebhookEvent

ONE, OTHER = UUID(int=1), UUID(int=2)
EVERYTHING = frozenset(WebhookEvent)


def test_listeners_hear_of_their_tickers_in_the_order_given() -> None:
    listeners = [("all", None), ("two", ["ABCD", "WXYZ"]), ("none", []), ("one", ["WXYZ"]), ("all too", None)]
    assert audiences(listeners, ["ABCD", "WXYZ", "EFGH"]) == {
        "ABCD": ["all", "two", "all too"],
        "WXYZ": ["all", "two", "one", "all too"],
        "EFGH": ["all", "all too"],
    }


def test_news_of_no_company_is_for_everybody() -> None:
    assert audiences([("all", None), ("one", ["ABCD"]), ("none", [])], [None]) == {None: ["all", "one", "none"]}


@pytest.mark.parametrize(
    ("min_score", "score", "wanted"),
    [(None, None, True), (None, 0.0, True), (80.0, 80.0, True), (80.0, 79.99, False), (0.0, None, False)],
)
def test_a_least_score_must_be_reached(min_score: float | None, score: float | None, wanted: bool) -> None:
    subscription = Subscription(EVERYTHING, min_score=min_score)
    assert subscription.wants(WebhookEvent.SCORE_UPDATE, score) is wanted


def test_only_events_that_were_asked_for_are_wanted() -> None:
    subscription = Subscription(frozenset({"new_signal"}))
    assert [event for event in WebhookEvent if subscription.wants(event)] == [WebhookEvent.NEW_SIGNAL]


@pytest.mark.parametrize(
    ("owner", "of", "event", "wanted"),
    [
        (None, None, WebhookEvent.ALERT_TRIGGERED, True),
        (None, ONE, WebhookEvent.ALERT_TRIGGERED, True),
        (ONE, ONE, WebhookEvent.ALERT_TRIGGERED, True),
        (ONE, OTHER, WebhookEvent.ALERT_TRIGGERED, False),
        (ONE, None, WebhookEvent.ALERT_TRIGGERED, False),
        (ONE, None, WebhookEvent.REPORT_READY, False),
        (ONE, None, WebhookEvent.NEW_SIGNAL, True),
        (ONE, OTHER, WebhookEvent.NEW_SIGNAL, False),
    ],
)
def test_what_belongs_to_a_client_goes_to_no_other(
    owner: UUID | None, of: UUID | None, event: WebhookEvent, wanted: bool
) -> None:
    assert Subscription(EVERYTHING, client_id=owner).wants(event, client_id=of) is wanted
