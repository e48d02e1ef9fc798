"""Who could buy whom, by the latest run of each target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, contains_eager

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.errors import AcquirerMatchNotFound, CompanyNotFound
from strongroom.systems.biotech.models import AcquirerMatch, Company
from strongroom.systems.biotech.repositories.writing import bounded, given, settable
from strongroom.systems.biotech.rules.companies import normalise_ticker
from strongroom.systems.biotech.rules.matching import ranked

_GIVEN = settable(AcquirerMatch)


@query
def current_matches(target_company_id: UUID) -> Select[AcquirerMatch]:
    """Of the target's latest run, and those that were added by themselves since."""
    return select(AcquirerMatch).where(AcquirerMatch.target_company_id == target_company_id, AcquirerMatch.is_current)


@query
def live_matches() -> Select[AcquirerMatch]:
    """Those whose target is not hidden, with the target loaded."""
    return (
        select(AcquirerMatch)
        .join(Company, Company.id == AcquirerMatch.target_company_id)
        .options(contains_eager(AcquirerMatch.target_company))
    )


class AcquirerMatchRepository(Repository[SessionT, AcquirerMatch]):
    """Matches. Each run is kept; is_top_match marks the best five of the latest run of each target."""

    row = AcquirerMatch
    not_found = AcquirerMatchNotFound

    @operation
    def create(
        self: AcquirerMatchRepository[Session],
        /,
        target_company_id: UUID | str,
        acquirer_ticker: str,
        acquirer_name: str,
        strategic_fit_score: float,
        **values: Any,
    ) -> AcquirerMatch:
        """Add one match by itself, a run of its own unless run_id says otherwise."""
        match = AcquirerMatch(
            target_company_id=target_company_id,
            acquirer_ticker=acquirer_ticker,
            acquirer_name=acquirer_name,
            strategic_fit_score=strategic_fit_score,
            **given(values, _GIVEN),
        )
        self._check_not_itself(match.target_company_id, [match])
        return self.add(match)

    @operation
    def replace_matches(
        self: AcquirerMatchRepository[Session],
        target_company_id: UUID,
        matches: Sequence[AcquirerMatch],
        run_id: UUID | None = None,
    ) -> list[AcquirerMatch]:
        """Make these the current run, ranked from 1, the best five marked; earlier ones are kept and current no more.

        None at all is a run as well. Returns them best first. Two runs of one target at once come one after the other.
        Raises CompanyNotFound.
        """
        self._check_not_itself(target_company_id, matches, lock=True)
        earlier = select(func.max(AcquirerMatch.match_date)).where(AcquirerMatch.target_company_id == target_company_id)
        last = self.session.scalar(earlier)
        now = now_of(self.session)
        moment = now if last is None else max(now, last + timedelta(microseconds=1))
        self.session.execute(
            update(AcquirerMatch)
            .where(AcquirerMatch.target_company_id == target_company_id, AcquirerMatch.is_current)
            .values(is_current=False, is_top_match=False)
        )
        run_id = run_id or new_id()
        best_first = sorted(matches, key=_standing)
        for rank, is_top, match in ranked(best_first):
            match.target_company_id, match.run_id, match.match_date = target_company_id, run_id, moment
            match.match_rank, match.is_top_match = rank, is_top
        self.session.add_all(best_first)
        self.session.flush()
        return best_first

    @operation
    def get_for_target(
        self: AcquirerMatchRepository[Session], target_company_id: UUID, limit: int = 100
    ) -> Sequence[AcquirerMatch]:
        """The current matches of a target, best first."""
        limit, _ = bounded(limit)
        found = current_matches(target_company_id).order_by(
            AcquirerMatch.match_rank.asc().nulls_last(), AcquirerMatch.strategic_fit_score.desc(), AcquirerMatch.id
        )
        return self.session.scalars(found.limit(limit)).all()

    @operation
    def get_top(self: AcquirerMatchRepository[Session], limit: int = 50) -> Sequence[AcquirerMatch]:
        """The top matches of all targets, the best fit first, each with its target."""
        limit, _ = bounded(limit)
        found = live_matches().where(AcquirerMatch.is_top_match)
        return self.session.scalars(found.order_by(*_BEST_FIRST).limit(limit)).all()

    @operation
    def get_by_acquirer(
        self: AcquirerMatchRepository[Session], acquirer_ticker: str, limit: int = 100
    ) -> Sequence[AcquirerMatch]:
        """What an acquirer was matched with, newest first, each with its target."""
        limit, _ = bounded(limit)
        found = live_matches().where(AcquirerMatch.acquirer_ticker == normalise_ticker(acquirer_ticker))
        return self.session.scalars(found.order_by(AcquirerMatch.match_date.desc(), *_BEST_FIRST).limit(limit)).all()

    def _check_not_itself(
        self: AcquirerMatchRepository[Session],
        target_company_id: UUID,
        matches: Sequence[AcquirerMatch],
        *,
        lock: bool = False,
    ) -> None:
        target = select(Company.ticker).where(Company.id == target_company_id)
        ticker = self.session.scalar(target.with_for_update(key_share=True) if lock else target)
        if ticker is None:
            raise CompanyNotFound(what="company")
        if any(match.acquirer_ticker == ticker for match in matches):
            raise InvalidValue(field="acquirer_ticker", reason="must not be the target's own")


_BEST_FIRST = (
    AcquirerMatch.match_score.desc().nulls_last(),
    AcquirerMatch.strategic_fit_score.desc(),
    AcquirerMatch.acquirer_ticker,
    AcquirerMatch.id,
)


def _standing(match: AcquirerMatch) -> tuple[float, float, str]:
    score = match.match_score if match.match_score is not None else 10 * match.strategic_fit_score
    return -score, -match.strategic_fit_score, match.acquirer_ticker
