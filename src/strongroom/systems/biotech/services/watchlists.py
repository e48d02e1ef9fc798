"""The watchlist of all: companies come onto it by their score, stay while it holds, and leave when it falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.models import Company, MAScore, WatchlistEntry
from strongroom.systems.biotech.repositories.batches import given_rows, portions
from strongroom.systems.biotech.rules.watchlists import WatchlistMove, tier_of, watchlist_move

_MOVED = ("current_score", "peak_score", "tier", "removed_at")


def follow_scores(session: Session, scores: Sequence[MAScore]) -> dict[UUID, WatchlistMove]:
    """Let the latest scores of companies, one each, move them on, along or off the watchlist.

    Returns what became of each company that is or was on it. Call it under the companies' locks.
    """
    now = now_of(session)
    entries = _entries(session, [score.company_id for score in scores])
    moves, moved = {}, []
    for score in scores:
        total, entry = score.total_score, entries.get(score.company_id)
        move = watchlist_move(total, is_on=entry is not None)
        if move is None:
            continue
        moves[score.company_id] = move
        if entry is None:
            session.add(
                WatchlistEntry(
                    company_id=score.company_id,
                    added_at=now,
                    added_score=total,
                    peak_score=total,
                    current_score=total,
                    tier=tier_of(total),
                )
            )
        else:
            removed_at = now if move is WatchlistMove.REMOVE else None
            moved.append((entry.id, total, max(entry.peak_score, total), tier_of(total) or entry.tier, removed_at))
    session.flush()
    _store(session, moved)
    return moves


def watched(session: Session, tier: int | None = None, limit: int = 100) -> list[tuple[Company, WatchlistEntry]]:
    """Who is on the watchlist, of one tier or of all, highest score first, then by ticker."""
    query = (
        select(Company, WatchlistEntry)
        .join(WatchlistEntry, WatchlistEntry.company_id == Company.id)
        .where(WatchlistEntry.removed_at.is_(None))
        .order_by(WatchlistEntry.current_score.desc(), Company.ticker)
        .limit(limit)
    )
    if tier is not None:
        query = query.where(WatchlistEntry.tier == tier)
    return [(company, entry) for company, entry in session.execute(query)]


def _entries(session: Session, company_ids: Sequence[UUID]) -> dict[UUID, WatchlistEntry]:
    """The stays of those that are on the watchlist, by company."""
    return {
        entry.company_id: entry
        for portion in portions(company_ids)
        for entry in session.scalars(
            select(WatchlistEntry).where(WatchlistEntry.company_id.in_(portion), WatchlistEntry.removed_at.is_(None))
        )
    }


def _store(session: Session, moved: Sequence[Sequence[Any]]) -> None:
    # not by their attributes: rows that differ in what has changed would be written one by one
    columns = WatchlistEntry.__table__.c
    for portion in portions(moved):
        new = given_rows("new", {name: columns[name].type for name in ("id", *_MOVED)}, portion)
        storing = update(WatchlistEntry).where(WatchlistEntry.id == new.c.id)
        storing = storing.values({name: new.c[name] for name in _MOVED})
        session.execute(storing.execution_options(synchronize_session="fetch"))
