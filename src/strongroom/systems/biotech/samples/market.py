"""Companies, people and figures that nobody has: every name says that it is made up, and no ticker is a listed one.

Dates are counted back from the day the samples are loaded, so that lists of the last days show something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.kernel.tables import canonical_json
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.models import (
    AcquirerMatch,
    Alert,
    AlertTrigger,
    Company,
    DrugCandidate,
    MAScore,
    Report,
    Signal,
    Webhook,
    WebhookDelivery,
)
from strongroom.systems.biotech.models import Client as ApiClient
from strongroom.systems.biotech.repositories import (
    AcquirerMatchRepository,
    AlertRepository,
    ClientRepository,
    CompanyRepository,
    DrugCandidateRepository,
    ReportRepository,
    ScoreRepository,
    SignalRepository,
)
from strongroom.systems.biotech.rules.enums import (
    AlertLevel,
    AlertType,
    DeliveryStatus,
    Phase,
    ReportType,
    Severity,
    TherapeuticArea,
    WebhookEvent,
)

MADE_UP = "made up"
_COUNTED = {
    "companies": Company,
    "drug candidates": DrugCandidate,
    "signals": Signal,
    "scores": MAScore,
    "matches": AcquirerMatch,
    "reports": Report,
    "alerts": Alert,
    "webhooks": Webhook,
    "clients": ApiClient,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One made-up company. Amounts in millions of US dollars; scores: the total 100, 40 and 5 days ago, and today."""

    ticker: str
    name: str
    area: TherapeuticArea
    market_cap: int
    cash: int
    burn: int
    debt: int
    drug: str
    phase: Phase
    indication: str
    scores: tuple[float, float, float, float]


TARGETS = (
    Sample(
        "EX.ONC", "Example Oncology (made up)", TherapeuticArea.ONCOLOGY, 1500, 180, 60, 40,
        "exampletinib (made up)", Phase.PHASE_3, "a solid tumour", (58.0, 66.5, 74.0, 85.5),
    ),
    Sample(
        "EX.NEURO", "Example Neurology (made up)", TherapeuticArea.NEUROLOGY, 640, 310, 45, 0,
        "examplezumab (made up)", Phase.PHASE_2, "a disease of the brain", (52.0, 51.0, 50.5, 49.75),
    ),
    Sample(
        "EX.RARE", "Example Rare Diseases (made up)", TherapeuticArea.RARE_DISEASE, 2300, 900, 70, 250,
        "examplecel (made up)", Phase.NDA_BLA, "an inherited disease", (70.0, 72.0, 71.5, 72.25),
    ),
    Sample(
        "EX.EYE", "Example Eyes (made up)", TherapeuticArea.OPHTHALMOLOGY, 95, 12, 8, 5,
        "exampledrops (made up)", Phase.PHASE_1_2, "a disease of the retina", (33.0, 30.0, 28.0, 21.0),
    ),
)  # fmt: skip
ACQUIRERS = (("EX.PHARMA", "Example Pharma (made up)", 9.0), ("EX.GLOBAL", "Example Global Health (made up)", 6.5))
_MILLION = 1_000_000
_SCORED_DAYS_AGO = (100, 40, 5, 0)


def load_samples(session: Session) -> dict[str, int]:
    """Add the samples unless they are there already, hidden or not. Returns how many rows of each kind were added."""
    first = select(Company.id).where(Company.ticker == TARGETS[0].ticker)
    if session.scalars(first, execution_options={"include_deleted": True}).first() is not None:
        return dict.fromkeys(_COUNTED, 0)
    before = _counts(session)
    now = now_of(session)
    companies = [_add_target(session, sample, now) for sample in TARGETS]
    _add_news(session, companies[0], now)
    _add_listeners(session, companies[0], now)
    ScoreRepository(session).update_percentile_ranks()
    return {noun: count - before[noun] for noun, count in _counts(session).items()}


