"""How well a buyer and a target suit each other, what the buyer might pay, and how likely it is to ask.

A transparent heuristic like the score: the constants are judgement, not fitted to past deals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

CENT = Decimal("0.01")
MATCH_SCORE_MIN = 40.0
TOP_RANK_MAX = 5
STRONG_FROM = 70.0

PREMIUM_BASE_PCT = 30.0
PREMIUM_URGENT_PCT = 20.0
PREMIUM_ALIGNED_PCT = 15.0
PREMIUM_MAX_PCT = 80.0
ALIGNED_FROM = 80.0

CLIFF_URGENT_YEARS = 3.0
CLIFF_FAR_YEARS = 10.0
DEALS_FULL = 5
#: what a buyer can borrow or issue for a deal, as a share of its market value
LEVERAGE = Decimal("0.25")

#: the valuation runs from half the premium to one and a half times it
LOW_PREMIUM, HIGH_PREMIUM = Decimal("0.5"), Decimal("1.5")

GEOGRAPHIC_SAME_PLACE, GEOGRAPHIC_SAME_COUNTRY, GEOGRAPHIC_UNKNOWN, GEOGRAPHIC_APART = 10.0, 8.0, 5.0, 3.0
US_STATES = frozenset(
    """al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or
    pa ri sc sd tn tx ut vt va wa wv wi wy dc""".split()  # noqa: SIM905 - fifty quoted items say less
)
_USA = frozenset({"us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"})


class PremiumTier(StrEnum):
    """What a premium means to those who know the market."""

    DISCOUNT = "discount"
    MINIMAL = "minimal"
    BELOW_AVERAGE = "below_average"
    AVERAGE = "average"
    ABOVE_AVERAGE = "above_average"
    HIGH = "high"
    EXTREME = "extreme"


#: the premium in per cent below which each tier lies
_PREMIUM_TIERS = (
    (0.0, PremiumTier.DISCOUNT),
    (20.0, PremiumTier.MINIMAL),
    (40.0, PremiumTier.BELOW_AVERAGE),
    (70.0, PremiumTier.AVERAGE),
    (100.0, PremiumTier.ABOVE_AVERAGE),
    (150.0, PremiumTier.HIGH),
)
#: the lowest match score of each likelihood
_LIKELIHOODS = ((80.0, 0.70), (70.0, 0.50), (60.0, 0.30), (50.0, 0.15))
LIKELIHOOD_MIN = 0.05


@dataclass(frozen=True, slots=True)
class Target:
    """The company that might be bought. best_phase_score: 0 to 10; enterprise value: in USD, may be negative."""

    ticker: str
    therapeutic_areas: frozenset[str]
    best_phase_score: float
    enterprise_value_usd: Decimal
    headquarters: str | None = None


@dataclass(frozen=True, slots=True)
class Acquirer:
    """Who might buy it. deals_in_five_years: takeovers it made; patent_cliff_years: until its main patent ends."""

    ticker: str
    name: str
    therapeutic_areas: frozenset[str]
    cash_usd: Decimal
    market_cap_usd: Decimal
    headquarters: str | None = None
    deals_in_five_years: int = 0
    patent_cliff_years: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """The five sub-scores of a pair, each 0 to 10."""

    strategic: float
    therapeutic: float
    financial: float
    geographic: float
    historical: float

    @property
    def overall(self) -> float:
        """0 to 100, two decimals: strategic and therapeutic 30 % each, financial 20 %, the others 10 % each."""
        tenths = (
            0.30 * (self.strategic + self.therapeutic)
            + 0.20 * self.financial
            + 0.10 * (self.geographic + self.historical)
        )
        return round(10 * tenths, 2)

    @property
    def alignment(self) -> float:
        """How well the two suit each other, money aside; 0 to 100."""
        return 5 * (self.strategic + self.therapeutic)


@dataclass(frozen=True, slots=True)
class Valuation:
    """What the target might go for, in USD. low <= base <= high."""

    low: Decimal
    base: Decimal
    high: Decimal

    def __str__(self) -> str:
        return f"{_billions(self.low)} to {_billions(self.high)}"


@dataclass(frozen=True, slots=True)
class Match:
    """A pair, judged. premium_pct: over the enterprise value; valuation: None where that is not positive."""

    target: Target
    acquirer: Acquirer
    fit: Fit
    premium_pct: float
    likelihood: float
    valuation: Valuation | None

    @property
    def score(self) -> float:
        """The overall fit, 0 to 100."""
        return self.fit.overall


def match(target: Target, acquirer: Acquirer) -> Match:
    """Judge one pair."""
    fit = fit_of(target, acquirer)
    premium = premium_pct(fit, acquirer.patent_cliff_years)
    return Match(
        target, acquirer, fit, premium, likelihood_of(fit.overall), valuation_of(target.enterprise_value_usd, premium)
    )


def best_matches(
    target: Target, acquirers: Iterable[Acquirer], *, min_score: float = MATCH_SCORE_MIN, limit: int | None = None
) -> list[Match]:
    """Best first, ties by ticker, so that the place in the list is the rank; nobody buys itself."""
    judged = (match(target, acquirer) for acquirer in acquirers if acquirer.ticker != target.ticker)
    fitting = [pair for pair in judged if pair.score >= min_score]
    return sorted(fitting, key=lambda pair: (-pair.score, pair.acquirer.ticker))[:limit]


T = TypeVar("T")


def ranked(best_first: Sequence[T]) -> list[tuple[int, bool, T]]:
    """Rank from 1 without gaps, whether it is one of the top five, and the match."""
    return [(rank, rank <= TOP_RANK_MAX, pair) for rank, pair in enumerate(best_first, 1)]


def fit_of(target: Target, acquirer: Acquirer) -> Fit:
    """The five sub-scores."""
    need = cliff_urgency(acquirer.patent_cliff_years)
    return Fit(
        strategic=_tenth(5 * need + target.best_phase_score / 2),
        therapeutic=therapeutic_overlap(target.therapeutic_areas, acquirer.therapeutic_areas),
        financial=financial_capacity(acquirer, target.enterprise_value_usd),
        geographic=geographic_fit(target.headquarters, acquirer.headquarters),
        historical=_tenth(10 * acquirer.deals_in_five_years / DEALS_FULL),
    )


def cliff_urgency(years: float | None) -> float:
    """1 when the buyer's main patent ends within three years, 0 from ten years on; 0 when unknown."""
    if years is None:
        return 0.0
    return max(0.0, min(1.0, (CLIFF_FAR_YEARS - years) / (CLIFF_FAR_YEARS - CLIFF_URGENT_YEARS)))


