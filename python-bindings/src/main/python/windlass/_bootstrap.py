"""What runs first inside the JVM: runs the user's program as Python itself would, and answers the exit code."""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import faulthandler
import functools
import importlib
import io
import os
import runpy
import sys
import threading
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

from windlass._launch import JEP_VERSION, LIBRARY_PATH, LIBRARY_PATH_BEFORE, mark_embedded

_INTERRUPTED = 130
_TERMINATED = 143


def run_program(signals: Any, jep_version: str, arguments: list[str]) -> int:
    """Runs the program that the arguments name.

    Args:
        signals: Java's, to wait for SIGINT and SIGTERM.
        jep_version: of the jar; the native part was checked before.
        arguments: as behind `python -m windlass`.

    Returns:
        The exit code of the process.
    """
    if jep_version != JEP_VERSION:
        print(f"windlass: the jar of jep is {jep_version}, and must be {JEP_VERSION}", file=sys.stderr)
        return 2
    mark_embedded()
    _tidy()
    _listen(signals)
    status = _guarded(lambda: _run(arguments))
    return _leave(status)


def _no_faulthandler(*_arguments: object, **_named: object) -> None:
    """What faulthandler.enable does here: nothing.

    A JVM takes SIGSEGV for its own purposes many times a second, and writes a report of its own when it is meant.
    """


def _tidy() -> None:
    faulthandler.disable()  # PYTHONFAULTHANDLER may have been set
    faulthandler.enable = _no_faulthandler
    # Jep's importer looks for Java packages first: a Python module must never be hidden by one.
    for finder in [each for each in sys.meta_path if type(each).__module__.startswith("jep")]:
        sys.meta_path.remove(finder)
        sys.meta_path.append(finder)
    before = os.environ.pop(LIBRARY_PATH_BEFORE, None)
    if before is not None:
        if before:
            os.environ[LIBRARY_PATH] = before
        else:
            os.environ.pop(LIBRARY_PATH, None)
    # Threads inherit it, and threads of a program are no daemons.
    threading.current_thread()._daemonic = False  # type: ignore[attr-defined]
    os.register_at_fork(after_in_child=_be_the_main_thread)


def _be_the_main_thread() -> None:
    """The thread that a forked child goes on with is its main thread, and has the lock that such a thread ends by: one that
    Java has made has none, and `multiprocessing` would end each child with 1.
    """
    thread: Any = threading.current_thread()
    if hasattr(thread, "_tstate_lock") and thread._tstate_lock is None:  # later versions of Python have none at all
        thread._set_tstate_lock()


# --- signals ------------------------------------------------------------------------------------------------------


class _Received:
    """The signal that came, for the exit code."""

    name: str | None = None


def _listen(signals: Any) -> None:
    main_id = threading.get_ident()

    def wait() -> None:
        while True:
            _Received.name = str(signals.next())
            if _interrupt_runner(main_id) or _interrupt_loop(main_id):
                continue
            if _Received.name == "TERM":
                # As under plain Python, nothing is run any more, but Java's shutdown hooks.
                java: Any = importlib.import_module("java.lang")
                java.Runtime.getRuntime().exit(_TERMINATED)
            _raise_in(main_id)

    threading.Thread(target=wait, name="windlass-signals", daemon=True).start()


def _frames(thread_id: int) -> Iterator[types.FrameType]:
    frame = sys._current_frames().get(thread_id)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _interrupt_runner(thread_id: int) -> bool:
    """Cancels the main task of asyncio.run, as asyncio itself does on Python's main thread; KeyboardInterrupt follows."""
    for frame in _frames(thread_id):
        runner, task = frame.f_locals.get("self"), frame.f_locals.get("task")
        if frame.f_code.co_name == "run" and isinstance(runner, asyncio.Runner) and isinstance(task, asyncio.Task):
            return _call(task.get_loop(), functools.partial(_cancel, runner, task))
    return False


def _cancel(runner: Any, task: asyncio.Task[Any]) -> None:
    runner._interrupt_count += 1
    task.cancel()


def _interrupt_loop(thread_id: int) -> bool:
    """Raises in an event loop that something else than asyncio.run runs, and wakes it."""
    for frame in _frames(thread_id):
        loop = frame.f_locals.get("self") if frame.f_code.co_name == "run_forever" else None
        if isinstance(loop, asyncio.AbstractEventLoop):
            _raise_in(thread_id)
            _call(loop, lambda: None)
            return True
    return False


