"""All that one score is made from, in one value that is stored beside it, so that the score can be computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from strongroom.systems.biotech.rules.components import (
    Asset,
    financial_score,
    patent_score,
    pipeline_score,
    signal_score,
    strategic_fit_score,
)
from strongroom.systems.biotech.rules.enums import Component


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a company at one moment. pressures: see `evidence.pressures`; best_match: 0 to 100."""

    assets: tuple[Asset, ...] = ()
    runway_quarters: float | None = None
    cash_usd: Decimal = Decimal(0)
    market_cap_usd: Decimal = Decimal(0)
    therapeutic_areas: tuple[str, ...] = ()
    best_match: float | None = None
    pressures: Mapping[Component, float] = field(default_factory=dict)

    def components(self) -> dict[Component, float | None]:
        """The six components, 0 to 100 each, None where nothing is known."""
        pressure = {part: self.pressures.get(part, 0.0) for part in Component}
        return {
            Component.PIPELINE: pipeline_score(self.assets, pressure[Component.PIPELINE]),
            Component.PATENT: patent_score(self.assets, pressure[Component.PATENT]),
            Component.FINANCIAL: financial_score(
                self.runway_quarters, self.cash_usd, self.market_cap_usd, pressure[Component.FINANCIAL]
            ),
            Component.INSIDER: signal_score(self.pressures.get(Component.INSIDER)),
            Component.STRATEGIC_FIT: strategic_fit_score(
                self.therapeutic_areas, self.market_cap_usd, self.best_match, pressure[Component.STRATEGIC_FIT]
            ),
            Component.REGULATORY: signal_score(self.pressures.get(Component.REGULATORY)),
        }

    def to_document(self) -> dict[str, Any]:
        """The facts as JSON, exact: `from_document` gives them back."""
        return {
            "assets": [asdict(asset) for asset in self.assets],
            "runway_quarters": self.runway_quarters,
            "cash_usd": str(self.cash_usd),
            "market_cap_usd": str(self.market_cap_usd),
            "therapeutic_areas": list(self.therapeutic_areas),
            "best_match": self.best_match,
            "pressures": {part.value: pressure for part, pressure in self.pressures.items()},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Facts:
        """The facts of a stored score; what else the document says is passed over."""
        return cls(
            assets=tuple(Asset(**asset) for asset in document["assets"]),
            runway_quarters=document["runway_quarters"],
            cash_usd=Decimal(document["cash_usd"]),
            market_cap_usd=Decimal(document["market_cap_usd"]),
            therapeutic_areas=tuple(document["therapeutic_areas"]),
            best_match=document["best_match"],
            pressures={Component(part): pressure for part, pressure in document["pressures"].items()},
        )
