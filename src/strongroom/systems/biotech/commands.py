"""`strongroom biotech …`: deliver what waits for webhooks, look at deliveries, send dead letters again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Protocol, TypeVar, cast
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.models import WebhookDelivery
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.repositories import ClientRepository
from strongroom.systems.biotech.repositories.deliveries import DeliveryRepository, deliveries_matching
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from strongroom.systems.biotech.services import deliveries as outbox
from strongroom.systems.biotech.services.deliveries import deliver_next
from strongroom.systems.biotech.services.webhook_secrets import keyring_of
from strongroom.systems.biotech.services.webhooks import reseal_secrets

T = TypeVar("T")

commands = typer.Typer(no_args_is_help=True, help="Webhooks: deliveries, dead letters, secrets.")
deliveries = typer.Typer(no_args_is_help=True, help="Events on their way to webhooks.")
commands.add_typer(deliveries, name="deliveries")


class Building(Protocol):
    """What these commands are handed."""

    @property
    def database(self) -> Database: ...
    def option(self, kind: type[T]) -> T:
        """What the settings say to these options."""


@commands.command()
def deliver(
    context: typer.Context,
    at_once: Annotated[int, typer.Option(help="Attempts at the same time.", min=1, max=64)] = 4,
) -> None:
    """Attempt every delivery that is due, and end; for a timer, where no worker runs.

    Any number of these may run at once, and beside workers: none sends what another is sending.
    """
    counts = deliver_due(_building(context).database, _options(context), at_once)
    typer.echo(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) or "nothing is due")


@deliveries.command("list")
def list_deliveries(
    context: typer.Context,
    status: Annotated[DeliveryStatus | None, typer.Option(help="Only these; `dead` are the dead letters.")] = None,
    webhook: Annotated[UUID | None, typer.Option(help="Only those of one webhook.")] = None,
    limit: Annotated[int, typer.Option(help="How many to show at most.", min=1, max=1000)] = 50,
) -> None:
    """Show deliveries, the latest first, and how many there are of each status."""
    counts, rows = _building(context).database.read(_look, status, webhook, limit)
    table = Table("id", "webhook", "event", Column("attempts", justify="right"), "status", "next", "error")
    for row in rows:
        is_open = row.status in (DeliveryStatus.PENDING, DeliveryStatus.RETRYING)
        following = f"{row.next_attempt_at:%Y-%m-%d %H:%M:%S}" if is_open else ""
        ids, event, shown = (str(row.id), str(row.webhook_id)), row.event_type.value, row.status.value
        table.add_row(*ids, event, str(row.attempts), shown, following, row.error)
    Console().print(table)
    typer.echo(", ".join(f"{count} {name}" for name, count in counts) or "there are none")


@deliveries.command()
def replay(
    context: typer.Context,
    ids: Annotated[list[UUID] | None, typer.Argument(metavar="[ID]...", help="Dead letters, by id.")] = None,
    webhook: Annotated[UUID | None, typer.Option(help="All dead letters of this webhook.")] = None,
) -> None:
    """Send dead letters again, with as many attempts as the first time, oldest first."""
    database = _building(context).database
    chosen = list(ids or ()) + (list(database.read(outbox.dead_letters, webhook)) if webhook else [])
    if not chosen:
        raise typer.BadParameter("name dead letters by id, or a webhook with --webhook")
    for delivery_id in chosen:
        database.write(outbox.replay, delivery_id)
    typer.echo(f"{len(chosen)} will be sent again")


@commands.command()
def reseal(context: typer.Context) -> None:
    """Seal every webhook's secret under the current key; afterwards no earlier key is needed."""
    keyring = keyring_of(_options(context))
    database = _building(context).database
    typer.echo(f"secrets sealed anew: {sum(iter(lambda: database.write(reseal_secrets, keyring), 0))}")


@commands.command()
def expire(context: typer.Context) -> None:
    """Forget what is no longer needed: deliveries that arrived long ago, counts of hours long over; for a timer."""
    database, options = _building(context).database, _options(context)
    forgotten = sum(iter(lambda: database.write(outbox.forget_delivered, options=options), 0))
    typer.echo(f"deliveries forgotten: {forgotten}")
    typer.echo(f"hours forgotten: {database.write(lambda session: ClientRepository(session).forget_windows())}")


def deliver_due(database: Database, options: BiotechOptions, at_once: int) -> Counter[str]:
    """Attempt what is due until nothing is, so many at a time. What came of them, by verdict."""

    def work(_: int) -> Counter[str]:
        verdicts: Counter[str] = Counter()
        while (outcome := deliver_next(database, options)) is not None:
            verdicts[outcome.verdict.value] += 1
        return verdicts

    with ThreadPoolExecutor(at_once) as threads:
        return sum(threads.map(work, range(at_once)), Counter())


def _look(
    session: Session, status: DeliveryStatus | None, webhook_id: UUID | None, limit: int
) -> tuple[Sequence[tuple[str, int]], Sequence[WebhookDelivery]]:
    chosen = deliveries_matching(status, webhook_id)
    rows = session.scalars(chosen.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc()).limit(limit))
    return DeliveryRepository(session).count_by_status(webhook_id), rows.all()


def _building(context: typer.Context) -> Building:
    return cast("Building", context.obj)


def _options(context: typer.Context) -> BiotechOptions:
    return _building(context).option(BiotechOptions)
