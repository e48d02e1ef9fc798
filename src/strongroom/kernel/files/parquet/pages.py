"""Looks at the header of every page of a Parquet file before pyarrow does, which allocates what a header claims.

The footer's claims about a column are bounded by the size of the file; a page says again how large it is, and how it is
encoded, and may lie on its own. Headers are Thrift structs in the compact protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

#: of one header; statistics in it may be long
HEADER_BYTES_MAX = 256 * 1024

_DICTIONARY = 2
#: field of the header that says more, by the type of the page; in it, the fields of the count and of the encoding
_DETAILS = {0: (5, 1, 2), _DICTIONARY: (7, 1, 2), 3: (8, 1, 4)}
_TYPE, _UNPACKED, _PACKED = 1, 2, 3
_DEPTH_MAX = 8

Struct = dict[int, "int | Struct"]


class HeaderDamaged(ValueError):
    """What stands there is no header of a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a header claims. encoding: its number in the format; values: None of a page that holds none."""

    is_dictionary: bool
    unpacked_bytes: int
    values: int | None
    encoding: int | None


def read_pages(file: BinaryIO, begin: int, length: int) -> Iterator[Page]:
    """The pages that fill a part of a file. Raises HeaderDamaged when they do not."""
    end = begin + length
    while begin < end:
        file.seek(begin)
        header = _Compact(file.read(min(HEADER_BYTES_MAX, end - begin)))
        fields = header.read_struct()
        kind, packed, unpacked = (_number(fields, key) for key in (_TYPE, _PACKED, _UNPACKED))
        begin += header.at + packed
        if begin > end or min(packed, unpacked) < 0:
            raise HeaderDamaged
        if kind not in _DETAILS:
            yield Page(False, unpacked, None, None)
            continue
        details, values, encoding = _DETAILS[kind]
        more = fields.get(details)
        if not isinstance(more, dict) or _number(more, values) < 0:
            raise HeaderDamaged
        yield Page(kind == _DICTIONARY, unpacked, _number(more, values), _number(more, encoding))


def _number(fields: Struct, key: int) -> int:
    found = fields.get(key)
    if not isinstance(found, int):
        raise HeaderDamaged
    return found


class _Compact:
    """Thrift's compact protocol, as far as numbers go; the rest is passed over. at: how far it was read."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.at = 0

    def read_struct(self, depth: int = 0) -> Struct:
        """The numbers and structs of a struct by the ids of their fields."""
        if depth > _DEPTH_MAX:
            raise HeaderDamaged
        fields: Struct = {}
        key = 0
        while first := self._byte():
            step, kind = divmod(first, 16)
            key = key + step if step else self._zigzag()
            value = self._read(kind, depth)
            if value is not None:
                fields[key] = value
        return fields

    def _read(self, kind: int, depth: int, *, is_element: bool = False) -> int | Struct | None:
        if kind in (1, 2):  # true and false: in a list each has a byte of its own
            return self._byte() if is_element else 2 - kind
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._zigzag()
        if kind == 12:
            return self.read_struct(depth + 1)
        if kind == 7:
            self._skip(8)
        elif kind == 8:
            self._skip(self._varint())
        elif kind in (9, 10):
            self._skip_elements(depth + 1)
        else:
            raise HeaderDamaged  # maps stand in no header
        return None

    def _skip_elements(self, depth: int) -> None:
        if depth > _DEPTH_MAX:
            raise HeaderDamaged
        count, kind = divmod(self._byte(), 16)
        for _ in range(self._varint() if count == 15 else count):
            self._read(kind, depth, is_element=True)

    def _byte(self) -> int:
        self._skip(1)
        return self._content[self.at - 1]

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self._content):
            raise HeaderDamaged

    def _varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise HeaderDamaged

    def _zigzag(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)
