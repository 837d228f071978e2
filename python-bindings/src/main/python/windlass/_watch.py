"""Whether the event loop of a worker is alive."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback

LOG = logging.getLogger("windlass")

BLOCKED_SECONDS = 2.0


class LoopWatch:
    """Reports a handler that blocks the event loop: a thread asks the loop for a sign of life now and then."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ended = threading.Event()
        self._thread_id = threading.get_ident()
        self._thread = threading.Thread(target=self._look, name="windlass-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(BLOCKED_SECONDS):
            alive = threading.Event()
            try:
                self._loop.call_soon_threadsafe(alive.set)
            except RuntimeError:
                return  # closed
            if not alive.wait(BLOCKED_SECONDS) and not self._ended.is_set():
                frame = sys._current_frames().get(self._thread_id)
                where = "".join(traceback.format_stack(frame)[-6:]) if frame is not None else "(unknown)"
                LOG.warning(
                    "the event loop has been blocked for %s s: all other handlers of this worker stand still. Await, or make "
                    "the handler a plain function, which runs on a thread. It is at:\n%s",
                    BLOCKED_SECONDS,
                    where,
                )
                while not alive.wait(1) and not self._ended.is_set():
                    pass
