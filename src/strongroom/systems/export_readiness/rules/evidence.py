"""What others found out about a product before it is judged: its code, substances, rejections, sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum


class RejectionSourceEnum(Enum):
    """Who publishes rejections at the border."""

    FDA = "FDA"
    EU_RASFF = "EU_RASFF"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class HsGuess:
    """A code that fits. confidence: 0 to 100."""

    code: str
    confidence: Decimal
    description: str = ""


@dataclass(frozen=True, slots=True)
class RestrictedSubstance:
    """A substance of the product that the destination restricts."""

    name: str
    reason: str = ""
    regulation: str = ""


@dataclass(frozen=True, slots=True)
class PastRejection:
    """A shipment of such a product that was turned back."""

    source: RejectionSourceEnum
    product: str
    reason: str = ""
    rejected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was looked up. relevance: 0 to 1."""

    title: str
    source: str = ""
    excerpt: str = ""
    url: str | None = None
    relevance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """hs_codes: most likely first; none: they are looked up by the product's name."""

    hs_codes: tuple[HsGuess, ...] = ()
    restricted_substances: tuple[RestrictedSubstance, ...] = ()
    past_rejections: tuple[PastRejection, ...] = ()
    retrieved_sources: tuple[Source, ...] = ()
