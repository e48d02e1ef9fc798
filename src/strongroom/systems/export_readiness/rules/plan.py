"""Seven days from a report to being ready: which task on which day, and what has to be done before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from strongroom.systems.export_readiness.rules.enums import TaskCategoryEnum as Category
from strongroom.systems.export_readiness.rules.requirements import Requirement

DAYS = range(1, 8)
CERTIFICATION_TASK = "task_cert_"
TITLE_MAX = 255

#: a certification that takes longer is begun within the week, not finished
_WEEK = 7
_PRIORITY = {"high": 0, "medium": 1, "low": 2}
_LUT, _HS_CODE, _DOCUMENTS = "task_gst_lut", "task_hs_code_confirmation", "task_document_preparation"
_ORIGIN, _BOOKING, _REVIEW = "task_certificate_of_origin", "task_freight_booking", "task_final_review"


@dataclass(frozen=True, slots=True)
class Task:
    """One task. day: 1 to 7. depends_on: ids of tasks of the same day or an earlier one."""

    id: str
    day: int
    title: str
    description: str
    category: Category
    depends_on: tuple[str, ...] = ()


_TASKS: tuple[Task, ...] = (
    Task(
        _LUT,
        1,
        "Furnish the GST letter of undertaking",
        "File form GST RFD-11 for this financial year, so that you export without paying IGST first.",
        Category.FINANCE,
    ),
    Task(
        _HS_CODE,
        1,
        "Confirm the HS code",
        "Compare the code of the report with the nomenclature, and put in the right one if it is another.",
        Category.DOCUMENTATION,
    ),
    Task(
        "task_iec_verification",
        1,
        "Verify the importer-exporter code",
        "See that the IEC is active at DGFT and was confirmed this year.",
        Category.DOCUMENTATION,
    ),
    Task(
        "task_bank_account_setup",
        1,
        "Set up the bank account for export",
        "Have the AD code of the account registered at the port you ship from.",
        Category.FINANCE,
    ),
    Task(
        _DOCUMENTS,
        4,
        "Prepare the export documents",
        "Write commercial invoice, packing list and the data of the shipping bill, and correct what the checks find.",
        Category.DOCUMENTATION,
        (_LUT, _HS_CODE),
    ),
    Task(
        _ORIGIN,
        5,
        "Ask for the certificate of origin",
        "Apply on the common digital platform; a trade agreement may lower what the buyer pays in duty.",
        Category.DOCUMENTATION,
        (_HS_CODE,),
    ),
    Task(
        "task_packaging_compliance",
        5,
        "Check packaging and labels",
        "Compare labels, languages and wood packaging (ISPM 15) with what the destination asks for.",
        Category.LOGISTICS,
    ),
    Task(
        "task_customs_broker",
        6,
        "Choose a customs broker",
        "Give a licensed broker authority to file the shipping bill for you.",
        Category.LOGISTICS,
    ),
    Task(
        _BOOKING,
        6,
        "Book the freight",
        "Compare forwarders for the mode and route the report recommends, and book.",
        Category.LOGISTICS,
        (_DOCUMENTS,),
    ),
    Task(
        "task_shipment_tracking",
        6,
        "Set up shipment tracking",
        "Take down booking and container number, and tell the buyer where to look.",
        Category.LOGISTICS,
        (_BOOKING,),
    ),
    Task(
        _REVIEW,
        7,
        "Look through everything once more",
        "Names, quantities and values must agree across all documents.",
        Category.DOCUMENTATION,
        (_DOCUMENTS, _ORIGIN),
    ),
    Task(
        "task_readiness_checklist",
        7,
        "Go through the readiness checklist",
        "Documents, booking, insurance, payment terms: tick off each before the goods leave.",
        Category.LOGISTICS,
        (_REVIEW, _BOOKING),
    ),
)
#: by task; one that is not named waits for nothing
DEPENDENCIES: Mapping[str, tuple[str, ...]] = MappingProxyType({task.id: task.depends_on for task in _TASKS})


def build_plan(requirements: Iterable[Requirement]) -> tuple[Task, ...]:
    """Every task, day by day; each of the seven days has one at least."""
    tasks = [*_TASKS, *_certification_tasks(sorted(requirements, key=_urgency))]
    tasks += [_placeholder(day) for day in DAYS if all(task.day != day for task in tasks)]
    return tuple(sorted(tasks, key=lambda task: task.day))


def open_dependencies(task_id: str, done: Collection[str]) -> tuple[str, ...]:
    """What has to be done first and is not."""
    return tuple(name for name in DEPENDENCIES.get(task_id, ()) if name not in done)


def _urgency(requirement: Requirement) -> tuple[int, float, str]:
    days = float("inf") if requirement.days is None else requirement.days
    return _PRIORITY.get(requirement.priority, 1), days, requirement.id


def _certification_tasks(requirements: Sequence[Requirement]) -> Iterable[Task]:
    first_half = (len(requirements) + 1) // 2
    for number, requirement in enumerate(requirements):
        is_interim = requirement.days is not None and requirement.days > _WEEK
        if is_interim:
            verb, what = "Apply for", f"Interim step: it takes about {requirement.days} days, so hand in what it needs."
        else:
            verb, what = "Obtain", "Hand in what it needs, and keep the certificate with the report."
        yield Task(
            f"{CERTIFICATION_TASK}{requirement.id}",
            2 if number < first_half else 3,
            f"{verb} {requirement.name}"[:TITLE_MAX],
            what,
            Category.CERTIFICATION,
        )


def _placeholder(day: int) -> Task:
    return Task(
        f"task_day{day}_placeholder",
        day,
        "Catch up",
        "Nothing new today: finish what the days before have left.",
        Category.DOCUMENTATION,
    )
