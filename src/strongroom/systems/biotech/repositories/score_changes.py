"""How far a score has moved in 30 and in 90 days, also for scores that stood there before an older one came in late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Uuid, cast, func, select, update
from sqlalchemy.orm import Session

from strongroom.systems.biotech.models import Company, MAScore
from strongroom.systems.biotech.repositories.batches import given_rows, portions

#: each change, and how long before the score the one lies that it is measured against
SPANS = {"score_change_30d": timedelta(days=30), "score_change_90d": timedelta(days=90)}

_MOMENT, _CHANGE = MAScore.score_date.type, MAScore.score_change_30d.type
_SCORE = {"id": Uuid(), "company_id": Uuid(), "score_date": _MOMENT}
_BASELINE = {
    "company_id": Uuid(), "total_score": MAScore.total_score.type, "beginning": _MOMENT, "ending": _MOMENT
}  # fmt: skip


def fill_changes(session: Session, *scores: MAScore) -> None:
    """Fill what changed since 30 and 90 days before each score, just inserted, and correct the later ones it affects.

    A change is against the company's newest score at or before that moment, None when there is none. A change that
    was given stays, until a late score takes its baseline's place.
    """
    session.flush()
    _lock_companies(session, {score.company_id for score in scores})
    surroundings = _surroundings(session, scores)
    changes: dict[UUID, list[float | None]] = {}
    late = []
    for score in scores:
        around = surroundings[score.id]
        given = [getattr(score, name) for name in SPANS]
        found = [
            score.total_score - baseline if change is None and baseline is not None else change
            for change, baseline in zip(given, around.baselines, strict=True)
        ]
        if found != given:
            changes[score.id] = found
        if around.next_date is not None:
            late.append((score, around.next_date))
    _store(session, changes)
    for name, span in SPANS.items():
        _correct_later(session, name, span, late)
    if late:
        read_again(session)
    else:
        _read(session, list(changes))


def read_again(session: Session) -> None:
    """Read the scores that the session holds once more, after a statement has changed them behind its back."""
    _read(session, [row.id for row in session.identity_map.values() if isinstance(row, MAScore)])


class _Surroundings(NamedTuple):
    """What a company's scores were before one of them, by span, and when the next one after it is."""

    baselines: Sequence[float | None]
    next_date: datetime | None


def _lock_companies(session: Session, company_ids: Iterable[UUID]) -> None:
    # two scores of one company at once do not see each other: whoever comes second waits here and then sees both
    for portion in portions(sorted(company_ids)):
        query = select(Company.id).where(Company.id.in_(portion)).order_by(Company.id).with_for_update(key_share=True)
        session.execute(query.execution_options(include_deleted=True)).all()


def _surroundings(session: Session, scores: Sequence[MAScore]) -> dict[UUID, _Surroundings]:
    found = {}
    for portion in portions(scores):
        rows = [
            (score.id, score.company_id, score.score_date, *(score.score_date - span for span in SPANS.values()))
            for score in portion
        ]
        asked = given_rows("asked", {**_SCORE, **dict.fromkeys(SPANS, _MOMENT)}, rows)
        next_date = (
            select(func.min(MAScore.score_date))
            .where(MAScore.company_id == asked.c.company_id, MAScore.score_date > asked.c.score_date)
            .correlate(asked)
            .scalar_subquery()
        )
        query = select(asked.c.id, next_date, *(_total_at(asked, asked.c[name]) for name in SPANS))
        for score_id, later, *totals in session.execute(query):
            found[score_id] = _Surroundings(totals, later)
    return found


def _total_at(asked: CTE, moment: ColumnElement[datetime]) -> ScalarSelect[float]:
    """The total of the company's newest score at or before the moment."""
    newest = select(MAScore.total_score).where(MAScore.company_id == asked.c.company_id, MAScore.score_date <= moment)
    return newest.order_by(MAScore.score_date.desc()).limit(1).correlate(asked).scalar_subquery()


def _read(session: Session, score_ids: Sequence[UUID]) -> None:
    for portion in portions(score_ids):
        session.scalars(select(MAScore).where(MAScore.id.in_(portion)).execution_options(populate_existing=True)).all()


def _store(session: Session, changes: Mapping[UUID, Sequence[float | None]]) -> None:
    for portion in portions((score_id, *found) for score_id, found in changes.items()):
        new = given_rows("new", {"id": Uuid(), **dict.fromkeys(SPANS, _CHANGE)}, portion)
        # cast, since a column of nothing but NULL is taken for text
        storing = update(MAScore).where(MAScore.id == new.c.id)
        storing = storing.values({name: cast(new.c[name], _CHANGE) for name in SPANS})
        session.execute(storing.execution_options(synchronize_session=False))


def _correct_later(session: Session, name: str, span: timedelta, late: Sequence[tuple[MAScore, datetime]]) -> None:
    """A late score is the baseline of all that lie a span after it, up to a span after the next one."""
    for portion in portions(late):
        rows = [(score.company_id, score.total_score, score.score_date + span, end + span) for score, end in portion]
        baselines = given_rows("baselines", _BASELINE, rows)
        correcting = update(MAScore).where(
            MAScore.company_id == baselines.c.company_id,
            MAScore.score_date >= baselines.c.beginning,
            MAScore.score_date < baselines.c.ending,
        )
        correcting = correcting.values({name: MAScore.total_score - baselines.c.total_score})
        session.execute(correcting.execution_options(synchronize_session=False))
