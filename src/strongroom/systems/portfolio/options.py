"""What a fund decides for itself. settings.py fills it in."""

from __future__ import annotations

from dataclasses import dataclass, field

from strongroom.systems.portfolio.rules.alerts import AlertThresholds


@dataclass(frozen=True, slots=True)
class PortfolioOptions:
    """alerts: from which figures on a company is pointed out."""

    alerts: AlertThresholds = field(default_factory=AlertThresholds)


DEFAULTS = PortfolioOptions()
