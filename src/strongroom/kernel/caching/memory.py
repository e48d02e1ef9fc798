"""Answers in this process' own memory, bounded by count and by bytes; what was asked for longest ago goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict

from strongroom.kernel.caching.stores import Entry

#: what an entry costs beside its answer: key, version, and the links between entries
OVERHEAD_BYTES = 512


class MemoryStore:
    """A store for the threads and tasks of one process."""

    waits = False

    def __init__(self, *, entries_max: int = 10_000, bytes_max: int = 64_000_000) -> None:
        """An answer that is larger than a quarter of bytes_max is not kept: it would drive out all others."""
        self.entries_max = entries_max
        self.bytes_max = bytes_max
        self.bytes = 0
        self.evicted = 0
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: str) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def keep(self, key: str, entry: Entry) -> None:
        with self._lock:
            self._forget(key)
            if _size(entry) > self.bytes_max // 4:
                return
            self._entries[key] = entry
            self.bytes += _size(entry)
            while len(self._entries) > self.entries_max or self.bytes > self.bytes_max:
                self._forget(next(iter(self._entries)))
                self.evicted += 1

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.bytes = 0

    def _forget(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= _size(entry)


def _size(entry: Entry) -> int:
    return OVERHEAD_BYTES + len(entry.answer)
