"""Graphs of steps, and the pure functions over them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from windlass import InvalidInputError
from windlass.workflow import (
    OnFailure,
    StepDef,
    StepState,
    StepStatus,
    Workflow,
    WorkflowState,
    compute_definition_hash,
    compute_ready_steps,
    get_blocked_steps,
    get_compensation_chain,
    has_unrecoverable_failure,
    is_workflow_complete,
    should_pause_workflow,
    topological_sort,
    validate_dag,
)


def nothing() -> None:
    """A handler."""


def step(name: str, *needs: str, **more: Any) -> StepDef:
    return StepDef(name, nothing, needs, **more)


def state(**steps: str) -> WorkflowState:
    return WorkflowState(steps={name: StepState(StepStatus(status)) for name, status in steps.items()})


DIAMOND = [step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c")]


def test_ready_steps_follow_what_is_done() -> None:
    assert compute_ready_steps(DIAMOND, state()) == ["a"]
    assert compute_ready_steps(DIAMOND, state(a="running")) == []
    assert compute_ready_steps(DIAMOND, state(a="completed")) == ["b", "c"]
    assert compute_ready_steps(DIAMOND, state(a="completed", b="completed", c="running")) == []
    assert compute_ready_steps(DIAMOND, state(a="completed", b="completed", c="completed")) == ["d"]
    assert not is_workflow_complete(DIAMOND, state(a="completed", b="completed", c="completed"))
    assert is_workflow_complete(DIAMOND, state(a="completed", b="completed", c="completed", d="completed"))


def test_failures_do_what_their_step_says() -> None:
    for on_failure, fatal, pauses, ready, blocked in [
        (OnFailure.FAIL_WORKFLOW, True, False, ["c"], ["d", "e"]),
        (OnFailure.COMPENSATE, True, False, ["c"], ["d", "e"]),
        (OnFailure.PAUSE_WORKFLOW, False, True, ["c"], ["d", "e"]),
        (OnFailure.CONTINUE, False, False, ["c", "d"], []),
    ]:
        steps = [step("a"), step("b", "a", on_failure=on_failure), step("c", "a"), step("d", "b"), step("e", "d", "c")]
        failed = state(a="completed", b="failed")
        assert has_unrecoverable_failure(steps, failed) is fatal
        assert should_pause_workflow(steps, failed) is pauses
        assert compute_ready_steps(steps, failed) == ready
        assert get_blocked_steps(steps, failed) == blocked


def test_compensation_undoes_the_last_first() -> None:
    steps = [
        step("d", "b"),
        step("a", compensation=nothing),
        step("b", "a", compensation=nothing),
        step("c", "a", compensation=nothing),
    ]

    assert get_compensation_chain(steps, state(a="completed", b="completed", c="failed", d="failed")) == ["b", "a"]


def test_sort_puts_each_behind_what_it_needs() -> None:
    assert topological_sort(reversed(DIAMOND)) == ["a", "c", "b", "d"]
    random_ = random.Random(5)
    for _ in range(50):
        names = [str(i) for i in range(30)]
        steps = [step(name, *random_.sample(names[:i], random_.randrange(min(i, 4) + 1))) for i, name in enumerate(names)]
        random_.shuffle(steps)
        order = topological_sort(steps)
        assert sorted(order) == sorted(names)
        assert all(order.index(need) < order.index(each.name) for each in steps for need in each.depends_on)
    chain = [step(str(i), *([str(i - 1)] if i else [])) for i in range(20_000)]
    assert topological_sort(chain)[-1] == "19999"


def test_validate_tells_all_that_is_wrong() -> None:
    with pytest.raises(InvalidInputError, match=r"two steps are named 'a'.*'b' depends on 'x', which is no step"):
        validate_dag([step("a"), step("a"), step("b", "x")])
    with pytest.raises(InvalidInputError, match=r"circle.*'a', 'b', 'c'"):
        validate_dag([step("a", "b"), step("b", "a"), step("c", "b"), step("d")])
    with pytest.raises(InvalidInputError, match="no step"):
        validate_dag([])
    for wrong, message in [
        ({"retries": -1}, "Use 0 to 999"),
        ({"timeout": 0}, "more than zero"),
        ({"on_failure": "continue"}, "one of OnFailure"),
        ({"depends_on": "a"}, "list of names"),
        ({"handler": 5}, "cannot be called"),
        ({"name": ""}, "not empty"),
    ]:
        with pytest.raises(InvalidInputError, match=message):
            StepDef(**{"name": "a", "handler": nothing, **wrong})


def test_hash_is_of_the_graph_and_not_of_its_order() -> None:
    assert compute_definition_hash(DIAMOND) == compute_definition_hash(reversed(DIAMOND))
    changed = [*DIAMOND[:3], step("d", "b")]
    assert compute_definition_hash(DIAMOND) != compute_definition_hash(changed)


def test_workflow_collects_its_steps() -> None:
    workflow = Workflow("checkout")

    @workflow.step("ship", depends_on=["charge"], retries=1)
    async def ship() -> None: ...

    @workflow.step("charge", compensation=nothing)
    async def charge() -> None: ...

    workflow.validate()
    found = workflow.get_step("ship")
    assert found is not None
    assert (found.handler, found.depends_on, found.retries, found.timeout) == (ship, ("charge",), 1, 300)
    assert workflow.get_step("x") is None
    assert topological_sort(workflow.steps) == ["charge", "ship"]
    assert workflow.definition_hash() == compute_definition_hash(workflow.steps)
    with pytest.raises(InvalidInputError, match="has a step 'ship' already"):
        workflow.step("ship")(nothing)
    with pytest.raises(InvalidInputError, match="name of a workflow"):
        Workflow("")
