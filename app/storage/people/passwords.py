"""Passwords: kept as argon2id hashes alone, and tried at the same cost whether there is an account or not."""

import base64
import secrets

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.text.passwords import prepared

PASSES = 3
LANES = 4
AT_ONCE = 4
"""How many are tried at a time in one process, since each takes its memory; more wait their turn."""


class Passwords:
    """Hashes passwords and tries them, each taking so many MiB. Not while a transaction writes: it takes a while."""

    def __init__(self, mebibytes: int) -> None:
        memory = mebibytes * 1024
        self._hasher = PasswordHash((Argon2Hasher(time_cost=PASSES, memory_cost=memory, parallelism=LANES),))
        self._turns = CapacityLimiter(AT_ONCE)
        # The hash of no password, for names that nobody has: to try it takes as long as any other.
        self._nobody = f"$argon2id$v=19$m={memory},t={PASSES},p={LANES}${_random(16)}${_random(32)}"

    def hashed(self, password: str) -> str:
        return self._hasher.hash(prepared(password))

    def tried(self, password: str, hash: str) -> tuple[bool, str]:
        """Whether a password is the one of a hash (empty: of nobody's), and what to keep in its place, if anything."""
        right, newer = self._hasher.verify_and_update(prepared(password), hash or self._nobody)
        return right and bool(hash), newer or ""

    async def hash(self, password: str) -> str:
        """The same as `hashed`, for async code."""
        return await run_sync(self.hashed, password, limiter=self._turns)

    async def attempt(self, password: str, hash: str) -> tuple[bool, str]:
        """The same as `tried`, for async code."""
        return await run_sync(self.tried, password, hash, limiter=self._turns)


def _random(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
