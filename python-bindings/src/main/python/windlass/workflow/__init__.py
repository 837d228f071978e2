"""Graphs of steps: defined, checked, and reasoned about by pure functions over (steps, state).

Nothing here needs the JVM or a store.
"""

from windlass.workflow._dag import (
    OnFailure,
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

__all__ = [
    "OnFailure",
    "StepDef",
    "StepState",
    "StepStatus",
    "Workflow",
    "WorkflowState",
    "WorkflowStatus",
    "compute_definition_hash",
    "compute_ready_steps",
    "get_blocked_steps",
    "get_compensation_chain",
    "has_unrecoverable_failure",
    "is_workflow_complete",
    "should_pause_workflow",
    "topological_sort",
    "validate_dag",
]
