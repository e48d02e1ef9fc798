"""Claims about charts: deterministic, honest about gaps, harmless whatever a company is called, and loaded late."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from strongroom.kernel.drawing import printable, short_name
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.charts import ChartFormat, alert_chart, cohort_chart, fund_chart, trend_chart
from strongroom.systems.portfolio.charts.words import scale_of
from strongroom.systems.portfolio.rules.alerts import AlertKind, AlertThresholds
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.rules.measures import Measure, Unit
from strongroom.systems.portfolio.rules.quarters import FundQuarter, fund_quarter, quarters_before
from strongroom.systems.portfolio.rules.spread import spread_of
from strongroom.systems.portfolio.services.alerts import Alert, AlertList
from strongroom.systems.portfolio.services.cohorts import Cohort, CohortBy, CohortComparison, CohortMember
from strongroom.systems.portfolio.services.figures import CompanyFacts
from strongroom.systems.portfolio.services.funds import FundLine, FundOverview
from strongroom.systems.portfolio.services.trends import CompanyTrend, TrendPoint

QUARTER = FundQuarter(2025, 4)
KNOWN_AT = datetime(2026, 3, 1, 14, tzinfo=UTC)
HOSTILE = '</text><script>&"$\\x{$\x00\x1b\u202e\ud800\uffff 北京'


def company(name: str = "Acme") -> CompanyFacts:
    return CompanyFacts(
        id=new_id(),
        name=name,
        reporting_status=ReportingStatusEnum.ACTIVE,
        reporting_currency="EUR",
        fund="Fund I",
        location_country="Germany",
        customer_type=CustomerTypeEnum.SMB,
        revenue_type=RevenueTypeEnum.SUBSCRIPTION,
        year_end_date=date(2020, 12, 31),
    )


def trend(name: str = "Acme", *values: Decimal | None) -> CompanyTrend:
    """A point a value until the end of 2025; None for a quarter without a report."""
    points = []
    for place, value in enumerate(values):
        day = quarters_before(date(2025, 12, 31), len(values) - 1 - place)
        figures = {Measure.TOTAL_REVENUE: value, Measure.REVENUE_GROWTH: None if value is None else Decimal(place)}
        points.append(TrendPoint(day, fund_quarter(day), value is not None, figures))
    return CompanyTrend(company(name), "EUR", KNOWN_AT, (Measure.TOTAL_REVENUE, Measure.REVENUE_GROWTH), tuple(points))


def overview(*names: str) -> FundOverview:
    def line(name: str | None) -> FundLine:
        return FundLine(
            fund=name,
            companies=2,
            reported=1,
            total_revenue=Decimal(1_200_000),
            arr=Decimal(4_800_000),
            cash_balance=Decimal(950),
            cash_burn=Decimal(-5),
            debt_outstanding=Decimal(0),
            employees=40,
            median_runway_months=None,
            short_runway=0,
            arr_growth=None,
            yoy_arr_growth=None,
            yoy_revenue_growth=None,
        )

    return FundOverview(QUARTER, "CAD", KNOWN_AT, Decimal(6), tuple(map(line, names)), line(None))


def comparison(**groups: Sequence[int | None]) -> CohortComparison:
    measure = Measure.GROSS_PROFIT_MARGIN
    cohorts = []
    for name, numbers in groups.items():
        values = [None if number is None else Decimal(number) for number in numbers]
        members = tuple(CohortMember(new_id(), "Acme", {measure: value}) for value in values)
        cohorts.append(Cohort(name, members, {measure: spread_of(values)}))
    return CohortComparison(QUARTER, "USD", KNOWN_AT, CohortBy.CUSTOMER_TYPE, (measure,), tuple(cohorts))


def alert_list(*alerts: Alert) -> AlertList:
    return AlertList(QUARTER, "USD", KNOWN_AT, AlertThresholds(), 9, alerts)


def root_of(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def words_of(svg: bytes) -> str:
    return " ".join(part for part in root_of(svg).itertext() if part.strip())


def test_the_same_figures_give_the_same_bytes() -> None:
    shown = trend("Acme", Decimal(1), None, Decimal(3))
    for form in ChartFormat:
        assert trend_chart(shown, form) == trend_chart(shown, form)


def test_charts_drawn_at_once_do_not_disturb_each_other() -> None:
    views = [trend("Acme", *map(Decimal, range(1, count))) for count in range(3, 9)]
    alone = [trend_chart(view) for view in views]
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(trend_chart, views)) == alone


def test_a_chart_has_its_units_its_quarters_and_its_source() -> None:
    words = words_of(trend_chart(trend("Acme", Decimal(1_100_000), Decimal(1_234_567))))
    for expected in (
        "Acme",
        "Revenue",
        "EUR million",
        "1.23m",
        "%",
        "Q3 2025 to Q4 2025, as known at 2026-03-01 14:00 UTC",
        "Amounts in EUR at each quarter's closing rate",
    ):
        assert expected in words


def test_a_gap_is_said_and_neither_drawn_as_nothing_nor_bridged() -> None:
    whole, with_gap = (
        root_of(trend_chart(trend("Acme", Decimal(5), middle, Decimal(7)))) for middle in (Decimal(6), None)
    )
    assert _bars(whole) == 3
    assert _bars(with_gap) == 2
    assert "not reported" in " ".join(with_gap.itertext())
    assert "not reported" not in " ".join(whole.itertext())
    # a line that goes on has one stroke; one that is broken begins anew
    assert max(_strokes(whole)) == 3
    assert max(_strokes(with_gap)) < 3


@pytest.mark.parametrize("form", ChartFormat)
def test_a_chart_is_harmless_whatever_a_company_is_called(form: ChartFormat) -> None:
    alert = Alert(company(HOSTILE), AlertKind.SHORT_RUNWAY, Decimal(4), Decimal(6))
    drawn = [
        trend_chart(trend(HOSTILE, Decimal(1)), form),
        fund_chart(overview(HOSTILE, "Fund II"), form),
        cohort_chart(comparison(**{HOSTILE: [1, 2]}), form),
        alert_chart(alert_list(alert), form),
    ]
    if form is ChartFormat.PNG:
        assert all(picture.startswith(b"\x89PNG\r\n\x1a\n") for picture in drawn)
        return
    for picture in drawn:
        root = root_of(picture)
        assert "</text><script>" in "".join(root.itertext())
        assert not [element for element in root.iter() if element.tag.endswith("script")]
        assert b"<!DOCTYPE" not in picture
        assert "北京" in "".join(root.itertext())


def test_a_chart_without_figures_says_so() -> None:
    assert "not known in any of these quarters" in words_of(trend_chart(trend()))
    assert "no active company" in words_of(fund_chart(overview()))
    assert "nothing was reported" in words_of(cohort_chart(comparison(SMB=[None])))
    assert "no company crosses a threshold" in words_of(alert_chart(alert_list()))


def test_funds_show_what_is_not_known_as_not_known() -> None:
    words = words_of(fund_chart(overview("Fund I", "Fund II")))
    for expected in ("Fund II (1)", "4.80m", "CAD thousand", "CAD million", "not known"):
        assert (expected in words) is (expected != "CAD thousand")
    assert "950.00" in words


def test_a_cohort_is_drawn_with_our_own_quartiles_and_every_company() -> None:
    shown = comparison(Enterprise=[60, 60, 60, 72, 80, 41], SMB=[10, 35, 50], B2B=[None])
    words = words_of(cohort_chart(shown))
    for expected in ("Enterprise (6)", "SMB (3)", "median 60.0%", "median 35.0%", "Gross margin, %"):
        assert expected in words
    assert "B2B" not in words
    with pytest.raises(InvalidValue, match="measure"):
        cohort_chart(shown, measure=Measure.ARR)


def test_alerts_say_the_figure_the_threshold_and_how_many_were_left_out() -> None:
    found = [
        Alert(company(f"Company {number}"), AlertKind.MARGIN_DROP, Decimal("7.25"), Decimal(5)) for number in range(70)
    ]
    never = Alert(company("A newcomer"), AlertKind.MISSING_SUBMISSION, None, Decimal(2))
    words = words_of(alert_chart(alert_list(never, *found)))
    for expected in ("-7.3 points", "more than 5 points", "never", "71 of 9 active", "the first 60 are shown"):
        assert expected in words
    assert "Company 69" not in words


def test_the_library_is_loaded_with_the_first_chart_and_not_before() -> None:
    code = (
        "import sys, strongroom.systems.portfolio.system;"
        "print(sorted({'matplotlib', 'numpy', 'PIL'} & sys.modules.keys()))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_the_scale_follows_the_largest_figure() -> None:
    assert scale_of(Unit.MONEY, "USD", [Decimal(1_500), None]).words == "USD thousand"
    assert scale_of(Unit.MONEY, "JPY", [Decimal(-2) * 10**9]).words == "JPY billion"
    assert scale_of(Unit.MONEY, "USD", []).words == "USD"
    assert scale_of(Unit.MONEY, "USD", [Decimal(10) ** 6]).label(Decimal(-1_005_000)) == "-1.01m"
    assert scale_of(Unit.PERCENT, "USD", [Decimal(5)]).label(Decimal("7.25")) == "7.3%"


def test_names_are_one_line_and_leave_room() -> None:
    assert printable("a\n b\x00\u202e") == "a b\ufffd\ufffd"
    assert short_name("x" * 41) == "x" * 39 + "…"
    assert short_name("x" * 40) == "x" * 40


def _bars(root: ElementTree.Element) -> int:
    """Filled shapes in the colour of bars."""
    return sum("#0072b2" in element.get("style", "") for element in root.iter() if element.tag.endswith("path"))


def _strokes(root: ElementTree.Element) -> list[int]:
    """Points of each stretch of the lines."""
    lines = []
    for element in root.iter():
        style = set(element.get("style", "").split("; "))
        if element.tag.endswith("path") and {"stroke: #d55e00", "fill: none"} <= style:
            lines.append(element.get("d", ""))
    return [stretch.count("L") + 1 for line in lines for stretch in line.split("M")[1:]]