def _add_target(session: Session, sample: Sample, now: datetime) -> Company:
    company = CompanyRepository(session).create(
        ticker=sample.ticker,
        name=sample.name,
        market_cap_usd=sample.market_cap * _MILLION,
        cash_position_usd=sample.cash * _MILLION,
        quarterly_burn_rate_usd=sample.burn * _MILLION,
        total_debt_usd=sample.debt * _MILLION,
        therapeutic_areas=[sample.area],
        metadata={"origin": MADE_UP},
    )
    DrugCandidateRepository(session).create(
        company_id=company.id,
        name=sample.drug,
        phase=sample.phase,
        indication=sample.indication,
        mechanism=MADE_UP,
        therapeutic_area=sample.area,
        patent_expiry=date(now.year + 9, 6, 30),
        next_milestone="readout",
        next_milestone_date=f"{now.year + 1}-Q2",
        market_potential_usd=sample.market_cap * _MILLION,
    )
    for days, total in zip(_SCORED_DAYS_AGO, sample.scores, strict=True):
        ScoreRepository(session).create(
            company_id=company.id,
            total_score=total,
            pipeline_score=total,
            financial_score=total,
            score_date=now - timedelta(days=days),
            key_drivers=[f"{sample.phase} asset"],
            metadata={"origin": MADE_UP},
        )
    matches = [
        AcquirerMatch(
            acquirer_ticker=ticker,
            acquirer_name=name,
            strategic_fit_score=fit,
            therapeutic_overlap_score=fit,
            match_score=10 * fit,
            estimated_premium_pct=30,
            synergy_rationale=MADE_UP,
        )
        for ticker, name, fit in ACQUIRERS
    ]
    AcquirerMatchRepository(session).replace_matches(company.id, matches)
    return company


def _add_news(session: Session, company: Company, now: datetime) -> None:
    signals = SignalRepository(session)
    signals.create(
        company_id=company.id,
        signal_type="sec_filing",
        event_date=now - timedelta(days=12),
        title="8-K filing: material agreement (made up)",
        severity=Severity.HIGH,
        signal_data={"filing_type": "8-K", "url": "https://example.com/8-k"},
        source="sample",
        external_id="1",
    )
    signals.create(
        company_id=company.id,
        signal_type="clinical_trial",
        event_date=now - timedelta(days=3),
        title="Phase 3 met its primary endpoint (made up)",
        severity=Severity.CRITICAL,
        ma_impact_score=8,
        signal_data={"trial_id": "NCT00000000", "phase": "phase_3", "status": "completed", "outcome": "positive"},
        source="sample",
        external_id="2",
    )
    ReportRepository(session).create(
        ReportType.DAILY_DIGEST, "Daily digest (made up)", now, companies_included=[company.ticker]
    )


def _add_listeners(session: Session, company: Company, now: datetime) -> None:
    # the key is shown to nobody: whoever needs one rotates it
    client = ClientRepository(session).create("Example Fund (made up)", contact_email="fund@example.com").client
    alerts = AlertRepository(session)
    alert = alerts.create_alert(
        "Likely targets (made up)",
        AlertType.SCORE_THRESHOLD,
        {"threshold": 80},
        client_id=client.id,
        company_tickers=[company.ticker],
    )
    latest = ScoreRepository(session).get_latest_by_company(company.id)
    assert latest is not None, "it was scored above"
    session.add(
        AlertTrigger(
            alert_id=alert.id,
            company_id=company.id,
            score_id=latest.id,
            triggered_at=now,
            reason=f"{company.ticker} reached {latest.total_score:g}, 80 or more",
            severity=AlertLevel.CRITICAL,
            dedupe_key=f"sample {alert.id}",
        )
    )
    alerts.update_alert_trigger(alert.id)
    webhook = alerts.create_webhook(
        "Example Fund", "https://example.com/hook", ["alert_triggered"], client_id=client.id
    )
    session.add(
        WebhookDelivery(
            webhook_id=webhook.id,
            event_id=new_id(),
            event_type=WebhookEvent.ALERT_TRIGGERED,
            company_id=company.id,
            position=1,
            body=canonical_json({"origin": MADE_UP}),
            status=DeliveryStatus.DELIVERED,
            attempts=1,
            next_attempt_at=now,
            delivered_at=now,
            response_status=204,
        )
    )
    session.flush()


def _counts(session: Session) -> dict[str, int]:
    return {noun: session.scalar(select(func.count()).select_from(model)) or 0 for noun, model in _COUNTED.items()}
