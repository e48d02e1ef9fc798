"""The process that reads one Parquet file: `python -m strongroom.kernel.files.parquet.child DESCRIPTOR LIMITS`.

It is told nothing it could give away, and may take little memory and time. It says that it is ready, then what is in
the file or why it is refused; or it dies.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from strongroom.kernel.files.parquet.claims import damaged, too_large
from strongroom.kernel.files.parquet.limits import ParquetLimits
from strongroom.kernel.files.parquet.lines import pack, write_line
from strongroom.kernel.files.parquet.table import ParquetTable
from strongroom.kernel.files.unreadable import Unreadable


class OpenFile(io.RawIOBase):
    """A file that others have open too: it is read without moving their position in it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        content = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


def restrict(limits: ParquetLimits) -> None:
    """Let this process have so much more memory than it has now, and so much time."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
    status = Path("/proc/self/statm")
    if status.exists():
        most = int(status.read_text().split()[0]) * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def tell(descriptor: int, limits: ParquetLimits, out: Any) -> None:
    """Write what is in the file: its columns, then its rows; or why it is refused."""
    file = OpenFile(descriptor)
    try:
        table = ParquetTable(io.BufferedReader(file, 64 * 1024), file.size, limits)
        out.write(write_line(names=table.names, rows=table.rows))
        out.flush()
        for batch in table.batches():
            out.write(write_line(columns=[pack(column) for column in batch]))
        out.write(write_line(end=True))
    except BrokenPipeError:
        raise
    except Unreadable as refusal:
        _refuse(out, refusal)
    except MemoryError:
        _refuse(out, too_large(limits))
    except Exception:  # whatever the damage led pyarrow to
        _refuse(out, damaged())


def _refuse(out: Any, refusal: Unreadable) -> None:
    out.write(write_line(refused=[refusal.reason, refusal.fix, refusal.row]))


if __name__ == "__main__":
    told = ParquetLimits(**json.loads(sys.argv[2]))
    restrict(told)
    try:
        sys.stdout.buffer.write(write_line(ready=True))
        sys.stdout.flush()
        tell(int(sys.argv[1]), told, sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody wants to know the rest
        os._exit(0)
