"""Cached reads that are never stale and never another's: the database itself says which answer is still right."""

from strongroom.kernel.caching.cache import Cache, Figures, install_cache
from strongroom.kernel.caching.memory import MemoryStore
from strongroom.kernel.caching.reads import NotCacheable, anyone, by_roles, cached_read, whole_actor
from strongroom.kernel.caching.redis import RedisStore
from strongroom.kernel.caching.stores import Entry, Store
from strongroom.kernel.caching.versions import renew_all

__all__ = [
    "Cache",
    "Entry",
    "Figures",
    "MemoryStore",
    "NotCacheable",
    "RedisStore",
    "Store",
    "anyone",
    "by_roles",
    "cached_read",
    "install_cache",
    "renew_all",
    "whole_actor",
]
