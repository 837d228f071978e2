"""Metrics of this process: requests, claims, attempts, leases, runs and steps, counted and timed by the engine.

from windlass import metrics

metrics.enable_prometheus(port=9000)  # before connect
"""

from __future__ import annotations

import http.server
import os
import threading
from typing import NoReturn

from windlass import _bridge
from windlass._arguments import to_whole
from windlass.errors import InvalidInputError, WindlassError

PORT = "WINDLASS_METRICS_PORT"


class _State:
    lock = threading.Lock()
    server: http.server.HTTPServer | None = None


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = 5

    def do_GET(self) -> None:
        """Answers /metrics."""
        if self.path.partition("?")[0] != "/metrics":
            self.send_error(404, "Not here", "The metrics are at /metrics.")
            return
        body = _bridge.bridge().scrape().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are no news."""


def enable_prometheus(port: int = 9000, *, host: str = "127.0.0.1") -> int:
    """Counts what the connections do that are opened from now on, and shows it at `/metrics`, as the text that Prometheus
    reads. A second call does nothing. Their names are in docs/operations.md.

    Args:
        port: where to listen; 0 for any that is free.
        host: the address to listen on; 0.0.0.0 for all.

    Returns:
        The port.

    Raises:
        ImportError: this Python runs without a JVM.
        InvalidInputError: the port is none.
        WindlassError: it is taken, or may not be used.
    """
    to_whole("port", port, 0, 65535)
    bridge = _bridge.bridge()
    with _State.lock:
        if _State.server is None:
            try:
                # One thread for all: each thread of Python that calls Java costs one of Java's, for good.
                server = http.server.HTTPServer((host, port), _Handler)
            except OSError as e:
                raise WindlassError(f"The metrics cannot be shown at {host}:{port}: {e.strerror}. Use another port.") from e
            bridge.enable_metrics()
            threading.Thread(target=server.serve_forever, name="windlass-metrics", daemon=True).start()
            _State.server = server
        return _State.server.server_address[1]


def scrape() -> str:
    """What has been counted, as the text that Prometheus reads: for programs with an HTTP server of their own. Empty before
    `enable_prometheus`.
    """
    return _bridge.bridge().scrape()


def auto_configure() -> str | None:
    """Enables what the environment asks for: Prometheus at the port of WINDLASS_METRICS_PORT.

    Returns:
        `current_exporter()`.

    Raises:
        InvalidInputError: the variable is no port.
    """
    text = os.environ.get(PORT)
    if text:
        if not text.isdecimal():
            raise InvalidInputError(f"{PORT} is {text!r:.60}. Use a port, such as 9000.")
        enable_prometheus(int(text))
    return current_exporter()


def current_exporter() -> str | None:
    """`prometheus`, or None if nothing is counted."""
    return None if _State.server is None else "prometheus"


def enable_statsd(*_arguments: object, **_named: object) -> NoReturn:
    """Not there.

    Raises:
        InvalidInputError: always; it says what to use.
    """
    raise InvalidInputError(
        "There is no StatsD exporter. Use metrics.enable_prometheus(), which any agent reads: Telegraf, the Datadog agent, "
        "Vector."
    )


def enable_opentelemetry(*_arguments: object, **_named: object) -> NoReturn:
    """Not there.

    Raises:
        InvalidInputError: always; it says what to use.
    """
    raise InvalidInputError(
        "There is no OpenTelemetry exporter. Use metrics.enable_prometheus(), which the OpenTelemetry Collector's prometheus "
        "receiver reads."
    )
