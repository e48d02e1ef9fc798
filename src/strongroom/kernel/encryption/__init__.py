"""Encryption: what is kept so that even its keeper cannot read it, and what only its keeper can."""

from strongroom.kernel.encryption.passwords import hash_password, needs_rehash, verify_password
from strongroom.kernel.encryption.seals import Keyring

__all__ = ["Keyring", "hash_password", "needs_rehash", "verify_password"]
