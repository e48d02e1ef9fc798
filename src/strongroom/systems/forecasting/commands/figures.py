"""Risk and key figures of a model at a terminal, and its report as a file."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.commands.building import building_of
from strongroom.systems.forecasting.documents import ReportFormat, render_report
from strongroom.systems.forecasting.errors import KpiReportNotFound
from strongroom.systems.forecasting.models import KPIReport, RiskMetrics
from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.rules.risk import RiskMethodEnum, amount_at_risk
from strongroom.systems.forecasting.rules.scenarios import Simulation
from strongroom.systems.forecasting.services.breaches import BreachReport, breach_report
from strongroom.systems.forecasting.services.kpis import ReportChoices, generate_report, latest_report
from strongroom.systems.forecasting.services.report_documents import (
    KEY_FIGURES,
    RISK_LABELS,
    ReportDocument,
    build_document,
)
from strongroom.systems.forecasting.services.risk import RiskChoices, compute_risk, latest_risk, risk_trend

WordT = TypeVar("WordT", bound=Enum)
Model = Annotated[str, typer.Argument(help="The id of a trained model.")]
DATE = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]

risk = typer.Typer(no_args_is_help=True, help="How much may be lost: volatility, value at risk, scenarios.")
kpis = typer.Typer(no_args_is_help=True, help="Key figures of a period: growth, margins, accuracy, variance.")


@risk.command("compute")
def compute(
    context: typer.Context,
    model: Model,
    method: Annotated[str, typer.Option(help="historical, parametric or monte_carlo.")] = "historical",
    period: Annotated[str | None, typer.Option(help="day, week, month, quarter or year.")] = None,
    horizon: Annotated[int, typer.Option(min=1, help="Periods ahead, of parametric losses.")] = 1,
    paths: Annotated[int, typer.Option(help="How many ends are simulated.")] = 10_000,
    steps: Annotated[int, typer.Option(help="Periods ahead, of the simulation.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed gives the same simulation.")] = 42,
    risk_free: Annotated[float, typer.Option(help="The return of one period without risk, as a fraction.")] = 0.0,
    exposure: Annotated[str | None, typer.Option(help="Show losses as parts of this amount too.")] = None,
) -> None:
    """Compute the risk of what a model forecasts and store it."""
    choices = RiskChoices(
        method=_word(RiskMethodEnum, method, "--method"),
        period=None if period is None else _word(PeriodEnum, period, "--period"),
        horizon=horizon,
        risk_free=risk_free,
        simulation=Simulation(paths, steps, seed),
    )
    amount = _amount(exposure, "--exposure")
    _show(_database(context).write(lambda session: _risk_table(compute_risk(session, model, choices), amount)))


@risk.command("show")
def show_risk(
    context: typer.Context,
    model: Model,
    exposure: Annotated[str | None, typer.Option(help="Show losses as parts of this amount too.")] = None,
) -> None:
    """Show what was computed last."""
    amount = _amount(exposure, "--exposure")
    _show(_database(context).read(lambda session: _risk_table(latest_risk(session, model), amount)))


@risk.command("trend")
def show_trend(
    context: typer.Context,
    model: Model,
    measure: Annotated[str, typer.Argument(help="volatility, var_95, var_99, cvar_95, cvar_99 or sharpe_ratio.")],
    limit: Annotated[int, typer.Option(help="How many, the newest ones.")] = 20,
) -> None:
    """Show how a measure went over time, oldest first."""
    found = _database(context).read(risk_trend, model, measure, limit)
    table = Table("computed", measure)
    for moment, value in found:
        table.add_row(f"{moment:%Y-%m-%d %H:%M}", str(value))
    _show(table)


@risk.command("breaches")
def show_breaches(
    context: typer.Context,
    model: Model,
    start: Annotated[datetime | None, typer.Option(formats=DATE, help="The first period.")] = None,
    end: Annotated[datetime | None, typer.Option(formats=DATE, help="Before this one.")] = None,
    window: Annotated[
        int | None, typer.Option(help="Judge each return by so many before it, not by what is stored.")
    ] = None,
) -> None:
    """Show when more was lost than the value at risk, and whether that was too often."""
    found = _database(context).read(breach_report, model, start, end, window=window)
    _show(_breach_table(found))
    _show(_count_table(found))


@kpis.command("generate")
def generate(
    context: typer.Context,
    model: Model,
    start: Annotated[datetime, typer.Option(formats=DATE, help="The first day.")],
    end: Annotated[datetime, typer.Option(formats=DATE, help="The day after the last.")],
    budget: Annotated[str | None, typer.Option(help="What was planned, of what the model forecasts.")] = None,
    net_income: Annotated[str | None, typer.Option(help="Revenue less all expenses when left out.")] = None,
    currency: Annotated[str | None, typer.Option(help="Of the report, where the series names none.")] = None,
) -> None:
    """Generate the key figures of a period and store them."""
    choices = ReportChoices(
        budget=_amount(budget, "--budget"), net_income=_amount(net_income, "--net-income"), currency=currency
    )
    _show(_database(context).write(lambda session: _kpi_table(generate_report(session, model, start, end, choices))))


@kpis.command("show")
def show_kpis(context: typer.Context, model: Model) -> None:
    """Show the newest key figures."""
    _show(_database(context).read(lambda session: _kpi_table(latest_report(session, model))))


def report(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="The id of a trained model, or of one of its reports.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write: .pdf, .html or .json.")],
) -> None:
    """Write the newest report of a model, or the one of this id, with charts, risk and scenarios, as one file."""
    form = _word(ReportFormat, out.suffix.removeprefix(".").lower(), "--out")
    out.write_bytes(render_report(_database(context).read(_document_of, model), form))
    Console(highlight=False, soft_wrap=True).print(f"{out} written.", markup=False)


def _document_of(session: Session, key: str) -> ReportDocument:
    """key: of a report or of a model."""
    try:
        return build_document(session, key)
    except KpiReportNotFound:
        return build_document(session, latest_report(session, key).id)


def _risk_table(row: RiskMetrics, exposure: Decimal | None) -> list[Table | str]:
    """Built while the row is there."""
    measures = (row.scenario_results or {}).get("measures", {})
    table = Table("", "value", title=f"Risk, {row.calculation_date:%Y-%m-%d %H:%M}", title_justify="left")
    if exposure is not None:
        table.add_column("amount", justify="right")
    for name, label in RISK_LABELS.items():
        value: Decimal | None = getattr(row, name)
        is_loss = name.startswith(("var", "cvar"))
        amount = (
            f"{amount_at_risk(value, exposure):,.2f}" if exposure is not None and is_loss and value is not None else ""
        )
        table.add_row(
            label, "not defined" if value is None else str(value), *([amount] if exposure is not None else [])
        )
    return [table, *(f"Note: {warning}." for warning in measures.get("warnings", ()))]


def _kpi_table(row: KPIReport) -> list[Table | str]:
    title = f"Key figures, {row.report_period_start:%Y-%m-%d} to before {row.report_period_end:%Y-%m-%d}"
    table = Table("", "value", "", title=title, title_justify="left")
    for name, label, unit, meaning in KEY_FIGURES:
        value = getattr(row, name)
        table.add_row(label, "not defined" if value is None else f"{value:,f}{unit}", meaning)
    return [table, f"Report {row.id}"]


def _breach_table(found: BreachReport) -> Table:
    table = Table(
        "period", "return", "VaR 95 %", "VaR 99 %", title="Losses beyond the value at risk", title_justify="left"
    )
    for each in found.breaches:
        style = "bold" if each.is_breach_99 else None
        table.add_row(f"{each.start:%Y-%m-%d}", str(each.actual), str(each.var_95), str(each.var_99), style=style)
    return table


def _count_table(found: BreachReport) -> Table:
    table = Table("", "periods", "breaches", "share", "expected", "p-value (Kupiec)")
    for label, count in (("95 %", found.at_95), ("99 %", found.at_99)):
        share = "" if count.share is None else f"{count.share:.1%}"
        chance = "" if count.p_value is None else f"{count.p_value:.3f}"
        table.add_row(label, str(count.observations), str(count.breaches), share, f"{count.expected:.0%}", chance)
    return table


def _show(found: Any) -> None:
    console = Console(highlight=False)
    for part in found if isinstance(found, list) else [found]:
        console.print(part, markup=False)


def _word(kind: type[WordT], text: str, option: str) -> WordT:
    try:
        return kind(text)
    except ValueError:
        words = ", ".join(str(word.value) for word in kind)
        raise typer.BadParameter(f"{text or 'nothing'} is none of {words}", param_hint=option) from None


def _amount(text: str | None, option: str) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"{text} is no number", param_hint=option) from None


def _database(context: typer.Context) -> Database:
    return building_of(context).database
