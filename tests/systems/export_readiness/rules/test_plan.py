"""The seven days, whatever a report asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.export_readiness.rules import CertificationTypeEnum, TaskCategoryEnum
from strongroom.systems.export_readiness.rules.plan import DAYS, DEPENDENCIES, build_plan, open_dependencies
from strongroom.systems.export_readiness.rules.requirements import Requirement, requirements_of


def requirement(identifier: str, days: int | None = 30, priority: str = "medium") -> Requirement:
    return Requirement(identifier, identifier.upper(), CertificationTypeEnum.OTHER, priority, days=days)


REQUIREMENTS = st.lists(
    st.builds(
        requirement,
        st.text("abc-", min_size=1, max_size=90),
        st.none() | st.integers(1, 3650),
        st.sampled_from(["high", "medium", "low"]),
    ),
    max_size=9,
    unique_by=lambda one: one.id,
)


@given(REQUIREMENTS)
def test_every_day_has_a_task_and_nothing_waits_for_a_later_day(requirements: list[Requirement]) -> None:
    plan = build_plan(requirements)
    day_of = {task.id: task.day for task in plan}
    assert {task.day for task in plan} == set(DAYS)
    assert len(day_of) == len(plan)
    assert [task.day for task in plan] == sorted(day_of.values())
    assert all(day_of[first] <= task.day for task in plan for first in task.depends_on)
    assert all(len(task.id) <= 100 and 0 < len(task.title) <= 255 for task in plan)
    assert sum(task.category is TaskCategoryEnum.CERTIFICATION for task in plan) == len(requirements)


def test_urgent_certifications_come_first_then_short_ones_and_the_first_half_on_day_two() -> None:
    plan = build_plan(
        [
            requirement("slow", 90),
            requirement("quick", 5),
            requirement("urgent", 120, "high"),
            requirement("unknown", None),
        ]
    )
    days = {task.id.removeprefix("task_cert_"): task.day for task in plan if task.id.startswith("task_cert_")}
    assert list(days.items()) == [("urgent", 2), ("quick", 2), ("slow", 3), ("unknown", 3)]


def test_a_single_certification_is_a_task_of_day_two_and_day_three_catches_up() -> None:
    plan = build_plan([requirement("only")])
    assert [task.id for task in plan if task.day in (2, 3)] == ["task_cert_only", "task_day3_placeholder"]


def test_what_takes_longer_than_a_week_is_called_an_interim_step() -> None:
    whole, interim = (task for task in build_plan([requirement("a", 8), requirement("b", 7)]) if "cert_" in task.id)
    assert "Interim step" in interim.description
    assert "8 days" in interim.description
    assert "Interim" not in whole.description


def test_the_tasks_of_a_day_and_what_they_wait_for_are_the_agreed_ones() -> None:
    plan = build_plan([])
    assert [task.id for task in plan if task.day == 6] == [
        "task_customs_broker",
        "task_freight_booking",
        "task_shipment_tracking",
    ]
    assert DEPENDENCIES["task_document_preparation"] == ("task_gst_lut", "task_hs_code_confirmation")
    assert open_dependencies("task_document_preparation", {"task_gst_lut"}) == ("task_hs_code_confirmation",)
    assert open_dependencies("task_cert_zed-certification", ()) == ()


def test_what_a_report_says_of_certifications_is_read_even_when_it_is_written_badly() -> None:
    data = {
        "certifications": [
            {
                "id": "ce-marking",
                "name": "CE marking",
                "type": "CE",
                "priority": "high",
                "is_mandatory": True,
                "days": 60,
            },
            {"id": "ce-marking", "name": "again"},
            {"id": " odd ", "name": "", "type": 7, "priority": "?", "days": "soon"},
            {"id": "x" * 91},
            {"id": None},
            "none",
        ],
        "subsidies": [
            {"certification_id": "ce-marking", "amount": "480.50"},
            {"certification_id": "odd", "amount": []},
        ],
    }
    first, second = requirements_of(data)
    assert (first.name, first.type, first.days, str(first.subsidy)) == (
        "CE marking",
        CertificationTypeEnum.CE,
        60,
        "480.50",
    )
    assert second == Requirement("odd", "odd", CertificationTypeEnum.OTHER)
    assert requirements_of({"certifications": "none"}) == ()