def _call(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> bool:
    try:
        loop.call_soon_threadsafe(action)
    except RuntimeError:  # it has just been closed
        return False
    return True


def _raise_in(thread_id: int) -> None:
    """KeyboardInterrupt in another thread, as soon as it runs Python code again."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(KeyboardInterrupt))


# --- running ------------------------------------------------------------------------------------------------------


def _run(arguments: list[str]) -> None:
    if arguments[:1] == ["-m"]:
        sys.argv = ["-m", *arguments[2:]]
        sys.path.insert(0, os.getcwd())
        runpy._run_module_as_main(arguments[1], alter_argv=True)  # type: ignore[attr-defined]
    elif arguments[:1] == ["-c"]:
        sys.argv = ["-c", *arguments[2:]]
        sys.path.insert(0, "")
        _execute(arguments[1], "<string>")
    elif arguments and arguments[0] != "-":
        _script(arguments)
    else:
        sys.argv = arguments or [""]
        sys.path.insert(0, "")
        if sys.stdin.isatty() and not arguments:
            runpy._run_module_as_main("asyncio", alter_argv=False)  # type: ignore[attr-defined]
        else:
            _execute(sys.stdin.read(), "<stdin>")


def _main_module() -> types.ModuleType:
    module = sys.modules["__main__"]
    module.__dict__.setdefault("__builtins__", sys.modules["builtins"])
    module.__dict__["__name__"] = "__main__"
    module.__dict__["__spec__"] = None
    module.__dict__["__package__"] = None
    return module


def _execute(source: str | bytes, name: str) -> None:
    exec(compile(source, name, "exec", dont_inherit=True), _main_module().__dict__)


def _script(arguments: list[str]) -> None:
    path = arguments[0]
    sys.argv = list(arguments)
    if os.path.isdir(path) or path.endswith((".zip", ".pyz")):
        sys.path.insert(0, path)
        runpy._run_module_as_main("__main__", alter_argv=False)  # type: ignore[attr-defined]
        return
    try:
        with io.open_code(os.path.abspath(path)) as file:
            source = file.read()
    except OSError as e:
        print(f"windlass: can't open file '{os.path.abspath(path)}': [Errno {e.errno}] {e.strerror}", file=sys.stderr)
        raise SystemExit(2) from None
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    _main_module().__dict__["__file__"] = path
    _execute(source, path)


def _guarded(body: Callable[[], None]) -> int:
    try:
        body()
    except SystemExit as e:
        return _exit_code(e)
    except KeyboardInterrupt as e:
        if _Received.name == "TERM":
            return _TERMINATED
        _show(e)
        return _INTERRUPTED
    except BaseException as e:
        _show(e)
        return 1
    return 0


def _exit_code(e: SystemExit) -> int:
    if e.code is None:
        return 0
    if isinstance(e.code, int):
        return e.code & 0xFF
    print(e.code, file=sys.stderr)
    return 1


def _show(e: BaseException) -> None:
    """As Python does, without the frames of this file and of runpy."""
    trace = e.__traceback__
    own = {__file__, runpy.__file__, "<frozen runpy>", "<string>"}
    while trace is not None and trace.tb_frame.f_code.co_filename in own - ({"<string>"} if _is_code() else set()):
        trace = trace.tb_next
    sys.stdout.flush()
    try:
        sys.excepthook(type(e), e.with_traceback(trace), trace)
    except BaseException:
        traceback.print_exc()


def _is_code() -> bool:
    return bool(sys.argv) and sys.argv[0] == "-c"


# --- the end ------------------------------------------------------------------------------------------------------


def _leave(status: int) -> int:
    """What Python does at its end, as far as a program can tell."""
    try:
        # concurrent.futures ends its workers here; threading._shutdown itself would wait for this very thread.
        for call in reversed(getattr(threading, "_threading_atexits", [])):
            call()
        # Python's own main thread is one of Java's, and ends with the process.
        others = {threading.current_thread(), threading.main_thread()}
        for thread in threading.enumerate():
            if thread not in others and not thread.daemon and not isinstance(thread, threading._DummyThread):
                thread.join()
    except SystemExit as e:
        status = _exit_code(e)
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except BaseException:
        traceback.print_exc()
    try:
        atexit._run_exitfuncs()
    except BaseException:
        traceback.print_exc()
    bridge = sys.modules.get("windlass._bridge")
    if bridge is not None:
        bridge.close()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            status = status or 120
    return status
