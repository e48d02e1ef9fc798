"""What the settings say to each system, and to the workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from strongroom.assembly.keys import webhook_keyring
from strongroom.kernel.jobs import WorkerOptions
from strongroom.settings import Settings
from strongroom.systems.banking.system import BankingOptions, TransferLimits
from strongroom.systems.biotech.system import BiotechOptions
from strongroom.systems.export_readiness.system import ExportReadinessOptions
from strongroom.systems.forecasting.system import ForecastingOptions
from strongroom.systems.portfolio.system import AlertThresholds, PortfolioOptions


def banking_options(settings: Settings) -> BankingOptions:
    """What the settings say of banking."""
    return BankingOptions(
        transfer_min=settings.banking_min_transfer,
        transfer_max=settings.banking_max_transfer,
        limits=TransferLimits(
            single=settings.banking_single_limit,
            daily=settings.banking_daily_limit,
            monthly=settings.banking_monthly_limit,
            yearly=settings.banking_yearly_limit,
        ),
        sign_in_attempts=settings.banking_login_attempts,
        lockout=timedelta(seconds=settings.banking_lockout_s),
    )


def portfolio_options(settings: Settings) -> PortfolioOptions:
    """What the settings say of portfolio."""
    return PortfolioOptions(
        alerts=AlertThresholds(
            runway_months_min=settings.portfolio_runway_months_min,
            expense_months_min=settings.portfolio_expense_months_min,
            revenue_decline_max=settings.portfolio_revenue_decline_max,
            margin_drop_max=settings.portfolio_margin_drop_max,
            stale_quarters_min=settings.portfolio_stale_quarters_min,
        )
    )


def biotech_options(settings: Settings) -> BiotechOptions:
    """What the settings say of biotech."""
    return BiotechOptions(
        keyring=webhook_keyring(settings),
        allow_private_targets=settings.biotech_allow_private_targets,
        allow_http_targets=settings.biotech_allow_http_targets,
        secret_overlap=timedelta(seconds=settings.biotech_secret_overlap_s),
        delivery_history=timedelta(days=settings.biotech_delivery_history_days),
    )


def forecasting_options(settings: Settings) -> ForecastingOptions:
    """What the settings say of forecasting."""
    folder = settings.data_dir / "forecasting"
    return ForecastingOptions(
        models_folder=folder / "models",
        uploads_folder=folder / "uploads",
        upload_bytes_max=settings.forecasting_upload_bytes_max,
        sign_in_attempts=settings.forecasting_login_attempts,
        lockout=timedelta(seconds=settings.forecasting_lockout_s),
        backtest_windows=settings.forecasting_backtest_windows,
    )


def export_readiness_options(settings: Settings) -> ExportReadinessOptions:
    """What the settings say of export readiness."""
    return ExportReadinessOptions(
        sign_in_attempts=settings.export_readiness_login_attempts,
        lockout=timedelta(seconds=settings.export_readiness_lockout_s),
        conversation_lifetime=timedelta(seconds=settings.export_readiness_conversation_lifetime_s),
        document_fonts=settings.export_readiness_document_fonts,
    )


#: by the name under which routes find them in `app.state`
OPTIONS: Mapping[str, Callable[[Settings], object]] = {
    "banking_options": banking_options,
    "portfolio_options": portfolio_options,
    "biotech_options": biotech_options,
    "forecasting_options": forecasting_options,
    "export_readiness_options": export_readiness_options,
}


def job_options(settings: Settings) -> tuple[object, ...]:
    """What jobs may ask their context for, by class."""
    return tuple(build(settings) for build in OPTIONS.values())


def worker_options(settings: Settings) -> WorkerOptions:
    """What the settings say of workers."""
    return WorkerOptions(
        concurrency=settings.jobs_concurrency,
        processes=settings.jobs_processes,
        poll_interval_s=settings.jobs_poll_interval_s,
        listens=settings.jobs_listen,
        lease_s=settings.jobs_lease_s,
        shutdown_s=settings.jobs_shutdown_s,
        keep_days=settings.jobs_keep_days,
    )
