"""What documents are checked against: currencies, the words that customs look for, how far a sum may be off."""

from __future__ import annotations

from strongroom.systems.export_readiness.rules.constants.seeds import ESTIMATE
from strongroom.systems.export_readiness.rules.reference_rates import Constant

CURRENCIES = ["USD", "EUR", "GBP", "INR", "AED", "SGD", "JPY", "CNY", "AUD", "CAD"]

HIGH_WORDS = ["explosive", "radioactive", "narcotic", "weapon", "ammunition", "military", "nuclear", "missile"]
MEDIUM_WORDS = [
    "chemical", "hazardous", "toxic", "flammable", "pharmaceutical", "drone", "encryption", "surveillance",
]  # fmt: skip
LOW_WORDS = [
    "corrosive", "biohazard", "pesticide", "drug", "defense", "ivory", "wildlife", "endangered", "antique", "artifact",
    "cultural", "gold", "diamond", "jewelry", "precious", "gemstone", "satellite", "laser", "meat", "dairy", "seafood",
    "poultry", "egg", "honey", "document", "plant", "soil", "fertilizer", "animal", "restricted", "prohibited",
    "controlled", "regulated", "sanctioned",
]  # fmt: skip

DOCUMENTS: tuple[Constant, ...] = (
    ESTIMATE.table("documents", "currencies", "ISO 4217", items=CURRENCIES),
    *ESTIMATE.numbers("documents", "of the currency", {"total_tolerance": "0.01"}),
    ESTIMATE.table("customs_words", "high", "words", items=HIGH_WORDS),
    ESTIMATE.table("customs_words", "medium", "words", items=MEDIUM_WORDS),
    ESTIMATE.table("customs_words", "low", "words", items=LOW_WORDS),
)
