"""Programs as a user starts them: arguments, exit codes, signals, tracebacks, and what is said when something is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

import windlass

WINDLASS = [sys.executable, "-m", "windlass"]


def plain(command: list[str], **settings: object) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end."""
    environment = {**os.environ, **(settings.pop("env", {}))}  # type: ignore[dict-item]
    environment.pop("PYTEST_CURRENT_TEST", None)
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
        **settings,  # type: ignore[call-overload]
    )


def script(folder: Path, text: str, name: str = "app.py") -> str:
    """Writes a program."""
    file = folder / name
    file.write_text(text)
    return str(file)


SUBMIT = """
import asyncio, windlass
async def main():
    async with windlass.connect(url="mem:") as queue:
        task = await queue.submit("t", {"a": 1})
        print(task.input["a"])
asyncio.run(main())
"""


def test_script_arguments_file_name_and_path_are_pythons(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("VALUE = 42\n")
    app = script(tmp_path, "import sys, beside\nprint(__name__, __file__, sys.argv[1:], beside.VALUE)\n")

    done = plain([*WINDLASS, app, "a b", "-m", "--x=ü"])

    assert done.stderr == ""
    assert done.stdout == f"__main__ {app} ['a b', '-m', '--x=ü'] 42\n"
    assert done.returncode == 0


def test_module_code_and_standard_input_run(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    script(tmp_path / "package", "import sys\nprint(__name__, __package__, sys.argv[1:])\n", "__main__.py")

    module = plain([*WINDLASS, "-m", "package", "x"], cwd=tmp_path)
    code = plain([*WINDLASS, "-c", "import sys; print(sys.argv); sys.exit(7)", "y"])
    piped = plain(WINDLASS, input=SUBMIT)

    assert module.stdout == "__main__ package ['x']\n"
    assert code.stdout == "['-c', 'y']\n"
    assert code.returncode == 7
    assert piped.stdout == "1\n"


@pytest.mark.parametrize(
    ("text", "code", "error"),
    [
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('no luck')", 1, "no luck\n"),
        ("import sys\ndef f():\n    raise ValueError('bad ü')\nf()", 1, "ValueError: bad ü\n"),
        ("raise KeyboardInterrupt", 130, "KeyboardInterrupt\n"),
        ("x = = 1", 1, "SyntaxError: invalid syntax\n"),
    ],
)
def test_exit_codes_and_tracebacks_are_pythons(tmp_path: Path, text: str, code: int, error: str) -> None:
    app = script(tmp_path, text)

    done = plain([*WINDLASS, app])

    assert done.returncode == code
    assert done.stderr.endswith(error)
    assert "_bootstrap" not in done.stderr
    if "def f" in text:
        assert done.stderr == plain([sys.executable, app]).stderr


def test_end_runs_what_python_runs(tmp_path: Path) -> None:
    app = script(
        tmp_path,
        "import atexit, threading, time, concurrent.futures\n"
        "atexit.register(lambda: print('atexit', flush=True))\n"
        "pool = concurrent.futures.ThreadPoolExecutor(1)\n"
        "pool.submit(lambda: (time.sleep(0.3), print('pool', flush=True)))\n"
        "threading.Thread(target=lambda: (time.sleep(0.6), print('thread', flush=True))).start()\n"
        "print('main', flush=True)\n",
    )

    done = plain([*WINDLASS, app])

    assert done.stdout == "main\npool\nthread\natexit\n"
    assert done.returncode == 0


WORK = """
import asyncio, sys, windlass
async def main():
    async with windlass.connect(url="mem:") as queue:
        worker = windlass.Worker(queue)
        @worker.task("t")
        async def handle(_):
            print("started", flush=True)
            try:
                await asyncio.sleep(0.5)
                print("ended", flush=True)
            except asyncio.CancelledError:
                print("cancelled", flush=True)
                raise
        task = await queue.submit("t")
        try:
            await worker.run()
        finally:
            print("drained", (await task.refresh()).status.value, flush=True)
asyncio.run(main())
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_drains_the_worker_and_runs_finally(tmp_path: Path, number: signal.Signals, code: int) -> None:
    app = script(tmp_path, WORK)
    with subprocess.Popen([*WINDLASS, app], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert out == "ended\ndrained completed\n"
    assert process.returncode == code
    if number is signal.SIGINT:
        assert err.endswith("KeyboardInterrupt\n")


EXITS = """
import asyncio, sys, windlass
async def main():
    async with windlass.connect(url=sys.argv[1]) as queue:
        worker = windlass.Worker(queue)
        @worker.task("t")
        async def handle(_):
            sys.exit(3)
        task = await queue.submit("t", max_retries=0, task_id="one")
        await worker.run()
asyncio.run(main())
"""


async def test_exit_in_a_handler_ends_the_program_and_gives_the_task_back(tmp_path: Path) -> None:
    store = f"file:{tmp_path}/store"

    done = plain([*WINDLASS, script(tmp_path, EXITS), store])

    assert done.returncode == 3, done.stderr
    async with windlass.connect(url=store) as queue:
        task = await queue.handle("one").get()
        assert (task.status, task.retry_count) == (windlass.TaskStatus.Pending, 0)
        assert task.history[-1].event == "released"


EXITS_IN_STEPS = """
import asyncio, sys, windlass
from windlass.workflow import StepContext, Workflow, WorkflowClient, WorkflowContext, durable
graph = Workflow("graph")
def body(step):
    if sys.argv[2] == "exit":
        sys.exit(3)
    return step.attempt
@graph.step("a", retries=0)
def a(step: StepContext) -> int:
    return body(step)
@durable("function")
async def function(ctx: WorkflowContext, _) -> int:
    return await ctx.step("a", body_of_function, retries=0)
async def body_of_function(step: StepContext) -> int:
    return body(step)
async def main():
    async with windlass.connect(url=sys.argv[1]) as queue:
        worker = windlass.Worker(queue)
        worker.add_workflow(graph)
        worker.add_workflow(function)
        client = WorkflowClient(queue)
        run = await client.start({"graph": graph, "function": function}[sys.argv[3]], workflow_id="run")
        running = asyncio.create_task(worker.run())
        if sys.argv[2] == "exit":
            await running
        print(await client.result("run", timeout=60))
        worker.stop()
        await running
asyncio.run(main())
"""


@pytest.mark.parametrize(("kind", "result"), [("graph", "{'a': 1}"), ("function", "1")])
def test_exit_in_a_step_ends_the_program_and_counts_as_no_try(tmp_path: Path, kind: str, result: str) -> None:
    app = [*WINDLASS, script(tmp_path, EXITS_IN_STEPS), f"file:{tmp_path}/store"]

    first = plain([*app, "exit", kind])
    second = plain([*app, "stay", kind])

    assert (first.returncode, first.stdout) == (3, ""), first.stderr
    assert (second.returncode, second.stdout) == (0, f"{result}\n"), second.stderr


def test_second_interrupt_ends_at_once(tmp_path: Path) -> None:
    app = script(tmp_path, WORK.replace("sleep(0.5)", "sleep(60)"))
    with subprocess.Popen([*WINDLASS, app], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        process.communicate(timeout=60)
    assert process.returncode == 130


def test_terminate_without_a_loop_ends_at_once(tmp_path: Path) -> None:
    app = script(tmp_path, "import time\nprint('there', flush=True)\ntime.sleep(100)\n")
    with subprocess.Popen([*WINDLASS, app], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 143


def test_plain_python_import_error_names_the_command(tmp_path: Path) -> None:
    for text in (SUBMIT, "from windlass import connect", "import windlass; windlass.Queue"):
        done = plain([sys.executable, script(tmp_path, text)])

        assert done.returncode == 1
        assert "ImportError" in done.stderr
        assert "python -m windlass app.py" in done.stderr
        assert "ensure_jvm()" in done.stderr


def test_ensure_jvm_starts_the_script_again(tmp_path: Path) -> None:
    app = script(
        tmp_path, "import sys, windlass\nwindlass.ensure_jvm()\n" + SUBMIT + "print(sys.argv[1:], __file__)\nsys.exit(5)\n"
    )

    done = plain([sys.executable, app, "x y"])

    assert done.stderr == ""
    assert done.stdout == f"1\n['x y'] {app}\n"
    assert done.returncode == 5
    module = plain([sys.executable, "-m", "app", "z"], cwd=tmp_path)
    assert module.stdout.startswith("1\n['z']")


def test_ensure_jvm_at_a_prompt_says_so() -> None:
    done = plain([sys.executable], input="import windlass; windlass.ensure_jvm()\n")

    assert "ImportError" in done.stderr
    assert "prompt or standard input" in done.stderr


def test_help_works_without_a_jvm() -> None:
    environment = {"WINDLASS_WITHOUT_JVM": "1"}
    done = plain([sys.executable, "-c", "import windlass; help(windlass.Queue.submit)"], env=environment)

    assert "timeout_seconds: how long one attempt may take, in seconds" in done.stdout
    connected = plain([sys.executable, "-c", "import windlass; windlass.connect(url='mem:')"], env=environment)
    assert "ImportError: windlass.connect() needs the JVM" in connected.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"WINDLASS_JAVA_HOME": "{old}", "PATH": "{empty}", "JAVA_HOME": ""}, "Java 17"),
        ({"WINDLASS_JAVA_HOME": "{empty}", "PATH": "{empty}", "JAVA_HOME": ""}, "no Java"),
    ],
)
def test_java_missing_or_old_says_what_was_found(
    tmp_path: Path, variables: Mapping[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from windlass import _launch

    old, empty = tmp_path / "old", tmp_path / "empty"
    (old / "bin").mkdir(parents=True)
    empty.mkdir()
    (old / "bin" / "java").touch(0o755)
    (old / "release").write_text('JAVA_VERSION="17.0.15"\n')
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(old=old, empty=empty))
    monkeypatch.setattr(_launch, "USUAL_PLACES", ())

    with pytest.raises(_launch.LaunchError, match="Java 21 or newer") as e:
        _launch.find_java()

    assert said in str(e.value)
    assert "JAVA_HOME" in str(e.value)


def test_jep_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from windlass import _launch

    monkeypatch.setattr("importlib.metadata.version", lambda _: "4.2.2")

    with pytest.raises(_launch.LaunchError, match=r"pip install jep==4\.3\.1"):
        _launch.command_line(["x"])


def test_java_options_are_the_users() -> None:
    code = "import jep; from java.lang import Runtime; print(Runtime.getRuntime().maxMemory() >> 20)"
    done = plain([*WINDLASS, "-c", code], env={"WINDLASS_JAVA_OPTIONS": "-XX:+UseSerialGC -Xmx100m -Xmn40m"})

    assert 90 <= int(done.stdout) <= 100, done.stderr


@pytest.mark.parametrize("arguments", [["--nonsense"], ["-m"], ["-c"], ["no-such-file.py"]])
def test_wrong_use_exits_with_2(arguments: list[str]) -> None:
    done = plain([*WINDLASS, *arguments])

    assert done.returncode == 2
    assert done.stderr.startswith("windlass: ")
    assert "Traceback" not in done.stderr


def test_faulthandler_is_harmless() -> None:
    done = plain(
        [*WINDLASS, "-c", "import faulthandler; faulthandler.enable();" + SUBMIT.strip().replace("\n", "\n")],
        env={"PYTHONFAULTHANDLER": "1"},
    )

    assert done.stdout == "1\n", done.stderr


SPAWN = """
import multiprocessing, windlass
def square(x):
    try:
        windlass.connect(url="mem:")
    except (ImportError, windlass.ClosedError) as e:
        return x * x, type(e).__name__
    return x, "connected"
if __name__ == "__main__":
    import asyncio
    async def touch():
        async with windlass.connect(url="mem:") as queue:
            await queue.submit("t")
    asyncio.run(touch())
    for method in ("spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, pool.map(square, [1, 2, 3]))
"""


def test_multiprocessing_spawn_and_forkserver_work(tmp_path: Path) -> None:
    done = plain([*WINDLASS, script(tmp_path, SPAWN)])

    told = "[(1, 'ImportError'), (4, 'ImportError'), (9, 'ImportError')]"
    assert done.stdout == f"spawn {told}\nforkserver {told}\n", done.stderr


CHILDREN = """
import multiprocessing, sys, windlass
def well():
    pass
def badly():
    sys.exit(7)
if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        children = [multiprocessing.get_context(method).Process(target=each) for each in (well, badly)]
        for child in children:
            child.start()
            child.join()
        print(method, [child.exitcode for child in children])
"""


def test_multiprocessing_children_end_with_their_own_exit_codes(tmp_path: Path) -> None:
    done = plain([*WINDLASS, script(tmp_path, CHILDREN)])

    assert done.stdout == "fork [0, 7]\nspawn [0, 7]\nforkserver [0, 7]\n", done.stderr


def test_plain_pytest_with_the_switch_runs_in_a_jvm(tmp_path: Path) -> None:
    script(
        tmp_path,
        "import windlass\nasync def test_it():\n    async with windlass.connect(url='mem:') as q:\n        await q.submit('t')\n",
        "test_it.py",
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nwindlass_jvm = true\nasyncio_mode = auto\n")

    with_switch = plain([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    without = plain([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path)

    assert "1 passed" in with_switch.stdout, with_switch.stdout + with_switch.stderr
    assert with_switch.returncode == 0
    assert "python -m windlass -m pytest" in without.stdout
    assert "windlass_jvm = true" in without.stdout
    assert without.returncode == 1
    assert "warning" not in with_switch.stdout, "nobody is to be told that the package is there already"


def test_embedded_environment_is_as_it_was() -> None:
    done = plain(
        [*WINDLASS, "-c", "import os, sys; print(os.environ.get('LD_LIBRARY_PATH'), sys.executable, sys.prefix)"],
        env={"LD_LIBRARY_PATH": "/x"},
    )

    assert done.stdout == f"/x {sys.executable} {sys.prefix}\n"


def test_version_matches_the_wheel() -> None:
    done = plain([*WINDLASS, "--version"])

    assert done.stdout.startswith("windlass ")
    assert "jep 4.3.1" in done.stdout
    assert windlass.ensure_jvm() is None
    named = plain([sys.executable, "-c", "import windlass; print(windlass.__version__)"])
    assert f"windlass {named.stdout.strip()}, " in done.stdout
