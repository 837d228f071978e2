"""Connecting to a store."""

from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Awaitable, Generator
from types import TracebackType
from typing import Any

from windlass import _bridge
from windlass._arguments import to_text
from windlass._connection import Connection
from windlass._json import shown
from windlass._queue import Queue
from windlass.errors import InvalidInputError


class Connecting(Awaitable[Queue]):
    """What `connect` gives: await it, or use it in `async with`."""

    def __init__(self, url: str, options: dict[str, str], name: str, shard_width: int | None, concurrency: int) -> None:
        self._url = url
        self._options = options
        self._name = name
        self._shard_width = shard_width
        self._concurrency = concurrency
        self._opened: Queue | None = None

    async def _open(self) -> Queue:
        arguments: dict[str, object] = {
            "url": self._url,
            "options": self._options,
            "concurrency": self._concurrency,
        }
        if self._shard_width is not None:
            arguments["shardWidth"] = self._shard_width
        bridge = _bridge.bridge()
        bridge.set_log_level()
        told = json.loads(await bridge.call("connect", json.dumps(arguments)))
        return Queue(Connection(told["connection"], told["location"], told["shardWidth"]), self._name)

    def __await__(self) -> Generator[Any, None, Queue]:
        return self._open().__await__()

    async def __aenter__(self) -> Queue:
        self._opened = await self._open()
        return self._opened

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            await self._opened.close()


def connect(
    endpoint: str | None = None,
    bucket: str | None = None,
    region: str | None = None,
    shard_prefix_len: int | None = None,
    *,
    url: str | None = None,
    queue: str = "default",
    concurrency: int = 256,
) -> Connecting:
    """Connects to a store. Await it, or use it in `async with`: then the connection is closed in the end.

    One or two GETs; writes nothing, unless shard_prefix_len is given: an empty place is initialised by the first write.

    Args:
        endpoint: another server than Amazon S3, such as http://127.0.0.1:9000; otherwise S3_ENDPOINT.
        bucket: the bucket; otherwise S3_BUCKET.
        region: its region; otherwise S3_REGION, then AWS's own chain, where the credentials come from, too.
        shard_prefix_len: hexadecimal digits of the shard that leads the keys of tasks, 1 to 4; initialises a new store with
            it. None for what the store has, or 2.
        url: the place as a URI, in place of the above: "file:./data" (from the working directory of this moment),
            "s3://bucket/prefix", "mem:" (private to this connection). Otherwise WINDLASS_STORE.
        queue: the name of the queue; others by `queue.queue(name)`.
        concurrency: how many requests may be under way at once, 1 to 10,000.

    Raises:
        ImportError: this Python runs without a JVM.
        InvalidInputError: no place is named, or two, or no backend knows it.
        StoreRefusedError: the place cannot be used: permission, no such bucket, format.
        StoreUnavailableError: the store does not answer.
    """
    options: dict[str, str] = {}
    place = _place(endpoint, bucket, region, url)
    if url is None or region is not None:
        for name, given, variable in (("endpoint", endpoint, "S3_ENDPOINT"), ("region", region, "S3_REGION")):
            value = given or os.environ.get(variable)
            if value and place.startswith("s3:"):
                options[name] = value
    if shard_prefix_len is not None and (
        isinstance(shard_prefix_len, bool) or not isinstance(shard_prefix_len, int) or not 1 <= shard_prefix_len <= 4
    ):
        raise InvalidInputError(f"shard_prefix_len is {shown(shard_prefix_len)}. Use 1 to 4.")
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or not 1 <= concurrency <= 10_000:
        raise InvalidInputError(f"concurrency is {shown(concurrency)}. Use 1 to 10000.")
    _bridge.bridge().hand_over_environment()  # without a JVM this is the moment to say so
    return Connecting(_absolute(place), options, to_text("queue", queue), shard_prefix_len, concurrency)


def _place(endpoint: str | None, bucket: str | None, region: str | None, url: str | None) -> str:
    if url is not None:
        given = [n for n, v in (("endpoint", endpoint), ("bucket", bucket), ("region", region)) if v is not None]
        if given:
            raise InvalidInputError(f"url is given beside {', '.join(given)}. Use the one or the others.")
        return to_text("url", url)
    if bucket is None and endpoint is None and os.environ.get("WINDLASS_STORE"):
        return os.environ["WINDLASS_STORE"]
    name = bucket if bucket is not None else os.environ.get("S3_BUCKET")
    if not name:
        raise InvalidInputError(
            'There is no place to connect to. Give a url such as "file:./data" or "mem:", or a bucket, or set '
            "S3_BUCKET or WINDLASS_STORE."
        )
    return f"s3://{urllib.parse.quote(to_text('bucket', name), safe='/')}"


def _absolute(place: str) -> str:
    """A directory from Python's working directory: `os.chdir` does not move Java's."""
    scheme, mark, rest = place.partition(":")
    if scheme.lower() != "file" or not mark or not rest or rest.startswith(("/", "?")):
        return place
    return f"file:{urllib.parse.quote(os.getcwd())}/{rest}"  # noqa: PTH109 - as text, to be quoted
