"""A real pooler in transaction mode before a database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from strongroom.kernel.engines import DatabaseOptions


@contextmanager
def through_pgbouncer(postgresql_options: DatabaseOptions) -> Iterator[DatabaseOptions]:
    """The same database through PgBouncer, which has three server connections; skips the test where it is not."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("PgBouncer is not installed here")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = make_url(postgresql_options.url)
    socket_folder = Path(str(url.query["host"]))
    configuration = socket_folder / "pgbouncer.ini"  # a place that the server's user can read
    configuration.write_text(
        f"[databases]\n{url.database} = host={url.query['host']} port={url.query['port']} user={url.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\npool_mode = transaction\n"
        "default_pool_size = 3\nunix_socket_dir =\n"
    )
    # as root it refuses to start, and only the server's own user is let in through its socket
    process = subprocess.Popen([program, "-q", str(configuration)], **_as_owner_of(socket_folder))
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        pooled_url = f"postgresql://{url.username}@127.0.0.1:{port}/{url.database}"
        yield replace(postgresql_options, url=pooled_url, pgbouncer=True, ssl_mode="disable")
    finally:
        process.terminate()
        process.wait()
        configuration.unlink()


def _as_owner_of(folder: Path) -> dict[str, Any]:
    owner = folder.stat()
    return {} if os.geteuid() else {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
