"""Reports say what was stored, as JSON, page and paper, and stay harmless whatever a model is called."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.charts import ChartFormat, course_chart, scenario_chart
from strongroom.systems.forecasting.documents import ReportFormat, file_name, render_report
from strongroom.systems.forecasting.documents.contents import tables_of
from strongroom.systems.forecasting.models import DataUpload, RiskMetrics
from strongroom.systems.forecasting.services.kpis import ReportChoices, generate_report
from strongroom.systems.forecasting.services.report_documents import ReportDocument, build_document
from strongroom.systems.forecasting.services.risk import RiskChoices, compute_risk
from tests.systems.forecasting.figures.office import (
    add_model,
    add_upload,
    add_user,
    forecast,
    month,
    open_office,
    points,
)

HOSTILE = '</title><script>alert(1)</script>&"$\\x{$\x00\x1b\u202e\ufdd0 北京 {{ 7*7 }} =1+1'


def made(session: Session) -> ReportDocument:
    """The report of a model with forecasts and risk."""
    model_id = open_office(session)
    came = {month(at): 140 + at for at in range(12, 15)}
    forecast(session, model_id, {month(at): 138 + at for at in range(12, 24)}, came)
    compute_risk(session, model_id, RiskChoices(shocks={"base": 0, "flood": -0.4}))
    choices = ReportChoices(budget=Decimal(400))
    return build_document(session, generate_report(session, model_id, month(12), month(15), choices).id)


@pytest.fixture
def document(sqlite_database: Database) -> ReportDocument:
    return sqlite_database.write(made)


@pytest.fixture
def hostile(document: ReportDocument) -> ReportDocument:
    scenarios = {**document.scenarios, "scenarios": [{**document.scenarios["scenarios"][0], "name": HOSTILE}]}
    correlation = {"variables": [HOSTILE], "matrix": [[1.0]]}
    return replace(
        document, model_name=HOSTILE, owner=HOSTILE, currency=HOSTILE, scenarios=scenarios, correlation=correlation,
        warnings=(HOSTILE,),
    )  # fmt: skip


def test_the_json_of_a_report_holds_everything_and_loses_no_digit(any_database: Database) -> None:
    document = any_database.write(made)
    found = json.loads(render_report(document, ReportFormat.JSON))
    assert found["figures"]["budget_variance"] == str(document.figures[4].value)
    assert found["model"] == {
        "name": "Sales", "version": 1, "type": "arima", "forecast_type": "revenue", "owner": "ada",
    }  # fmt: skip
    assert [point["value"] for point in found["history"]] == [
        "121.0000",
        "125.0000",
        "122.0000",
        "128.0000",
        "131.0000",
        "127.0000",
    ]
    assert len(found["forecasts"]) == 12
    assert found["forecasts"][0]["actual"] == "152.0000"
    assert found["risk"]["var_95"] == str(document.risk["var_95"])
    assert found["scenarios"]["seed"] == 42
    assert "measures" not in found["scenarios"]
    assert found["warnings"][0].startswith("the 99 % figures")


def test_page_and_paper_show_the_figures_of_the_tables(document: ReportDocument) -> None:
    page = render_report(document, ReportFormat.HTML).decode()
    words = [cell for table in tables_of(document) for row in table.rows for cell in row]
    assert len(words) > 60
    for cell in words:
        assert f">{cell}<" in page
    paper = render_report(document, ReportFormat.PDF)
    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Subtype /Image") == 2


def test_the_same_report_gives_the_same_bytes(document: ReportDocument) -> None:
    for form in ReportFormat:
        assert render_report(document, form) == render_report(document, form)


def test_a_hostile_name_stays_text_on_the_page(hostile: ReportDocument) -> None:
    page = render_report(hostile, ReportFormat.HTML).decode()
    reader = Tags()
    reader.feed(page)
    assert "script" not in reader.seen
    assert "default-src 'none'" in page
    assert "49" not in "".join(reader.title), "no template runs within a name"
    assert "{{ 7*7 }}" in page
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202e]", page)


def test_a_hostile_name_is_well_formed_in_charts_and_does_no_harm_on_paper(hostile: ReportDocument) -> None:
    for chart in (course_chart, scenario_chart):
        svg = chart(hostile)
        assert ElementTree.fromstring(svg).find(".//{http://www.w3.org/2000/svg}script") is None
        assert chart(hostile, ChartFormat.PNG).startswith(b"\x89PNG")
    paper = render_report(hostile, ReportFormat.PDF)
    assert not re.search(rb"/(JavaScript|JS|Launch|URI)\b", paper + b"".join(streams_of(paper)))


def test_charts_on_a_page_are_images_in_which_nothing_runs(document: ReportDocument) -> None:
    sources = re.findall(
        r'src="data:image/svg\+xml;base64,([^"]+)"', render_report(document, ReportFormat.HTML).decode()
    )
    assert len(sources) == 2
    assert all(ElementTree.fromstring(base64.b64decode(source)).tag.endswith("svg") for source in sources)


def test_a_figure_that_is_not_defined_says_so(sqlite_database: Database) -> None:
    def bare(session: Session) -> ReportDocument:
        user_id = add_user(session)
        add_upload(session, user_id, points([0, 0, 0], "revenue"))
        report = generate_report(session, add_model(session, user_id), month(1), month(3))
        return build_document(session, report.id)

    document = sqlite_database.write(bare)
    [growth, *_] = next(tables_of(document)).rows
    assert growth == ("Revenue growth", "not defined", "on the period of equal length before")
    assert document.risk == {}
    page = render_report(document, ReportFormat.HTML).decode()
    assert "Where it may end" not in page
    assert render_report(document, ReportFormat.PDF).count(b"/Subtype /Image") == 1
    assert b"nothing was simulated" in scenario_chart(document)


def test_a_report_outlives_the_series_and_the_risk_it_was_made_from(any_database: Database) -> None:
    report_id = any_database.write(made).report_id

    def forget(session: Session) -> None:
        session.query(DataUpload).delete()
        session.query(RiskMetrics).delete()

    any_database.write(forget)
    document = any_database.read(build_document, report_id)
    assert (document.history, document.risk, document.scenarios) == ({}, {}, {})
    assert document.data["inputs"]["revenue"] == "386.0000"
    for form in ReportFormat:
        assert render_report(document, form)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sales, Europe", "sales-europe"),
        ('../../etc/passwd\r\n"', "etc-passwd"),
        ("北京", "report"),
        ("a" * 99, "a" * 60),
    ],
)
def test_the_name_of_the_file_is_safe_everywhere(document: ReportDocument, name: str, expected: str) -> None:
    assert file_name(replace(document, model_name=name), ReportFormat.PDF) == f"{expected}-2024-01-01.pdf"


def test_nothing_that_draws_or_writes_is_imported_before_it_is_needed() -> None:
    check = (
        "import sys, strongroom.systems.forecasting.system, strongroom.systems.forecasting.documents;"
        "print([name for name in ('matplotlib', 'fpdf', 'jinja2', 'numpy', 'scipy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_report_is_dated_by_itself_and_not_by_the_clock(document: ReportDocument) -> None:
    later = replace(document, made_at=datetime(2030, 1, 2, tzinfo=UTC))
    assert b"D:20300102000000" in render_report(later, ReportFormat.PDF)


class Tags(HTMLParser):
    """Every tag of a page, and what stands in its title."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.title: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self._in_title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
            self._in_title = False


def streams_of(paper: bytes) -> list[bytes]:
    """The unpacked streams of a PDF."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return found
