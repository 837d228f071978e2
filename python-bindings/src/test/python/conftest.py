"""Stores for tests: each test runs on every store that there is."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

import windlass

Connect = Callable[..., Awaitable[windlass.Queue]]

BUCKET = os.environ.get("WINDLASS_TEST_BUCKET")


@pytest.fixture(params=["mem", "file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store is."""
    if request.param == "mem":
        return "mem:"
    if request.param == "file":
        return f"file:{tmp_path}/store?fsync=false"
    if BUCKET is None:
        pytest.skip("there is no S3 server")
    return f"s3://{BUCKET}/{uuid.uuid4()}?endpoint={os.environ['S3_ENDPOINT']}&region={os.environ['S3_REGION']}"


@pytest.fixture
async def queue(url: str) -> AsyncIterator[windlass.Queue]:
    """A queue on an empty store."""
    async with windlass.connect(url=url) as opened:
        yield opened


@pytest.fixture
async def memory() -> AsyncIterator[windlass.Queue]:
    """A queue on an empty store in memory, for what has nothing to do with the kind of store."""
    async with windlass.connect(url="mem:") as opened:
        yield opened
