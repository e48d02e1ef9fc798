"""What must be true of companies, scores and matches, as SELECTs for what is not."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select

from strongroom.kernel.integrity import Check, Violations
from strongroom.systems.biotech.models import AcquirerMatch, Alert, AlertTrigger, Company, LatestScore, MAScore
from strongroom.systems.biotech.rules.companies import CONSTRAINED_BELOW_QUARTERS


def companies_off_their_figures() -> Violations:
    value = Company.market_cap_usd + Company.total_debt_usd - Company.cash_position_usd
    return select(Company.id).where(Company.enterprise_value_usd.is_distinct_from(value))


def constraints_off_their_runway() -> Violations:
    return select(Company.id).where(
        Company.runway_quarters.is_not(None),
        Company.is_cash_constrained != (Company.runway_quarters < CONSTRAINED_BELOW_QUARTERS),
    )


def latest_scores_off_the_newest() -> Violations:
    """Both ways: a company's newest score is not the one pointed at, or none is."""
    newest = (
        select(MAScore.company_id, func.max(MAScore.score_date).label("score_date"))
        .group_by(MAScore.company_id)
        .subquery()
    )
    pointed = and_(LatestScore.company_id == newest.c.company_id, LatestScore.score_date == newest.c.score_date)
    return select(newest.c.company_id).outerjoin(LatestScore, pointed).where(LatestScore.company_id.is_(None))


def latest_scores_off_their_total() -> Violations:
    return (
        select(LatestScore.company_id)
        .join(MAScore, MAScore.id == LatestScore.score_id)
        .where(
            or_(LatestScore.total_score != MAScore.total_score, LatestScore.company_id != MAScore.company_id),
        )
    )


def targets_matched_with_themselves() -> Violations:
    return (
        select(AcquirerMatch.id)
        .join(Company, Company.id == AcquirerMatch.target_company_id)
        .where(AcquirerMatch.acquirer_ticker == Company.ticker)
    )


def top_matches_of_two_runs() -> Violations:
    return (
        select(AcquirerMatch.target_company_id)
        .where(AcquirerMatch.is_top_match)
        .group_by(AcquirerMatch.target_company_id)
        .having(func.count(AcquirerMatch.run_id.distinct()) > 1)
    )


def ranks_with_gaps() -> Violations:
    """Ranks are unique within a run, so they are 1 to n exactly if the highest is as high as there are many."""
    return (
        select(AcquirerMatch.target_company_id, AcquirerMatch.run_id)
        .where(AcquirerMatch.match_rank.is_not(None))
        .group_by(AcquirerMatch.target_company_id, AcquirerMatch.run_id)
        .having(func.max(AcquirerMatch.match_rank) != func.count())
    )


def alerts_off_their_triggers() -> Violations:
    fired = select(func.count()).where(AlertTrigger.alert_id == Alert.id).scalar_subquery()
    return select(Alert.id).where(Alert.trigger_count < fired)


CHECKS = (
    Check(
        "enterprise_value_follows",
        "enterprise value is market capitalisation and debt less cash",
        companies_off_their_figures,
    ),
    Check(
        "constraint_follows_runway",
        "a company whose runway is known is cash constrained exactly if it is below four quarters",
        constraints_off_their_runway,
    ),
    Check(
        "latest_is_newest", "the latest score of a company is its newest by score_date", latest_scores_off_the_newest
    ),
    Check(
        "latest_says_the_same",
        "the latest score of a company repeats the score it points at",
        latest_scores_off_their_total,
    ),
    Check("nobody_buys_itself", "no target is matched with its own ticker", targets_matched_with_themselves),
    Check("top_is_one_run", "the top matches of a target are all of one run", top_matches_of_two_runs),
    Check("ranks_are_dense", "the ranks of a run are 1, 2, 3 and so on", ranks_with_gaps),
    Check(
        "triggers_are_counted",
        "an alert was triggered at least as often as there are records of it",
        alerts_off_their_triggers,
    ),
)
