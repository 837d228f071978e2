"""What docs/python.md shows, and the example programs, run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "examples" / "src" / "main" / "python"
WINDLASS = [sys.executable, "-m", "windlass"]
SAMPLES = re.findall(r"(?ms)^```python\n(.*?)^```", (ROOT / "docs" / "python.md").read_text())
SAID = {
    "checkout": "['charge']\n",
    'f"hello {name}"': "hello world\n",
    "order-17": "True TaskStatus.Pending\nsubmitted None\ncancelled no longer needed (by alice)\n",
    "no such order": "shipped 1 in attempt 1\nshipped 2 in attempt 2\nwindlass.errors.PermanentError no such order\n",
}


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_sample_in_the_document_runs(sample: str, tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(sample)

    done = subprocess.run([*WINDLASS, "sample.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    known = [said for mark, said in SAID.items() if mark in sample or (mark in said and mark.split()[0] in sample)]
    assert done.stdout in known, done.stdout


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
