"""Workflows: durable functions, and graphs of steps.

    import windlass
    from windlass.workflow import WorkflowClient, WorkflowContext, WorkflowEngine, durable

    @durable("checkout")
    async def checkout(ctx: WorkflowContext, order: Order) -> str:
        payment = await ctx.step("charge", charge, order)
        if not await ctx.wait_for_signal("approved", timeout_seconds=86_400):
            await ctx.step("refund", refund, payment)
            return "refunded"
        return "shipped"

The pure functions over (steps, state) need neither JVM nor store; all else runs in the JVM that windlass starts.
"""

from windlass._durable import DurableFunction, durable
from windlass._flow import Promise
from windlass._functions import WorkflowContext
from windlass._steps import OnFailure, StepContext
from windlass.errors import (
    SignalTimeoutError,
    StepFailedError,
    WorkflowAlreadyExistsError,
    WorkflowEndedError,
    WorkflowError,
    WorkflowFailedError,
    WorkflowNotFoundError,
)
from windlass.workflow._client import (
    WorkflowClient,
    get_step_result,
    get_workflow_state,
    list_workflows,
    workflow_exists,
)
from windlass.workflow._dag import (
    StepDef,
    StepState,
    StepStatus,
    Workflow,
    WorkflowState,
    WorkflowStatus,
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
from windlass.workflow._engine import WorkflowEngine, WorkflowSweeper, register_workflow, register_workflows
from windlass.workflow._runs import StepRun, WorkflowRun
from windlass.workflow._signals import (
    Signal,
    SignalCursor,
    SignalKey,
    count_signals,
    delete_signals,
    get_next_signal,
    list_signals,
    parse_signal_key,
    send_signal,
)

__all__ = [
    "DurableFunction",
    "OnFailure",
    "Promise",
    "Signal",
    "SignalCursor",
    "SignalKey",
    "SignalTimeoutError",
    "StepContext",
    "StepDef",
    "StepFailedError",
    "StepRun",
    "StepState",
    "StepStatus",
    "Workflow",
    "WorkflowAlreadyExistsError",
    "WorkflowClient",
    "WorkflowContext",
    "WorkflowEndedError",
    "WorkflowEngine",
    "WorkflowError",
    "WorkflowFailedError",
    "WorkflowNotFoundError",
    "WorkflowRun",
    "WorkflowState",
    "WorkflowStatus",
    "WorkflowSweeper",
    "compute_definition_hash",
    "compute_ready_steps",
    "count_signals",
    "delete_signals",
    "durable",
    "get_blocked_steps",
    "get_compensation_chain",
    "get_next_signal",
    "get_step_result",
    "get_workflow_state",
    "has_unrecoverable_failure",
    "is_workflow_complete",
    "list_signals",
    "list_workflows",
    "parse_signal_key",
    "register_workflow",
    "register_workflows",
    "send_signal",
    "should_pause_workflow",
    "topological_sort",
    "validate_dag",
    "workflow_exists",
]
