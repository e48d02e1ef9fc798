"""What others found out about a product, as it is sent before the product is judged."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from strongroom.kernel.web import NumberIn, RequestBody
from strongroom.systems.export_readiness.rules.evidence import (
    Evidence,
    HsGuess,
    PastRejection,
    RejectionSourceEnum,
    RestrictedSubstance,
    Source,
)
from strongroom.systems.export_readiness.schemas.bodies import Line255, Line500, Text

ITEMS_MAX = 50


class HsGuessIn(RequestBody):
    """A code that fits."""

    code: str = Field(max_length=20, examples=["0910.30"])
    confidence: NumberIn = Field(ge=0, le=100, examples=["85.5"])
    description: Text = ""


class RestrictedSubstanceIn(RequestBody):
    """A substance of the product that the destination restricts."""

    name: Line255
    reason: Text = ""
    regulation: Text = ""


class PastRejectionIn(RequestBody):
    """A shipment of such a product that was turned back."""

    source: RejectionSourceEnum
    product: Line255
    reason: Text = ""
    rejected_on: date | None = None


class SourceIn(RequestBody):
    """A text that was looked up."""

    title: Line255
    source: Text = ""
    excerpt: Text = ""
    url: Annotated[Line500, Field(pattern=r"^https?://")] | None = None
    relevance: NumberIn | None = Field(default=None, ge=0, le=1, examples=["0.75"])


class EvidenceIn(RequestBody):
    """What is known; codes that are left out are looked up by the product's name."""

    hs_codes: list[HsGuessIn] = Field(default=[], max_length=ITEMS_MAX)
    restricted_substances: list[RestrictedSubstanceIn] = Field(default=[], max_length=ITEMS_MAX)
    past_rejections: list[PastRejectionIn] = Field(default=[], max_length=ITEMS_MAX)
    retrieved_sources: list[SourceIn] = Field(default=[], max_length=ITEMS_MAX)

    def as_evidence(self) -> Evidence:
        """The same for those who judge."""
        return Evidence(
            hs_codes=tuple(HsGuess(**dict(one)) for one in self.hs_codes),
            restricted_substances=tuple(RestrictedSubstance(**dict(one)) for one in self.restricted_substances),
            past_rejections=tuple(PastRejection(**dict(one)) for one in self.past_rejections),
            retrieved_sources=tuple(Source(**dict(one)) for one in self.retrieved_sources),
        )
