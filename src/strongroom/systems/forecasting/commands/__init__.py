"""`strongroom forecasting …`: what a person does with forecasting at a terminal."""

from __future__ import annotations

import typer

from strongroom.systems.forecasting.commands.evaluation import evaluate
from strongroom.systems.forecasting.commands.expiring import expire
from strongroom.systems.forecasting.commands.figures import kpis, report, risk
from strongroom.systems.forecasting.commands.office import check, create_admin, reset, setup
from strongroom.systems.forecasting.commands.uploading import check_file, upload

commands = typer.Typer(no_args_is_help=True, help="Forecasts, risk and key figures of financial series.")
commands.command()(setup)
commands.command()(check)
commands.command("create-admin")(create_admin)
commands.command()(reset)
commands.command()(upload)
commands.command("check-file")(check_file)
commands.command()(evaluate)
commands.command()(expire)
commands.add_typer(risk, name="risk")
commands.add_typer(kpis, name="kpis")
commands.command()(report)
