"""A worker as a process of its own, so that a test can kill it: delivers from the database it is given, for ever."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from strongroom.kernel.engines import DatabaseOptions
from strongroom.systems.biotech.commands import deliver_due
from strongroom.systems.biotech.system import system
from strongroom.testing.databases import open_database
from tests.systems.biotech.outbox import OPTIONS

if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    database = open_database(DatabaseOptions(told["url"]), (system,))
    while True:
        deliver_due(database, OPTIONS, told["workers"])
        time.sleep(0.02)
