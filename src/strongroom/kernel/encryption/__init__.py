"""Encryption: what is kept so that even its keeper cannot read it."""

from strongroom.kernel.encryption.passwords import hash_password, needs_rehash, verify_password

__all__ = ["hash_password", "needs_rehash", "verify_password"]