def therapeutic_overlap(target_areas: frozenset[str], acquirer_areas: frozenset[str]) -> float:
    """The share of the target's fields that the buyer works in, 0 to 10."""
    return _tenth(10 * len(target_areas & acquirer_areas) / len(target_areas)) if target_areas else 0.0


def financial_capacity(acquirer: Acquirer, enterprise_value_usd: Decimal) -> float:
    """10 when cash and a quarter of the buyer's own value pay for the target with the basic premium."""
    price = enterprise_value_usd * (100 + Decimal(PREMIUM_BASE_PCT)) / 100
    means = acquirer.cash_usd + LEVERAGE * acquirer.market_cap_usd
    return 10.0 if means >= price else _tenth(float(10 * means / price))


def geographic_fit(one: str | None, other: str | None) -> float:
    """10 in the same place, 8 in the same country, 3 apart, 5 when either is unknown; as in "Boston, MA"."""
    if not one or not other or not one.strip() or not other.strip():
        return GEOGRAPHIC_UNKNOWN
    if one.strip().casefold() == other.strip().casefold():
        return GEOGRAPHIC_SAME_PLACE
    return GEOGRAPHIC_SAME_COUNTRY if _country(one) == _country(other) else GEOGRAPHIC_APART


def premium_pct(fit: Fit, patent_cliff_years: float | None) -> float:
    """30, more for a buyer in a hurry (20) and for a close fit (15); at most 80."""
    premium = PREMIUM_BASE_PCT
    if patent_cliff_years is not None and patent_cliff_years <= CLIFF_URGENT_YEARS:
        premium += PREMIUM_URGENT_PCT
    if fit.alignment >= ALIGNED_FROM:
        premium += PREMIUM_ALIGNED_PCT
    return min(premium, PREMIUM_MAX_PCT)


def premium_tier(premium: float) -> PremiumTier:
    """The tier of a premium in per cent; each begins where the one before it ends."""
    return next((tier for below, tier in _PREMIUM_TIERS if premium < below), PremiumTier.EXTREME)


def likelihood_of(score: float) -> float:
    """0.05 to 0.70: how often a match of 0 to 100 is expected to become a deal. A guess in steps, not a probability."""
    return next((likelihood for least, likelihood in _LIKELIHOODS if score >= least), LIKELIHOOD_MIN)


def is_strong(score: float) -> bool:
    """Whether a match of 0 to 100 is a strong one."""
    return score >= STRONG_FROM


def valuation_of(enterprise_value_usd: Decimal, premium: float) -> Valuation | None:
    """Enterprise value and premium, to the cent; None where the value is not positive."""
    if enterprise_value_usd <= 0:
        return None
    share = Decimal(str(premium)) / 100
    low, base, high = (
        (enterprise_value_usd * (1 + share * part)).quantize(CENT, ROUND_HALF_UP)
        for part in (LOW_PREMIUM, Decimal(1), HIGH_PREMIUM)
    )
    return Valuation(low, base, high)


def _country(place: str) -> str:
    last = place.rsplit(",", 1)[-1].strip().casefold()
    return "usa" if last in US_STATES or last in _USA else last


def _billions(amount: Decimal) -> str:
    return f"${(amount / 10**9).quantize(CENT, ROUND_HALF_UP):,}B"


def _tenth(score: float) -> float:
    return round(max(0.0, min(10.0, score)), 2)
