"""What money is reckoned with: capital, credit, refunds, the calendar of payments, ways to bridge a gap; INR."""

from __future__ import annotations

from datetime import date

from strongroom.systems.export_readiness.rules.constants.seeds import ESTIMATE, Publication
from strongroom.systems.export_readiness.rules.reference_rates import Constant

GST_RATE = Publication("IGST, the most common rate; an over-estimate of what can be refunded", date(2017, 7, 1))
GST_ACT = Publication("CGST Act 2017, sections 54 and 56; CGST Rules 2017, rules 89, 91 and 96A", date(2017, 7, 1))
CREDIT = Publication(
    "Reserve Bank of India, Master Circular on Rupee / Foreign Currency Export Credit", date(2015, 7, 1)
)
RELIEF = Publication("Reserve Bank of India (Trade Relief Measures) Directions, 2025", date(2025, 11, 14))
RELIEF_ENDED = Publication("Reserve Bank of India (Trade Relief Measures) Directions, 2025: the end", date(2026, 4, 1))

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
    *ESTIMATE.numbers("credit_rate", "percent", {"Micro": "7.5", "Small": "8.0", "Medium": "8.5", "floor": "6.5"}),
    *ESTIMATE.numbers("credit_share", "percent", {"Micro": "80", "Small": "75", "Medium": "70", "cap": "90"}),
    *ESTIMATE.numbers("credit_rate", "percent points", {"banking_relationship": "-0.50"}),
    *ESTIMATE.numbers("credit_share", "percent points", {"banking_relationship": "5"}),
    ESTIMATE.bands("credit_rate", "history_months", "percent points", "from", {"12": "-0.50", "6": "-0.25", "0": "0"}),
    ESTIMATE.bands("credit_share", "history_months", "percent points", "from", {"12": "5", "0": "0"}),
    ESTIMATE.bands("credit_tenure", "history_months", "days", "from", {"12": "120", "6": "105", "0": "90"}),
    *CREDIT.numbers("credit_tenure", "days", {"usual_max": "180", "max": "360", "year": "365"}),
    *RELIEF.numbers("credit_tenure", "days", {"max": "450"}),
    *RELIEF_ENDED.numbers("credit_tenure", "days", {"max": "360"}),
    *ESTIMATE.numbers("credit_order", "INR", {"without_history_min": "50000"}),
    ESTIMATE.table("credit_requirements", "everybody", "list", items=_EVERYBODY),
    ESTIMATE.table("credit_requirements", "Medium", "list", items=["Audited accounts of the last 2 years"]),
    ESTIMATE.table(
        "credit_requirements", "first_time", "list", items=["Business plan", "Collateral or a third-party guarantee"]
    ),
    # goods and services tax
    *GST_RATE.numbers("gst", "percent", {"rate": "18"}),
    *ESTIMATE.numbers("gst", "days", {"timeline": "45", "timeline_min": "30", "timeline_max": "60"}),
    *GST_ACT.numbers("gst", "percent", {"provisional_share": "90", "interest": "6"}),
    *GST_ACT.numbers("gst", "days", {"provisional": "7", "final_order": "60", "year": "365"}),
    *GST_ACT.numbers("gst", "years", {"claim_within": "2"}),
    GST_ACT.table(
        "gst", "requirements", "list",
        items=[
            "Letter of undertaking (LUT) of the financial year",
            "Shipping bill",
            "Bank realisation certificate (BRC)",
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
    *ESTIMATE.numbers("mudra_tarun", "INR", {"max": "1000000"}),
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
