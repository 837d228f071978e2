"""Runs `pytest` inside the JVM: a plugin of pytest, off unless `pytest.ini` or `pyproject.toml` says `windlass_jvm = true`.

It stands beside the package, not in it: pytest loads it in every run of the environment, and it must cost nothing there.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the switch."""
    parser.addini("windlass_jvm", "start pytest again in the JVM that windlass needs", type="bool", default=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, Any, Any]:
    """Turns this process into one with a JVM, before anything is captured or collected."""
    if early_config.getini("windlass_jvm"):
        from windlass import _launch

        if not _launch.is_embedded() and "xdist" not in sys.modules:
            capture: Any = early_config.pluginmanager.getplugin("capturemanager")
            if capture is not None:
                capture.suspend_global_capture(in_=True)
            try:
                _launch.launch(["-m", "pytest", *args])
            except _launch.LaunchError as e:
                raise pytest.UsageError(str(e)) from None
    return (yield)
