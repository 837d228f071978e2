"""The table of names in docs/python.md, made by looking at the package: it can neither promise too much nor fall behind."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import windlass
import windlass.metrics
import windlass.workflow

DOCUMENT = Path(__file__).parents[4] / "docs" / "python.md"
BEGIN = "<!-- conformance: written by python-bindings/src/test/python/test_conformance.py -->\n"
END = "<!-- conformance ends -->\n"

# Each known name, with its known parameters in order, and what to say where it is more than the same.
# "…=x" is a default; parameters may follow those that are known, never stand between.
KNOWN: dict[str, tuple[str, str]] = {
    "connect": ("endpoint=None, bucket=None, region=None, shard_prefix_len=None", "better: also `url`, `queue`; `async with`"),
    "Queue.submit": (
        (
            "task_type, input, timeout_seconds, max_retries, retry_policy, schedule_at, use_payload_refs=False, "
            "payload_ref_threshold_bytes, idempotency_key, idempotency_ttl_days, idempotency_scope, max_reschedules, ttl_seconds, "
            "expires_at"
        ),
        (
            "better: also `priority`, `delay`, `task_id`, `tags`, `parent`, `debounce`, timedelta. Differs: large payloads are always stored beside "
            "the task, so the two payload arguments change nothing, and another threshold is warned of"
        ),
    ),
    "Queue.submit_many": (
        "tasks, timeout_seconds, max_retries, retry_policy, max_reschedules, ttl_seconds, expires_at",
        "better: 128 at once, all checked before the first is written; also `priority`, `tags`, `parent`",
    ),
    "Queue.get": ("task_id", ""),
    "Queue.list": ("shard, status=None, limit=100", "better: `find` reads all shards by queue, status and type"),
    "Queue.list_ready": (
        "shard, limit=100",
        "better: in the order in which they are claimed. Differs: tasks wait by queue, so `shard` may be left out; at most 1,000",
    ),
    "Queue.get_history": ("task_id", "differs: transitions with time, worker, attempt and cause; the last 20"),
    "Queue.load_input": ("task", "better: takes an id, too"),
    "Queue.load_output": ("task", "better: takes an id, too"),
    "Queue.publish_schema": (
        "task_type, schema",
        "better: refused unless it is JSON Schema 2020-12; from then on inputs and results are held to it; also `by`, and versions",
    ),
    "Queue.get_schema": ("task_type", "better: also `version`, `published_at`, `published_by`"),
    "Queue.list_schemas": ("", ""),
    "Queue.delete_schema": ("task_type", "better: answers whether there was one"),
    "Queue.validate_input": ("schema, data", "better: `SchemaViolationError` has all that does not fit, with JSON Pointers"),
    "Queue.validate_output": ("schema, data", "better: likewise"),
    "Queue.create_schedule": (
        "id, task_type, input, cron, timeout_seconds, max_retries",
        "better: also time zones, overlap, misfires, jitter, start and end; fires exactly once, whoever fires",
    ),
    "Queue.get_schedule": ("id", ""),
    "Queue.list_schedules": ("", ""),
    "Queue.delete_schedule": ("id", "better: answers whether there was one"),
    "Queue.enable_schedule": ("id", ""),
    "Queue.disable_schedule": ("id", ""),
    "Queue.trigger_schedule": ("id", "better: answers the id of what it has started"),
    "Queue.get_schedule_last_run": ("id", "differs: the fire time, and the id of what was started"),
    "Queue.cancel": ("task_id, reason, cancelled_by", "better: a running task is told, too; answers whether it was in time"),
    "Queue.cancel_many": ("task_ids, reason, cancelled_by", ""),
    "Queue.cancel_by_type": ("task_type, reason, cancelled_by", "better: `cancel_all` also selects by tags and parent"),
    "Queue.request_cancellation": ("task_id", ""),
    "Queue.mark_expired": ("task_id", ""),
    "Queue.now": ("", ""),
    "Queue.all_shards": ("", ""),
    "Queue.shard_prefix_len": ("", ""),
    "Queue.storage": (
        "",
        "differs: what the protocol wrote can be read, not overwritten; a program's own objects stand beside it",
    ),
    "Storage.get": ("key", ""),
    "Storage.put": ("key, body", ""),
    "Storage.delete": ("key", ""),
    "Storage.list": ("prefix", "better: also `iterate`, over all pages"),
    "Storage.exists": ("key", ""),
    **{
        f"Task.{name}": ("", "")
        for name in [
            "id",
            "shard",
            "task_type",
            "input",
            "output",
            "status",
            "timeout_seconds",
            "max_retries",
            "retry_count",
            "retry_policy",
            "created_at",
            "available_at",
            "lease_id",
            "attempt",
            "updated_at",
            "completed_at",
            "worker_id",
            "input_ref",
            "output_ref",
            "reschedule_count",
            "cancel_requested",
            "cancelled_at",
            "cancelled_by",
            "max_reschedules",
            "expires_at",
            "expired_at",
            "can_retry",
            "is_expired_at",
            "to_dict",
        ]
    },
    "Task.last_error": ("", "better: also `error`, with type, message and traceback"),
    "Task.lease_expires_at": ("", "differs: always None; a worker holds one lease for all its tasks"),
    "Task.is_available_at": ("now", ""),
    "Task.is_lease_expired_at": ("now", "differs: always False, for the same reason; the sweeper acts on leases"),
    "Task.is_timed_out_at": ("now", ""),
    "TaskStatus": ("", "differs: `Archived` is there and never answered"),
    "RetryPolicy": ("initial_interval_ms=1000, max_interval_ms=60000, multiplier=2.0, jitter_percent=0.25", ""),
    "RetryPolicy.calculate_delay_ms": ("attempt", ""),
    "Worker": (
        "queue, worker_id, shards",
        "better: also `concurrency`, `queues`, `weights`. Differs: `shards` changes nothing, and is warned of",
    ),
    "Worker.task": (
        "task_type",
        "better: plain functions run on threads; typed inputs by pydantic; also `concurrency`, `timeout_seconds`",
    ),
    "Worker.on_startup": ("hook", ""),
    "Worker.on_shutdown": ("hook", ""),
    "Worker.on_success": ("hook", "better: called once the result is recorded; also `on_lease_lost`"),
    "Worker.on_error": (
        "hook",
        "better: called once the failure is recorded; `context.will_retry`. What is rescheduled or cancelled has not failed",
    ),
    "Worker.registered_task_types": ("", ""),
    "Worker.run": ("options", "better: drains when it is cancelled; also `stop`"),
    "WorkerRunOptions": (
        (
            "polling, poll_interval_ms=1000, max_tasks, with_monitor=True, monitor_check_interval_s=30, "
            "monitor_worker_health_threshold_s=60, monitor_sweep_interval_s=300, monitor_sweep_page_size=1000, shard_lease_config, "
            "shard_leasing_enabled=False, shard_leasing_shards_per_worker=16, shard_leasing_ttl_s=30, shard_leasing_renewal_interval_s=10"
        ),
        "differs: the sweeper paces itself, and there are no shard leases: other `monitor_…` numbers, and asking for shard leases, are warned of",
    ),
    "PollingStrategy.fixed": ("interval_ms=500", ""),
    "PollingStrategy.adaptive": (
        "min_interval_ms=100, max_interval_ms=5000, backoff_multiplier=2.0",
        "differs: the wait always doubles; other multipliers are warned of",
    ),
    "ShardLeaseConfig.disabled": ("", ""),
    "ShardLeaseConfig.enabled": ("", "differs: accepted, and warned of in use"),
    "ShardLeaseConfig.custom": ("", "differs: accepted, and warned of in use"),
    "TaskContext.task_id": ("", ""),
    "TaskContext.extend_lease": (
        "additional_secs",
        "differs: the heartbeat keeps the lease; raises if the attempt was told to stop",
    ),
    "TaskContext.lease_expires_at": ("", "differs: the end of the attempt's time-out"),
    "TaskContext.refresh": ("", ""),
    "TaskContext.is_cancellation_requested": ("", "better: also `cancelled`, without `await`; a coroutine gets CancelledError"),
    "RetryableError": ("", ""),
    "PermanentError": ("", ""),
    "RescheduleError": ("delay", "better: takes a timedelta, too"),
    "metrics.enable_prometheus": (
        "port=9000",
        "better: says which port, also `host`; `metrics.scrape` for programs with a server of their own",
    ),
    "metrics.enable_statsd": ("", "differs: raises, and says what reads the Prometheus endpoint"),
    "metrics.enable_opentelemetry": ("", "differs: raises, and says what reads the Prometheus endpoint"),
    "metrics.auto_configure": ("", "differs: Prometheus by `WINDLASS_METRICS_PORT`"),
    "metrics.current_exporter": ("", ""),
    **{
        f"workflow.{name}": (known, remark)
        for name, known, remark in [
            ("Workflow", "name", ""),
            (
                "Workflow.step",
                "name, depends_on=None, retries=3, timeout=300, on_failure=windlass.workflow.OnFailure.FAIL_WORKFLOW",
                "",
            ),
            ("Workflow.definition_hash", "", ""),
            ("Workflow.validate", "", "better: raises with all that is wrong"),
            ("Workflow.get_step", "name", ""),
            ("StepDef", "name, handler, depends_on, retries=3, timeout=300, on_failure, compensation", ""),
            ("WorkflowState", "", ""),
            ("StepState", "", ""),
            ("WorkflowStatus", "", ""),
            ("StepStatus", "", ""),
            (
                "OnFailure",
                "",
                "differs: a workflow with COMPENSATE is refused when it is started; a durable function undoes by `except`",
            ),
            ("compute_ready_steps", "steps, state", ""),
            ("is_workflow_complete", "steps, state", ""),
            ("has_unrecoverable_failure", "steps, state", ""),
            ("should_pause_workflow", "steps, state", ""),
            ("get_compensation_chain", "steps, state", ""),
            ("get_blocked_steps", "steps, state", ""),
            ("topological_sort", "steps", ""),
            ("validate_dag", "steps", "better: raises with all that is wrong"),
            ("compute_definition_hash", "steps", ""),
            ("StepContext", "", "better: also `results`, `attempt`, `idempotency_key`, `cancelled`"),
            ("StepContext.workflow_id", "", ""),
            ("StepContext.step", "", ""),
            ("StepContext.data", "", ""),
            (
                "StepContext.extend_lease",
                "additional_secs",
                "differs: the heartbeat keeps the lease; raises if the try was told to stop",
            ),
            (
                "StepContext.is_cancellation_requested",
                "",
                "better: also `cancelled`, without `await`; a coroutine gets CancelledError",
            ),
            (
                "StepContext.wait_for_signal",
                "name, timeout_seconds",
                "differs: raises; steps of a graph would hold a worker. Durable functions wait, at no cost: `WorkflowContext.wait_for_signal`",
            ),
            (
                "WorkflowClient",
                "queue, engine=None",
                "better: also `result`, `steps`, `state`, `retry`, `fork`, `terminate`, `create_schedule`",
            ),
            (
                "WorkflowClient.start",
                "workflow, data, workflow_id",
                "better: takes durable functions, too; also `priority`, `attempts`, `existing`, `version`",
            ),
            ("WorkflowClient.get", "workflow_id", ""),
            (
                "WorkflowClient.wait",
                "workflow_id, timeout, poll_interval=1.0",
                "differs: `poll_interval` changes nothing; a run that ends here is seen at once",
            ),
            ("WorkflowClient.cancel", "workflow_id, reason", "better: answers whether it was in time"),
            ("WorkflowClient.signal", "workflow_id, name, payload", "better: safe to repeat by `signal_id`"),
            ("WorkflowClient.pause", "workflow_id", ""),
            ("WorkflowClient.resume", "workflow_id", ""),
            ("WorkflowClient.exists", "workflow_id", ""),
            ("WorkflowClient.list", "prefix, limit", "better: also by status and workflow"),
            ("WorkflowEngine", "queue", "better: a Worker with `add_workflow` does the same beside its tasks"),
            ("WorkflowSweeper", "queue", "better: not needed where a worker runs"),
            ("register_workflow", "worker, workflow, queue", ""),
            ("register_workflows", "worker, workflows, queue", ""),
            ("WorkflowRun", "", "better: also `run`, `started_at`, `ended_at`, `pause_reason`, `cancel_reason`, `failure`"),
            ("WorkflowRun.id", "", ""),
            ("WorkflowRun.status", "", ""),
            ("WorkflowRun.type", "", ""),
            ("WorkflowRun.data", "", "same, but in lists, where it is None"),
            ("WorkflowRun.current_steps", "", "differs: those that may run now; of durable functions none are told"),
            ("WorkflowRun.error", "", ""),
            ("WorkflowError", "", ""),
            ("Signal", "", ""),
            ("SignalCursor", "", "differs: for programs that look at signals; what a function has taken is recorded by id"),
            ("parse_signal_key", "key", ""),
            ("send_signal", "queue, workflow_id, name, payload", ""),
            ("list_signals", "queue, workflow_id, name", ""),
            ("get_next_signal", "queue, workflow_id, name, cursor", ""),
            ("count_signals", "queue, workflow_id, name", ""),
            ("delete_signals", "queue, workflow_id, name", ""),
            ("get_workflow_state", "queue, workflow_id", "differs: of steps that have not ended nothing is told"),
            ("workflow_exists", "queue, workflow_id", ""),
            ("list_workflows", "queue", ""),
            ("get_step_result", "queue, workflow_id, step", ""),
        ]
    },
}


def find(name: str) -> object | None:
    """What has that name in the package, or None."""
    found: object = windlass
    for part in name.split("."):
        made = getattr(found, "__dataclass_fields__", {})
        annotated = getattr(found, "__doc__", "") or ""
        try:
            found = getattr(found, part)
        except AttributeError:
            if part in made or f"\n        {part}:" in annotated or f"\n    {part}:" in inspect.cleandoc(annotated):
                return made.get(part, part)
            return None
    return found


def problems(name: str, known: str) -> list[str]:
    """Where the parameters are not as known."""
    found = find(name)
    if not known:
        return []
    if not callable(found):
        return [f"{name} cannot be called"]
    parameters = [p for p in inspect.signature(found).parameters.values() if p.name != "self"]
    wrong: list[str] = []
    for place, told in enumerate(part.strip() for part in known.split(",") if part.strip()):
        wanted, _, default = told.partition("=")
        if place >= len(parameters) or parameters[place].name != wanted:
            wrong.append(f"{name}: parameter {place} is not {wanted}")
        elif default and repr(parameters[place].default) != repr(eval(default)):
            wrong.append(f"{name}: the default of {wanted} is {parameters[place].default!r}, not {default}")
    return wrong


def table() -> str:
    """The table, from what is in the package now."""
    lines = ["| name | |", "| --- | --- |"]
    same: list[str] = []
    missing: list[str] = []
    for name, (_, remark) in KNOWN.items():
        if find(name) is None:
            missing.append(f"`{name}`")
        elif remark:
            lines.append(f"| `{name}` | {remark} |")
        else:
            same.append(f"`{name}`")
    return "\n".join(lines) + "\n\nSame: " + ", ".join(same) + ".\n\nNot yet: " + (", ".join(missing) or "none") + ".\n"


def test_known_names_have_their_parameters_and_defaults() -> None:
    wrong = [each for name, (known, _) in KNOWN.items() if find(name) is not None for each in problems(name, known)]
    assert wrong == []


def test_table_in_the_document_is_that_of_the_package() -> None:
    text = DOCUMENT.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if os.environ.get("WINDLASS_WRITE_TABLE"):
        DOCUMENT.write_text(wanted)
    assert text == wanted, "run this test with WINDLASS_WRITE_TABLE=1, and look at what it wrote"
