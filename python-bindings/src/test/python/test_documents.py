"""What README.md and docs/python.md show, and the example programs, run."""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "examples" / "src" / "main" / "python"
WINDLASS = [sys.executable, "-m", "windlass"]
DOCUMENTS = (ROOT / "docs" / "python.md").read_text() + (ROOT / "README.md").read_text()
SAMPLES = re.findall(r"(?ms)^```python\n(.*?)^```", DOCUMENTS)
SAID = {
    '@durable("checkout")': "charged 17, approved by ann, the van is broken\n",
    "checkout = Workflow": ("{'ship': 'stock for order 17, 1999 cents'}\n[('reserve', 1), ('charge', 1), ('ship', 1)]\n"),
    "publish_schema": (
        "refused: /to\n1 True\n"
        'The result of a task of type "send-email" does not fit its schema, version 1: /sent: must be the constant value '
        "'true'. It was not stored.\n"
        "(the value itself): required property 'to' not found\n"
    ),
    "create_schedule": "{'of': 'sales'}\n[('nightly', False)]\n",
    'f"hello {name}"': "hello world\n",
    'f"sent to': "sent to ada@example.org\n",
    "order-17": "True TaskStatus.Pending\nsubmitted None\ncancelled no longer needed\n",
    'context.count("rows")': "100.0 row 4 of 4 {'rows': 4}\n('loaded 4 rows',)\n",
    "no such order": "shipped 1 in attempt 1\nshipped 2 in attempt 2\nwindlass.errors.PermanentError no such order\n",
}


def said_by(program: Path) -> str:
    """What a program prints, in this very process: a JVM of its own would cost a second each time."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(program)])
        runpy.run_path(str(program), run_name="__main__")
    return told.getvalue()


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_sample_in_the_document_runs(sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "sample.py"
    program.write_text(sample)

    said = said_by(program)

    assert said in [known for mark, known in SAID.items() if mark in sample], said


def test_producer_and_worker_are_two_processes(tmp_path: Path) -> None:
    store = f"file:{tmp_path}/store"
    with subprocess.Popen(
        [*WINDLASS, str(EXAMPLES / "emails_worker.py"), store], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "working\n"
        producer = subprocess.run(
            [*WINDLASS, str(EXAMPLES / "emails_producer.py"), store], capture_output=True, text=True, timeout=120, check=False
        )
        worker.send_signal(signal.SIGTERM)
        out, _ = worker.communicate(timeout=60)
    assert producer.stdout == "sent True\nrefused: nobody is no address\n", producer.stderr
    assert out == "sent 'hello' to a@b.c\n"
    assert worker.returncode == 143


def test_fan_out_over_numpy_gives_what_numpy_gives() -> None:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [*WINDLASS, str(EXAMPLES / "fan_out.py")], capture_output=True, text=True, timeout=120, check=False, env=environment
    )

    import numpy

    largest = 0.0
    for seed in range(20):
        half = numpy.random.default_rng(seed).standard_normal((120, 120))
        largest = max(largest, float(numpy.linalg.eigvalsh(half + half.T)[-1]))
    assert done.stdout == f"20 matrices, largest eigenvalue {largest:.3f}\n", done.stderr


def test_order_saga_ships_undoes_and_refuses() -> None:
    said = said_by(EXAMPLES / "order_saga.py").splitlines()
    assert sorted(line for line in said if not line.startswith("order-")) == [
        "refunded 500",
        "released stock for 18",
        "released stock for 19",
    ]
    assert [line for line in said if line.startswith("order-")] == [
        "order-17 shipped 17 to Ada Street 1",
        "order-18 undone: there is no address",
        "order-19 refused by ann",
    ]


def test_agent_loop_answers_by_its_tools() -> None:
    answer, steps = said_by(EXAMPLES / "agent_loop.py").splitlines()
    assert answer == "{'answer': '6 * 7 + 8 = 50', 'turns': 3}"
    assert steps == "['think', 'tool-multiply', 'think#2', 'tool-add', 'think#3']"


def test_java_fleet_has_its_python_step(tmp_path: Path) -> None:
    from windlass import _launch

    store = f"file:{tmp_path}/store"
    java = EXAMPLES.parent / "java" / "dev" / "windlass" / "examples" / "ScoringFleet.java"
    jars = os.pathsep.join(str(jar) for jar in _launch._jars())
    with subprocess.Popen([*WINDLASS, str(EXAMPLES / "score_worker.py"), store], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "scoring\n"
        fleet = subprocess.run(
            [str(_launch.find_java()), "-cp", jars, str(java), store], capture_output=True, text=True, timeout=120, check=False
        )
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    said = [line for line in fleet.stdout.splitlines() if line.startswith("mean")]
    assert [line.partition(", asked")[0] for line in said] == ["mean 2.0, spread 0.816496580927726"], (
        fleet.stdout + fleet.stderr
    )
