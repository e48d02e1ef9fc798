"""Claims about what signals carry."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.payloads import PAYLOADS, normalise_payload, normalise_signal_type

GOOD: list[tuple[str, dict[str, Any]]] = [
    (
        "clinical_trial",
        {
            "trial_id": "NCT01234567",
            "phase": "phase_3",
            "status": "completed",
            "outcome": "positive",
            "drug_name": "ABC-101",
            "enrollment": 412,
            "primary_endpoint_met": True,
        },
    ),
    (
        "patent",
        {
            "patent_id": "US1",
            "filing_date": "2020-01-01",
            "expiry_date": "2040-01-01",
            "is_composition": True,
            "litigation_active": False,
            "drug_coverage": ["ABC-101"],
        },
    ),
    (
        "insider_transaction",
        {
            "transaction_type": "purchase",
            "insider_role": "ceo",
            "shares": 1000,
            "price_per_share": "12.50",
            "transaction_date": "2026-01-05",
            "filing_date": "2026-01-05",
            "is_10b5_1_plan": False,
        },
    ),
    ("hiring", {"role": "Chief Business Officer", "seniority": "c_suite", "is_new_position": True}),
    ("financial", {"event_type": "10-Q", "cash_position_usd": 250_000_000, "going_concern_warning": True}),
    ("sec_filing", {"filing_type": "8-K", "url": "https://..."}),
    ("fda_approval", {"drug_name": "ABC-101", "indication": "melanoma", "designation_type": "accelerated"}),
]


@pytest.mark.parametrize(("signal_type", "data"), GOOD, ids=[kind for kind, _ in GOOD])
def test_a_payload_that_keeps_to_its_type_comes_back_as_it_went_in(signal_type: str, data: dict[str, Any]) -> None:
    assert normalise_payload(signal_type, data) == data


def test_every_known_type_has_an_example_here() -> None:
    assert {kind for kind, _ in GOOD} == set(PAYLOADS)


@pytest.mark.parametrize(
    ("signal_type", "data", "field"),
    [
        ("clinical_trial", {"trial_id": "NCT1"}, "trial_id"),
        ("clinical_trial", {"phase": "phase_9"}, "phase"),
        ("clinical_trial", {"outcome": "splendid"}, "outcome"),
        ("clinical_trial", {"enrollment": -1}, "enrollment"),
        ("clinical_trial", {"enrollment": True}, "enrollment"),
        ("clinical_trial", {"primary_endpoint_met": "yes"}, "primary_endpoint_met"),
        ("clinical_trial", {"drug_name": " "}, "drug_name"),
        ("patent", {"filing_date": "2040-01-01", "expiry_date": "2040-01-01"}, "expiry_date"),
        ("patent", {"expiry_date": "soon"}, "expiry_date"),
        ("patent", {"drug_coverage": "ABC-101"}, "drug_coverage"),
        ("insider_transaction", {"transaction_date": "2026-01-06", "filing_date": "2026-01-05"}, "filing_date"),
        ("insider_transaction", {"price_per_share": 12.5}, "price_per_share"),
        ("insider_transaction", {"price_per_share": "NaN"}, "price_per_share"),
        ("insider_transaction", {"shares": -1}, "shares"),
        ("insider_transaction", {"transaction_type": "theft"}, "transaction_type"),
        ("insider_transaction", {"insider_role": "cleaner"}, "insider_role"),
        ("hiring", {"seniority": "emperor"}, "seniority"),
        ("financial", {"cash_position_usd": "lots"}, "cash_position_usd"),
        ("sec_filing", {"url": "javascript:alert(1)"}, "url"),
        ("sec_filing", {"filing_type": 8}, "filing_type"),
    ],
)
def test_a_payload_that_breaks_a_rule_is_refused_by_the_name_of_its_field(
    signal_type: str, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        normalise_payload(signal_type, data)
    assert refused.value.facts["field"] == f"signal_data.{field}"


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(InvalidValue) as refused:
        normalise_payload("clinical_trial", {"trial_id": "a secret"})
    assert "secret" not in str(refused.value)


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_a_type_nobody_has_described_carries_what_it_likes(data: dict[str, Any]) -> None:
    assert normalise_payload("test_signal", data) == data


def test_fields_we_do_not_know_stay() -> None:
    assert normalise_payload("sec_filing", {"accession": 7}) == {"accession": 7}


def test_other_names_of_a_field_become_ours() -> None:
    assert normalise_payload("clinical_trial", {"nct_id": "nct01234567"}) == {"trial_id": "NCT01234567"}


@pytest.mark.parametrize("names", [("trial_id", "nct_id"), ("nct_id", "trial_id")])
def test_a_field_given_under_two_names_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue, match=r"signal_data\.trial_id: is given twice"):
        normalise_payload("clinical_trial", dict.fromkeys(names, "NCT01234567"))


def test_a_payload_is_ready_for_json() -> None:
    data = {"price_per_share": Decimal("12.50"), "transaction_date": date(2026, 1, 5), "shares": Decimal(3)}
    payload = normalise_payload("insider_transaction", data)
    assert json.loads(json.dumps(payload)) == {
        "price_per_share": "12.50",
        "transaction_date": "2026-01-05",
        "shares": "3",
    }


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_a_payload_that_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(InvalidValue, match="signal_data"):
        normalise_payload("test_signal", data)


@pytest.mark.parametrize(
    ("given_type", "ours"),
    [
        ("insider_trading", "insider_transaction"),
        (" SEC_Filing ", "sec_filing"),
        ("test_signal", "test_signal"),
        ("x" * 50, "x" * 50),
    ],
)
def test_types_have_one_name_each(given_type: str, ours: str) -> None:
    assert normalise_signal_type(given_type) == ours


@pytest.mark.parametrize("bad", ["", "8k", "sec filing", "_x", "x" * 51, "é", None, 7, "a\n"[:1] + "-b"])
def test_what_is_no_word_is_no_type(bad: Any) -> None:
    with pytest.raises(InvalidValue, match="signal_type"):
        normalise_signal_type(bad)


@given(st.sampled_from(sorted(PAYLOADS)), st.dictionaries(st.text(max_size=5), st.integers() | st.text()), st.data())
def test_reading_a_payload_again_changes_nothing(signal_type: str, extra: dict[str, Any], data: st.DataObject) -> None:
    example = dict(GOOD)[signal_type]
    chosen = data.draw(st.sets(st.sampled_from(sorted(example))))
    once = normalise_payload(signal_type, {name: example[name] for name in chosen})
    assert normalise_payload(signal_type, once) == once
