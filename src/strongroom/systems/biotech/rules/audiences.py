"""Who listens for news of which company: alerts and webhooks name the tickers they are about, or none for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from strongroom.systems.biotech.rules.enums import WebhookEvent

ListenerT = TypeVar("ListenerT")

#: events about what somebody owns; the others are about the market, which everybody may hear of
_OWNED = (WebhookEvent.ALERT_TRIGGERED, WebhookEvent.REPORT_READY)


def audiences(
    listeners: Iterable[tuple[ListenerT, Collection[str] | None]], tickers: Iterable[str | None]
) -> dict[str | None, list[ListenerT]]:
    """Who listens for news of each ticker, in the order given.

    listeners: each with the tickers it is about, None for all; a ticker of None is news of no company, which is for
    everybody.
    """
    heard: dict[str | None, list[ListenerT]] = {ticker: [] for ticker in tickers}
    for listener, own in listeners:
        # by the listener's tickers, not by all there are: many listen for a few companies each
        for ticker in heard if own is None else heard.keys() & {None, *own}:
            heard[ticker].append(listener)
    return heard


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a webhook wants to be told. min_score: nothing of a company below it; client_id: None for the house's."""

    event_types: frozenset[str]
    min_score: float | None = None
    client_id: UUID | None = None

    def wants(self, event: WebhookEvent, score: float | None = None, client_id: UUID | None = None) -> bool:
        """Whether the event is one to send. What belongs to a client goes to no other client.

        score: the company's latest total, None when there is none; client_id: whose alert or report it is; those of
        nobody are the house's own, and no client hears of them.
        """
        if event not in self.event_types:
            return False
        if self.min_score is not None and (score is None or score < self.min_score):
            return False
        if client_id is None:
            return self.client_id is None or event not in _OWNED
        return self.client_id in (None, client_id)
