"""What a report is judged by: points of risk, certifications and what they cost, subsidies."""

from __future__ import annotations

from datetime import date

from strongroom.systems.export_readiness.rules.constants.seeds import ESTIMATE, Publication
from strongroom.systems.export_readiness.rules.reference_rates import Constant

ZED = Publication("MSME Sustainable (ZED) Certification Scheme, Ministry of MSME", date(2022, 4, 28))
ZED_AFTER = Publication(
    f"{ZED.source}, approved until 31 March 2026; whether it goes on is to be compared with the original",
    date(2026, 4, 1),
)
EDF = Publication(
    "Foreign Exchange Management (Export and Import of Goods and Services) Regulations, 2026: the export declaration "
    "form (EDF) takes the place of SOFTEX; cost and days are an estimate of this program",
    date(2026, 10, 1),
)

_ZED_SHARES = {"Micro": "80", "Small": "60", "Medium": "50"}
_FOOD = [f"{chapter:02}" for chapter in range(1, 25)]


def _certification(by: Publication, identifier: str, name: str, /, **details: object) -> Constant:
    return by.table("certification", identifier, "INR", name=name, **details)


_SOFTWARE: dict[str, object] = {
    "type": "SOFTEX", "business_types": ["SaaS"],
    "is_mandatory": True, "priority": "medium", "cost_min": "5000", "cost_max": "10000", "days": "7",
}  # fmt: skip


ASSESSMENT: tuple[Constant, ...] = (
    *ESTIMATE.numbers("report_risk", "points", {"base": "10", "high_priority_certification": "10", "maximum": "100"}),
    ESTIMATE.bands("report_risk", "hs_confidence", "points", "below", {"50": "25", "70": "15", "85": "5"}),
    ESTIMATE.bands("report_risk", "mandatory_certifications", "points", "from", {"4": "20", "2": "12", "1": "5"}),
    ESTIMATE.bands("report_risk", "restricted_substances", "points", "from", {"3": "30", "1": "20"}),
    ESTIMATE.bands("report_risk", "past_rejections", "points", "from", {"3": "25", "1": "15"}),
    ESTIMATE.bands("report_risk", "certification_cost", "points", "above", {"200000": "10"}),
    ESTIMATE.bands("report_risk", "certification_days", "points", "above", {"90": "8"}),
    ESTIMATE.bands("report_risk", "severity", "level", "from", {"20": "high", "10": "medium", "0": "low"}),
    *ESTIMATE.numbers("report_estimate", "percent", {"alternatives_below": "70"}),
    *ESTIMATE.numbers("report_estimate", "INR", {"documentation_cost": "10000", "logistics_cost": "25000"}),
    *ESTIMATE.numbers("report_estimate", "days", {"documentation_days": "10", "logistics_days": "7"}),
    # destination: a country's code, or EU; chapters, business_types: any when left out
    _certification(
        ESTIMATE.noting("the FDA itself charges nothing, the cost is that of an agent in the United States"),
        "fda-food-facility", "FDA food facility registration", type="FDA", destination="US", chapters=_FOOD,
        is_mandatory=True, priority="high", cost_min="15000", cost_max="30000", days="30",
    ),
    _certification(
        ESTIMATE.noting("without the FDA's own fee, which is higher: 9,280 USD in its fiscal year 2025, every year"),
        "fda-medical-device", "FDA medical device registration", type="FDA", destination="US", chapters=["30", "90"],
        is_mandatory=True, priority="high", cost_min="50000", cost_max="200000", days="90",
    ),
    _certification(
        ESTIMATE.noting("only for what a directive or regulation of the Union asks it of"),
        "ce-marking", "CE marking", type="CE", destination="EU", chapters=["84", "85", "95"],
        is_mandatory=True, priority="high", cost_min="50000", cost_max="150000", days="60",
    ),
    _certification(
        ESTIMATE.noting("asked of the importer or an only representative, from one tonne of a substance a year on"),
        "reach-registration", "REACH registration", type="REACH", destination="EU", chapters=["28", "29", "38"],
        is_mandatory=True, priority="high", cost_min="100000", cost_max="500000", days="120",
    ),
    _certification(
        ESTIMATE, "bis-certification", "BIS certification", type="BIS", chapters=["84", "85"],
        is_mandatory=False, priority="medium", cost_min="30000", cost_max="80000", days="45",
    ),
    _certification(ESTIMATE, "softex", "SOFTEX declaration", **_SOFTWARE),
    _certification(EDF, "softex", "Export declaration (EDF), formerly SOFTEX", **_SOFTWARE),
    _certification(
        ESTIMATE, "zed-certification", "ZED certification", type="ZED", business_types=["Manufacturing"],
        is_mandatory=False, priority="medium", cost_min="20000", cost_max="100000", days="90",
    ),
    *ZED.numbers("subsidy zed-certification", "percent", _ZED_SHARES),
    *ZED_AFTER.numbers("subsidy zed-certification", "percent", _ZED_SHARES),
)  # fmt: skip
