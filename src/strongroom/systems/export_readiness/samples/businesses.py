"""The sample businesses and what they want to export. Made up; everything goes through the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword, hash_password
from strongroom.systems.export_readiness.imports.nomenclature import import_nomenclature
from strongroom.systems.export_readiness.models import (
    Base,
    ChatMessage,
    ChatSession,
    FinanceAnalysis,
    GeneratedDocument,
    HsCode,
    LogisticsAnalysis,
    ReferenceRate,
    Report,
    User,
)
from strongroom.systems.export_readiness.repositories import UserRepository
from strongroom.systems.export_readiness.rules import (
    BusinessTypeEnum,
    CertificationStatusEnum,
    CompanySizeEnum,
    DocumentTypeEnum,
)
from strongroom.systems.export_readiness.rules.answering import answer_from_passages
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.rules.evidence import Evidence, HsGuess
from strongroom.systems.export_readiness.services import (
    action_plan,
    assessment,
    certifications,
    chat,
    documents,
    finance,
    logistics,
    metrics,
    reference_rates,
    reports,
    users,
)
from strongroom.systems.export_readiness.services.logistics import LogisticsInputs

#: of every sample business; samples are refused in production
SAMPLE_PASSWORD = "Strongroom1"  # noqa: S105 - printed for newcomers
NOMENCLATURE = "harmonized_system.csv.gz"


@dataclass(frozen=True, slots=True)
class Business:
    """One made-up business."""

    email: str
    name: str
    business_type: BusinessTypeEnum
    company_size: CompanySizeEnum
    monthly_volume: Decimal | None = None


BUSINESSES = (
    Business(
        "spices@example.com",
        "Malabar Spice Works (sample)",
        BusinessTypeEnum.MANUFACTURING,
        CompanySizeEnum.MICRO,
        Decimal(1000),
    ),
    Business(
        "knitwear@example.com",
        "Noyyal Knit House (sample)",
        BusinessTypeEnum.MERCHANT,
        CompanySizeEnum.SMALL,
        Decimal(25000),
    ),
    Business("software@example.com", "Nila Software (sample)", BusinessTypeEnum.SAAS, CompanySizeEnum.SMALL),
)
_COUNTED: Mapping[str, type[Base]] = {
    "users": User,
    "reports": Report,
    "documents": GeneratedDocument,
    "conversations": ChatSession,
    "messages": ChatMessage,
    "analyses": FinanceAnalysis,
    "freight analyses": LogisticsAnalysis,
    "HS codes": HsCode,
    "constants": ReferenceRate,
}


def load_samples(session: Session) -> Mapping[str, int]:
    """Add the sample businesses if they are not there yet. Returns how many rows were added, by noun."""
    if UserRepository(session).get_user_by_email(BUSINESSES[0].email) is not None:
        return dict.fromkeys(_COUNTED, 0)
    before = _counts(session)
    import_nomenclature(session, read_nomenclature_file(), NOMENCLATURE)
    reference_rates.put_constants(session, CONSTANTS)
    password = NewPassword(hash_password(SAMPLE_PASSWORD))
    spices, knitwear, software = (_register(session, business, password) for business in BUSINESSES)
    _report_on_turmeric(session, spices)
    _report_on_shirts(session, knitwear)
    reports.create_report(
        session, software.id, product_name="Stock keeping for small shops", destination_country="Singapore"
    )
    return {noun: count - before[noun] for noun, count in _counts(session).items()}


def read_nomenclature_file() -> bytes:
    """The Harmonized System that ships with the program, gzipped CSV."""
    return (files(__package__) / NOMENCLATURE).read_bytes()


def _register(session: Session, business: Business, password: NewPassword) -> User:
    return users.register(
        session,
        email=business.email,
        password=password,
        business_type=business.business_type,
        company_size=business.company_size,
        company_name=business.name,
        monthly_volume=business.monthly_volume,
    )


def _report_on_turmeric(session: Session, user: User) -> None:
    """Completed, with everything that follows from a report."""
    report = reports.create_report(
        session,
        user.id,
        product_name="Organic turmeric powder",
        destination_country="United States",
        details={"ingredients": "Turmeric (Curcuma longa), nothing else", "payment_mode": "advance"},
        price_range="₹500-₹1500",
    )
    guess = HsGuess("0910.30", Decimal(92), "Spices; turmeric (curcuma)")
    assessment.assess_report(session, report.id, Evidence(hs_codes=(guess,)))
    finance.analyse_finance(session, report.id)
    logistics.analyse_logistics(session, report.id, LogisticsInputs(volume=Decimal(20)))
    certification = certifications.list_certifications(session, report.id)[0].certification_id
    certifications.mark_document(session, report.id, certification, "udyam-registration")
    certifications.set_status(session, report.id, certification, CertificationStatusEnum.COMPLETED)
    action_plan.set_task(session, report.id, "task_gst_lut", is_done=True)
    lut = {
        "lut_number": "SAMPLE-LUT-1",
        "exporter_gstin": "27AABCU9603R1ZN",
        "exporter_address": "1 Sample Road, Kochi",
    }
    documents.generate_document(session, report.id, DocumentTypeEnum.GST_LUT, lut)
    conversation = chat.start_conversation(session, report.id)
    question = chat.prepare_question(session, conversation.id, "Which certificate takes longest?")
    chat.store_exchange(session, question, answer_from_passages(question))


def _report_on_shirts(session: Session, user: User) -> None:
    """One that was completed, and one that failed."""
    shirts = reports.create_report(
        session,
        user.id,
        product_name="Knitted cotton T-shirts",
        destination_country="Germany",
        price_range="₹180-₹320",
        hs_code="6109.10",
    )
    assessment.assess_report(session, shirts.id)
    metrics.record_export(session, user.id)
    failed = reports.create_report(session, user.id, product_name="Printed scarves", destination_country="Japan")
    reports.fail_report(session, failed.id, "the description did not say what the scarves are made of")


def _counts(session: Session) -> dict[str, int]:
    return {noun: session.scalar(select(func.count()).select_from(model)) or 0 for noun, model in _COUNTED.items()}
