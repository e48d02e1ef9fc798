"""Claims about ids, codes and addresses: what is one, how it is stored, how it is shown."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.errors import ReportStepRefused
from strongroom.systems.export_readiness.rules import (
    DOCUMENT,
    REPORT,
    ReportStatusEnum,
    dotted,
    normalise_email,
    normalise_hs_code,
    parse_id,
    shown_id,
)
from strongroom.systems.export_readiness.rules.hs_codes import ancestors_of, chapter_of
from strongroom.systems.export_readiness.rules.reports import CERTAIN, check_step, with_hs_code


@given(some.uuids())
def test_a_shown_id_is_read_again_and_no_other_kind_s(identifier: UUID) -> None:
    assert parse_id(shown_id(identifier, REPORT), REPORT) == identifier
    assert parse_id(str(identifier), REPORT) == parse_id(identifier, DOCUMENT) == identifier
    assert parse_id(shown_id(identifier, REPORT), DOCUMENT) is None


@given(some.text(max_size=60))
def test_no_text_is_too_strange_for_an_id(text: str) -> None:
    found = parse_id(text, REPORT)
    assert found is None or text.removeprefix(REPORT).lower() in (found.hex, str(found))


@given(some.from_regex(r"[0-9]{4,10}", fullmatch=True))
def test_a_code_shown_with_dots_is_the_same_code(code: str) -> None:
    assert normalise_hs_code(dotted(code)) == normalise_hs_code(f" {code} ") == code
    assert chapter_of(code) == ancestors_of(code)[-1] == code[:2]


@pytest.mark.parametrize(
    ("code", "shown"), [("0910", "0910"), ("091030", "0910.30"), ("09103020", "0910.30.20"), ("0910302", "0910.30.2")]
)
def test_dots_stand_after_the_heading(code: str, shown: str) -> None:
    assert dotted(code) == shown


@given(some.text(max_size=25))
def test_a_code_is_digits_or_refused(text: str) -> None:
    with suppress(InvalidValue):
        code = normalise_hs_code(text)
        assert code.isdigit()
        assert 4 <= len(code) <= 10


@pytest.mark.parametrize("value", [None, 910, 9.1, b"0910", ["0910"]])
def test_what_is_no_text_is_no_code_and_no_address(value: object) -> None:
    with pytest.raises(InvalidValue):
        normalise_hs_code(value)
    with pytest.raises(InvalidValue):
        normalise_email(value)


def test_the_ancestors_of_a_code_are_those_that_nations_share() -> None:
    assert ancestors_of("09103020") == ("091030", "0910", "09")
    assert ancestors_of("0910") == ("0910", "09")


@pytest.mark.parametrize("before", ReportStatusEnum)
@pytest.mark.parametrize("after", ReportStatusEnum)
def test_a_report_goes_three_ways_only(before: ReportStatusEnum, after: ReportStatusEnum) -> None:
    allowed = {("processing", "completed"), ("processing", "failed"), ("failed", "processing")}
    if (before.value, after.value) in allowed:
        check_step(before, after)
        return
    with pytest.raises(ReportStepRefused):
        check_step(before, after)


def test_what_was_said_of_another_code_goes() -> None:
    data = {"a": 1, "hs_code": {"code": "0910", "description": "spices", "alternatives": []}}
    same = with_hs_code(data, "0910", CERTAIN)
    assert same == {**data, "hs_code": {**data["hs_code"], "confidence": "100.00"}}  # type: ignore[dict-item]  # of two kinds
    other = with_hs_code(data, "6109", CERTAIN, "shirts")
    assert other["hs_code"] == {
        "code": "6109",
        "confidence": "100.00",
        "description": "shirts",
        "alternatives": [],
    }
    assert with_hs_code({"hs_code": "broken"}, "6109", CERTAIN)["hs_code"]["code"] == "6109"
