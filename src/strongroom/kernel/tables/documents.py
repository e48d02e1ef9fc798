"""JSON documents that notice changes of what is in them, at any depth, so that a change in place is a change saved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, SupportsIndex

from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import Mutable, MutableDict, MutableList
from sqlalchemy.types import TypeEngine


def JsonDocument(kind: type[dict[str, Any]] | type[list[Any]] = dict) -> TypeEngine[Any]:
    """jsonb (JSON on SQLite) whose changes in place are seen and saved, at any depth; kind: dict or list.

    None is NULL and not the JSON null. What is put in is copied: change what is in the document, not what was put
    there.
    """
    document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return TrackedDict.as_mutable(document) if kind is dict else TrackedList.as_mutable(document)


def canonical_json(document: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces; Decimals, dates and ids as strings. For hashes, so never change it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


class TrackedDict(MutableDict[str, Any]):
    """An object of JSON. holder: what it lies in, which is told of every change; None for a whole document."""

    def __init__(
        self, values: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), holder: Mutable | None = None
    ) -> None:
        super().__init__({name: _held(value, self) for name, value in dict(values).items()})
        self._holder = holder

    def changed(self) -> None:
        """Tell the rows whose column this is, and the holder."""
        super().changed()
        if self._holder is not None:
            self._holder.changed()

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, _held(value, self))

    def setdefault(self, name: str, default: Any = None) -> Any:
        """The value of this name, which is the default from now on if there was none."""
        if name not in self:
            self[name] = default
        return self[name]

    def update(self, *values: Any, **named: Any) -> None:
        """As dict.update."""
        super().update({name: _held(value, self) for name, value in dict(*values, **named).items()})

    def __ior__(self, values: Any) -> TrackedDict:  # type: ignore[override,misc]  # | makes a plain dict, |= does not
        self.update(values)
        return self

    def __reduce__(self) -> Any:
        return type(self), (_plain(self),)

    def __reduce_ex__(self, _: SupportsIndex) -> Any:
        return self.__reduce__()


class TrackedList(MutableList[Any]):
    """A list of JSON. holder: what it lies in, which is told of every change; None for a whole document."""

    def __init__(self, values: Iterable[Any] = (), holder: Mutable | None = None) -> None:
        self._holder = holder
        super().__init__([_held(value, self) for value in values])

    def changed(self) -> None:
        """Tell the rows whose column this is, and the holder."""
        super().changed()
        if self._holder is not None:
            self._holder.changed()

    def __setitem__(self, index: Any, value: Any) -> None:
        held = [_held(item, self) for item in value] if isinstance(index, slice) else _held(value, self)
        super().__setitem__(index, held)

    def append(self, value: Any) -> None:
        """As list.append."""
        super().append(_held(value, self))

    def extend(self, values: Iterable[Any]) -> None:
        """As list.extend."""
        super().extend([_held(value, self) for value in values])

    def insert(self, index: SupportsIndex, value: Any) -> None:
        """As list.insert."""
        super().insert(index, _held(value, self))

    def __reduce__(self) -> Any:
        return type(self), (_plain(self),)

    def __reduce_ex__(self, _: SupportsIndex) -> Any:
        return self.__reduce__()


def _held(value: Any, holder: Mutable) -> Any:
    """The value as it lies in a document."""
    if isinstance(value, dict):
        return TrackedDict(value, holder)
    return TrackedList(value, holder) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """The same without anybody who is told."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
