"""What money is reckoned with: capital, credit, refunds, the calendar of payments, ways to bridge a gap; INR."""

from __future__ import annotations

from datetime import date

from strongroom.systems.export_readiness.rules.constants.seeds import ESTIMATE, Publication
from strongroom.systems.export_readiness.rules.reference_rates import Constant

GST_RATE = Publication(
    "IGST: one of four rates, since 22 September 2025 the standard one; much is taxed less, so it is an over-estimate",
    date(2017, 7, 1),
)
GST_ACT = Publication("CGST Act 2017, section 54 (1), (6) and (7); CGST Rules 2017, rule 91 (2)", date(2017, 7, 1))
GST_RISK = Publication(
    f"{GST_ACT.source}, as amended by Notification 13/2025-Central Tax: where the system sees little risk",
    date(2025, 10, 1),
)
GST_INTEREST = Publication("CGST Act 2017, section 56; Notification 13/2017-Central Tax", date(2017, 7, 1))
GST_PAPERS = Publication(
    "list of this program; CBIC Circular 37/11/2018-GST asks for a BRC or FIRC with claims for services only",
    date(2017, 7, 1),
)
DAYS_OF_YEAR = Publication("convention of this program for interest by the day", date(2015, 7, 1))
CREDIT = Publication(
    "Reserve Bank of India, Master Circular on Rupee / Foreign Currency Export Credit and Customer Service to "
    "Exporters of 1 July 2015 (RBI/2015-16/47), 1.1.2",
    date(2015, 7, 1),
)
LENDING = ESTIMATE.noting(
    "the press told of 9.5 to 12.5 for small exporters in January 2026, before a subvention of 2.75 for listed goods"
)
_RELIEF = "Reserve Bank of India (Trade Relief Measures) Directions, 2025 (RBI/2025-26/96), for borrowers they name"
RELIEF = Publication(f"{_RELIEF}, disbursed until 31 March 2026", date(2025, 11, 14))
RELIEF_EXTENDED = Publication(
    f"{_RELIEF}; extended to what is disbursed until 30 June 2026, as the press reports: compare with the original",
    date(2026, 4, 1),
)
RELIEF_ENDED = Publication(
    f"{CREDIT.source}; no relief is known here after 30 June 2026: compare with the Directions in force",
    date(2026, 7, 1),
)
MUDRA = Publication(
    "Pradhan Mantri Mudra Yojana: Tarun; since 24 October 2024 Tarun Plus lends up to 2,000,000 to those who have "
    "repaid a Tarun loan",
    date(2015, 4, 8),
)

_EVERYBODY = [
    "Confirmed export order or letter of credit",
    "GST registration and IEC",
    "Current account with the bank",
    "KYC documents of the business and its owners",
    "Bank statements of the last 6 months",
]

