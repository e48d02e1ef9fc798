"""What getting ready to export costs and how long it takes, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.systems.export_readiness.rules.amounts import RUPEE, rounded
from strongroom.systems.export_readiness.rules.certifications import Certification, longest_days, total_cost
from strongroom.systems.export_readiness.rules.reference_rates import Rates


@dataclass(frozen=True, slots=True)
class Costs:
    """INR; total is the sum of the three."""

    certifications: Decimal
    documentation: Decimal
    logistics: Decimal
    total: Decimal
    currency: str = RUPEE


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the way, one after the other."""

    phase: str
    days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on the way. first_day, last_day: from the beginning, which is day 1."""

    title: str
    category: str
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """estimated_days: the sum of the phases."""

    estimated_days: int
    breakdown: tuple[Phase, ...]


def estimate_costs(certifications: tuple[Certification, ...], rates: Rates) -> Costs:
    """The middle of each certification's cost, documents and logistics."""
    of_certifications = total_cost(certifications)
    documentation = rounded(rates.value("report_estimate", "documentation_cost"))
    logistics = rounded(rates.value("report_estimate", "logistics_cost"))
    return Costs(of_certifications, documentation, logistics, of_certifications + documentation + logistics)


def estimate_timeline(certifications: tuple[Certification, ...], rates: Rates) -> Timeline:
    """Documents, then the certifications side by side, then logistics."""
    phases = (
        Phase("documentation", int(rates.value("report_estimate", "documentation_days"))),
        Phase("certification", longest_days(certifications)),
        Phase("logistics", int(rates.value("report_estimate", "logistics_days"))),
    )
    return Timeline(sum(phase.days for phase in phases), phases)


def compliance_roadmap(certifications: tuple[Certification, ...], rates: Rates) -> tuple[Step, ...]:
    """The same as steps: each certification begins when the documents are ready."""
    documents, slowest, logistics = (phase.days for phase in estimate_timeline(certifications, rates).breakdown)
    ready = documents + slowest
    return (
        Step("Prepare the export documents", "documentation", 1, documents),
        *(
            Step(certification.name, "certification", documents + 1, documents + certification.days)
            for certification in certifications
        ),
        Step("Book freight, customs broker and insurance", "logistics", ready + 1, ready + logistics),
    )
