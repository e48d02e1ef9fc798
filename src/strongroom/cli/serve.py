"""`strongroom up` for newcomers, `strongroom serve` for everybody else."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from contextlib import nullcontext
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from strongroom.assembly import Building
from strongroom.cli.console import console, step
from strongroom.cli.jobs import working
from strongroom.kernel.errors import ConfigurationError
from strongroom.kernel.sessions import connection_info
from strongroom.operations.schema import find_position, upgrade

Host = Annotated[str | None, typer.Option(help="Address to listen on; STRONGROOM_HOST when left out.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; STRONGROOM_PORT when left out.", min=1, max=65535)]


def up(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    samples: Annotated[bool, typer.Option(help="Load sample data into an empty database.")] = True,
) -> None:
    """Start the database, bring its schema up, load sample data and serve the API. Ctrl-C stops everything."""
    building: Building = context.obj
    host, port = _address(building, host, port)
    started = time.perf_counter()
    _open_database(building)
    _bring_schema_up(building)
    samples = samples and not building.settings.is_production
    if samples:
        _load_samples(building)

    def announce() -> None:
        console.print(
            f"\nStrongroom is up after {time.perf_counter() - started:.1f} s.\n"
            f"  API and interactive docs   [link]http://{host}:{port}[/link]\n"
            f"  Health                     http://{host}:{port}/api/health/detailed\n"
            + ("  Sign in to the bank as     alice@example.com, admin@example.com · Strongroom1\n" if samples else "")
            + "  A token for any system     strongroom token --system portfolio --name you --role admin\n"
            + f"  Data                       {_where(building)}\n"
            "  Next                       strongroom --help, strongroom check, strongroom jobs list\n"
            "Ctrl-C stops everything and keeps the data.\n",
            soft_wrap=True,
        )

    _serve(building, host, port, announce)


def serve(context: typer.Context, host: Host = None, port: Port = None) -> None:
    """Serve the API. The schema must be there: bring it up with `strongroom schema upgrade`."""
    building: Building = context.obj
    host, port = _address(building, host, port)
    for system in building.histories:
        position = find_position(system, building.options)
        if not position.is_newest:
            raise ConfigurationError(
                setting=f"schema {system.name}",
                reason=f"is at {position.current or 'nothing'}, the code needs {position.newest}; "
                "run `strongroom schema upgrade`",
            )
    _serve(building, host, port, lambda: console.print(f"Serving on http://{host}:{port}", soft_wrap=True))


def _address(building: Building, host: str | None, port: int | None) -> tuple[str, int]:
    """Where to listen, after making sure that nobody does; before anything is started."""
    host, port = host or building.settings.host, port or building.settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            other = port + 1 if port < 65535 else port - 1
            raise ConfigurationError(
                setting="STRONGROOM_PORT",
                reason=f"{host}:{port} cannot be listened on ({error.strerror}); "
                f"stop what runs there, or say --port {other} or STRONGROOM_PORT={other}",
            ) from None
    return host, port


def _open_database(building: Building) -> None:
    with step("Starting PostgreSQL" if building.settings.uses_embedded else "Connecting") as current:
        info = building.database.read(connection_info, building.options)
        current.result = f"{info['database_version']} ({_relation(building)})"


def _bring_schema_up(building: Building) -> None:
    for system in building.histories:
        with step(f"Bringing schema {system.name} up") as current:
            before = find_position(system, building.options).current
            upgrade(system, building.options)
            after = find_position(system, building.options).current
            moved = "newest already" if before == after else f"from {before or 'nothing'}"
            current.result = f"Schema {system.name} at {after} ({moved})"


def _load_samples(building: Building) -> None:
    with step("Loading sample data") as current:
        added = building.load_samples()
        rows = {system: sum(counts.values()) for system, counts in added.items()}
        filled = [f"{count} rows of {system}" for system, count in rows.items() if count]
        current.result = f"Sample data: {', '.join(filled)}" if filled else "Sample data is there already"


def _relation(building: Building) -> str:
    if building.embedded is None:
        return "connected"
    return "embedded, started" if building.embedded.is_owner else "embedded, shared with the process that started it"


def _where(building: Building) -> str:
    if building.embedded is not None:
        return f"{building.settings.data_dir}/postgresql"
    return building.settings.masked_url


class _Server(uvicorn.Server):
    """Says that it serves when it does: after the port is bound, not before; and stops in order, also in a hurry."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A second Ctrl-C waits for no request any more; only the first one is raised again, when all is closed."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self.force_exit:  # uvicorn would leave the application where it is
            await self.lifespan.shutdown()


def _serve(building: Building, host: str, port: int, announce: Callable[[], None]) -> None:
    from strongroom.assembly import build_app  # imported by who serves: it takes seconds

    config = uvicorn.Config(build_app(building), host=host, port=port, log_level="warning", server_header=False)
    worker = building.build_worker()
    is_working_here = building.settings.jobs_in_server and bool(worker.runner.jobs)
    try:
        with working(building, worker) if is_working_here else nullcontext():
            _Server(config, announce).run()
    except KeyboardInterrupt:
        pass
    finally:
        with step("Stopping") as current:
            building.stop()
            current.result = "Stopped; the data is kept"
