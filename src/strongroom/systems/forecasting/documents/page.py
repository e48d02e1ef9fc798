"""A report as one HTML file that needs nothing else: charts are inside it, and nothing in it runs."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from strongroom.kernel.drawing import printable
from strongroom.systems.forecasting.charts import course_chart, scenario_chart
from strongroom.systems.forecasting.documents.contents import subtitle_of, tables_of, title_of
from strongroom.systems.forecasting.services.report_documents import ReportDocument

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value,
)


def as_html(document: ReportDocument) -> str:
    """Every name in it is text, whatever it looks like. A chart is an image, in which no browser runs a script."""
    charts = [("What came and what was forecast", course_chart(document))]
    if document.scenarios:
        charts.append(("Where it may end", scenario_chart(document)))
    return _environment.get_template("page.html").render(
        title=title_of(document),
        subtitle=subtitle_of(document),
        warnings=document.warnings,
        tables=tuple(tables_of(document)),
        charts=[(words, f"data:image/svg+xml;base64,{b64encode(svg).decode()}") for words, svg in charts],
    )
