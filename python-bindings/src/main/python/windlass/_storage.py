"""The objects of a store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from windlass._json import shown
from windlass.errors import InvalidInputError

if TYPE_CHECKING:
    from windlass._queue import Queue

LARGEST = 64 * 1024 * 1024


class Storage:
    """The objects of a store, below all queues. What Windlass stores itself can be read and listed, and is written by the
    protocol alone: a program's own objects need another prefix, such as `files/`.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    async def get(self, key: str) -> bytes | None:
        """An object's bytes, or None if there is none. One GET."""
        result = await self._queue._call("storage.get", {"key": _key(key)})
        return result if isinstance(result, bytes) else None

    async def put(self, key: str, body: bytes) -> None:
        """Writes an object, over what was there. One PUT; durable on return; safe to repeat.

        Args:
            key: 1 to 1,024 bytes.
            body: at most 64 MiB.

        Raises:
            InvalidInputError: the key belongs to Windlass, or key or body is of the wrong kind.
            StoreUnavailableError: it is not known whether it was written.
        """
        if not isinstance(body, bytes):
            raise InvalidInputError(f"The body is a {type(body).__name__}. Use bytes, such as text.encode().")
        if len(body) > LARGEST:
            raise InvalidInputError(f"The body has {len(body)} bytes. Use at most {LARGEST}.")
        await self._queue._call("storage.put", {"key": _key(key)}, body)

    async def delete(self, key: str) -> None:
        """Deletes an object; nothing happens if there is none. One DELETE.

        Raises:
            InvalidInputError: the key belongs to Windlass.
        """
        await self._queue._call("storage.delete", {"key": _key(key)})

    async def exists(self, key: str) -> bool:
        """Whether there is such an object. One GET."""
        return await self.get(key) is not None

    async def list(self, prefix: str = "", *, start_after: str | None = None, limit: int = 1000) -> list[str]:
        """Keys that begin with a prefix, in order where the store lists in order. One LIST.

        Args:
            prefix: what they begin with; empty for all.
            start_after: only keys behind this one.
            limit: at most so many, 1 to 1,000.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 1000:
            raise InvalidInputError(f"The limit is {shown(limit)}. Use 1 to 1000; iterate() goes on from page to page.")
        told = json.loads(
            await self._queue._call("storage.list", {"prefix": prefix, "startAfter": start_after, "limit": limit})
        )
        return list(told["keys"])

    async def iterate(self, prefix: str = "") -> AsyncIterator[str]:
        """All keys that begin with a prefix. One LIST per thousand."""
        after: str | None = None
        while True:
            told = json.loads(await self._queue._call("storage.list", {"prefix": prefix, "startAfter": after, "limit": 1000}))
            for key in told["keys"]:
                yield key
            if not told["more"] or not told["keys"]:
                return
            after = told["keys"][-1]


def _key(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise InvalidInputError(f"The key is {shown(key)}. Use a text that is not empty.")
    return key
