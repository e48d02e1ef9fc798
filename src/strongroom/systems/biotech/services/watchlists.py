"""The watchlist of all: companies come onto it by their score, stay while it holds, and leave when it falls."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.models import Company, MAScore, WatchlistEntry
from strongroom.systems.biotech.rules.watchlists import WatchlistMove, tier_of, watchlist_move


def follow_score(session: Session, company: Company, score: MAScore) -> WatchlistMove | None:
    """Let a company's latest score move it on, along or off the watchlist. Call it under the company's lock."""
    entry = find_entry(session, company)
    total = score.total_score
    move = watchlist_move(total, is_on=entry is not None)
    if move is WatchlistMove.ADD:
        session.add(
            WatchlistEntry(
                company_id=company.id,
                added_at=now_of(session),
                added_score=total,
                peak_score=total,
                current_score=total,
                tier=tier_of(total),
            )
        )
    elif entry is not None:
        entry.current_score = total
        entry.peak_score = max(entry.peak_score, total)
        entry.tier = tier_of(total) or entry.tier
        if move is WatchlistMove.REMOVE:
            entry.removed_at = now_of(session)
    session.flush()
    return move


def find_entry(session: Session, company: Company) -> WatchlistEntry | None:
    """The company's stay on the watchlist, if it is on it."""
    return session.scalar(
        select(WatchlistEntry).where(WatchlistEntry.company_id == company.id, WatchlistEntry.removed_at.is_(None))
    )


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