FINANCE: tuple[Constant, ...] = (
    *ESTIMATE.numbers("product_cost", "INR", {"without_volume": "100000", "unit_price": "1000"}),
    *ESTIMATE.numbers("working_capital", "percent", {"buffer": "15"}),
    # pre-shipment credit
    *LENDING.numbers("credit_rate", "percent", {"Micro": "7.5", "Small": "8.0", "Medium": "8.5", "floor": "6.5"}),
    *ESTIMATE.numbers("credit_share", "percent", {"Micro": "80", "Small": "75", "Medium": "70", "cap": "90"}),
    *ESTIMATE.numbers("credit_rate", "percent points", {"banking_relationship": "-0.50"}),
    *ESTIMATE.numbers("credit_share", "percent points", {"banking_relationship": "5"}),
    ESTIMATE.bands("credit_rate", "history_months", "percent points", "from", {"12": "-0.50", "6": "-0.25", "0": "0"}),
    ESTIMATE.bands("credit_share", "history_months", "percent points", "from", {"12": "5", "0": "0"}),
    ESTIMATE.bands("credit_tenure", "history_months", "days", "from", {"12": "120", "6": "105", "0": "90"}),
    *CREDIT.numbers("credit_tenure", "days", {"usual_max": "180", "max": "360"}),
    *RELIEF.numbers("credit_tenure", "days", {"max": "450"}),
    *RELIEF_EXTENDED.numbers("credit_tenure", "days", {"max": "450"}),
    *RELIEF_ENDED.numbers("credit_tenure", "days", {"max": "360"}),
    *DAYS_OF_YEAR.numbers("credit_tenure", "days", {"year": "365"}),
    *ESTIMATE.numbers("credit_order", "INR", {"without_history_min": "50000"}),
    ESTIMATE.table("credit_requirements", "everybody", "list", items=_EVERYBODY),
    ESTIMATE.table("credit_requirements", "Medium", "list", items=["Audited accounts of the last 2 years"]),
    ESTIMATE.table(
        "credit_requirements", "first_time", "list", items=["Business plan", "Collateral or a third-party guarantee"]
    ),
    # goods and services tax
    *GST_RATE.numbers("gst", "percent", {"rate": "18"}),
    *ESTIMATE.numbers("gst", "days", {"timeline": "45", "timeline_min": "30", "timeline_max": "60"}),
    *GST_ACT.numbers("gst", "percent", {"provisional_share": "90"}),
    *GST_ACT.numbers("gst", "days", {"provisional": "7", "final_order": "60"}),
    *GST_ACT.numbers("gst", "years", {"claim_within": "2"}),
    *GST_RISK.numbers("gst", "percent", {"provisional_share": "90"}),
    *GST_RISK.numbers("gst", "days", {"provisional": "7"}),
    *GST_INTEREST.numbers("gst", "percent", {"interest": "6"}),
    *DAYS_OF_YEAR.numbers("gst", "days", {"year": "365"}),
    GST_PAPERS.table(
        "gst", "requirements", "list",
        items=[
            "Letter of undertaking (LUT) of the financial year",
            "Shipping bill",
            "Bank realisation certificate (BRC), with the claim itself for services only",
            "Invoice and packing list",
            "GSTR-1 and GSTR-3B returns",
        ],
    ),
    # when money moves: days from the analysis
    *ESTIMATE.numbers(
        "cash_flow", "days",
        {
            "documentation": "3", "certification_first": "7", "certification_rest": "21", "production": "35",
            "logistics": "50", "customer_payment": "90", "rodtep_benefit": "105", "gst_refund": "120",
        },
    ),
    *ESTIMATE.numbers("cash_flow", "percent", {"certification_first_share": "30", "fob_of_total": "120"}),
    # ways to bridge a gap: share of the gap or rate a year
    *ESTIMATE.numbers("ecgc", "percent", {"share": "90", "rate": "0"}),
    *ESTIMATE.numbers("ecgc", "days", {"tenure_min": "0", "tenure_max": "180"}),
    *ESTIMATE.numbers("working_capital_loan", "percent", {"share": "100", "rate": "9.5"}),
    *ESTIMATE.numbers("working_capital_loan", "days", {"tenure_min": "365", "tenure_max": "365"}),
    *ESTIMATE.numbers("invoice_discounting", "percent", {"share": "80", "rate": "10.5"}),
    *ESTIMATE.numbers("invoice_discounting", "days", {"tenure_min": "30", "tenure_max": "90"}),
    *ESTIMATE.numbers("mudra_tarun", "percent", {"share": "100", "rate": "8.0"}),
    *ESTIMATE.numbers("mudra_tarun", "days", {"tenure_min": "365", "tenure_max": "1825"}),
    *MUDRA.numbers("mudra_tarun", "INR", {"max": "1000000"}),
    ESTIMATE.table(
        "bank_referrals", "banks", "list",
        items=[
            {"name": "State Bank of India", "short_name": "SBI"},
            {"name": "HDFC Bank", "short_name": "HDFC"},
            {"name": "ICICI Bank", "short_name": "ICICI"},
            {
                "name": "Small Industries Development Bank of India",
                "short_name": "SIDBI",
                "company_sizes": ["Micro", "Small"],
            },
        ],
    ),
    ESTIMATE.bands("hedging", "savings", "percent", "above", {"1000000": "2.5", "5000000": "3"}),
)  # fmt: skip
