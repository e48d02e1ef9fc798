"""What makes a customs inspection likely: kinds of product, words in its description, chapters, the shipper's past."""

from __future__ import annotations

from strongroom.systems.export_readiness.rules.constants.seeds import ESTIMATE
from strongroom.systems.export_readiness.rules.reference_rates import Constant

RED_FLAGS = [
    "chemical", "powder", "liquid", "explosive", "flammable", "hazardous", "toxic", "radioactive", "corrosive",
    "oxidizing",
    "weapon", "gun", "ammunition", "knife", "blade",
    "drug", "pharmaceutical", "medicine", "supplement", "tablet", "capsule", "injection", "vaccine", "antibiotic",
    "herbal", "ayurvedic", "organic", "natural", "extract", "oil", "essence", "tincture", "botanical",
    "dual-use", "military", "strategic", "encryption",
    "raw", "unpasteurized", "fermented", "live culture",
    "gold", "silver", "diamond", "precious", "jewelry",
    "battery", "lithium", "electronic", "semiconductor",
    "document", "plant", "soil", "pesticide", "fertilizer",
]  # fmt: skip

PRODUCT_TYPES = [
    "food", "beverage", "cosmetic", "pharmaceutical", "chemical", "supplement", "herbal", "ayurvedic", "medical device",
    "electronics", "battery", "agricultural", "textile", "jewelry", "precious metal", "dual-use technology",
]  # fmt: skip

HIGH_CHAPTERS = ["29", "30", "33", "38", "84", "85", "90", "93"]
MEDIUM_CHAPTERS = ["04", "07", "08", "09", "10", *map(str, range(15, 23)), "61", "62", "63", "71"]

_TIPS = [
    "Keep invoice, packing list and shipping bill consistent to the word",
    "Describe the goods in full: what they are, what of, what for",
    "Check the HS code with your customs broker before filing",
    "Keep certificates and test reports at hand for the examiner",
]

INSPECTION: tuple[Constant, ...] = (
    *ESTIMATE.numbers(
        "inspection", "percent points",
        {
            "base": "15", "product_type": "20", "red_flag": "5", "red_flags_max": "25", "chapter_high": "15",
            "chapter_medium": "8", "first_time": "10", "violations": "15", "high_value": "5", "clean_record": "-5",
            "floor": "0", "cap": "95",
        },
    ),
    *ESTIMATE.numbers("inspection", "USD", {"high_value_above": "50000"}),
    *ESTIMATE.numbers("inspection", "exports", {"clean_exports_above": "10"}),
    *ESTIMATE.numbers("inspection", "words", {"description_words_min": "5"}),
    ESTIMATE.bands("inspection", "level", "level", "from", {"50": "high", "30": "medium", "0": "low"}),
    ESTIMATE.table("inspection", "product_types", "words", items=PRODUCT_TYPES),
    ESTIMATE.table("inspection", "red_flag_keywords", "words", items=RED_FLAGS),
    ESTIMATE.table("inspection", "chapters_high", "chapters", items=HIGH_CHAPTERS),
    ESTIMATE.table("inspection", "chapters_medium", "chapters", items=MEDIUM_CHAPTERS),
    ESTIMATE.table("inspection_tips", "everybody", "list", items=_TIPS),
    ESTIMATE.table(
        "inspection_tips", "product_type", "list",
        items=["Attach the test report or licence that this kind of product needs"],
    ),
    ESTIMATE.table(
        "inspection_tips", "red_flag", "list",
        items=["Explain the words that draw attention, or attach a safety data sheet"],
    ),
    ESTIMATE.table(
        "inspection_tips", "chapter", "list", items=["Have the technical write-up of the goods ready for this chapter"]
    ),
    ESTIMATE.table(
        "inspection_tips", "first_time", "list",
        items=["Engage an experienced customs broker for the first shipment", "Begin with a small shipment"],
    ),
    ESTIMATE.table(
        "inspection_tips", "violations", "list",
        items=["Show what was changed since the last violation", "Consider Authorised Economic Operator status"],
    ),
    ESTIMATE.table(
        "inspection_tips", "high_value", "list", items=["Have proof of the value ready: purchase order and bank advice"]
    ),
    ESTIMATE.table(
        "inspection_tips", "vague", "list", items=["Write at least five words about the product: yours is vague"]
    ),
)  # fmt: skip
