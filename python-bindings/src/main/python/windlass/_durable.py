"""Durable functions: what can be one."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from windlass import _json
from windlass._arguments import to_text, to_whole
from windlass._json import shown
from windlass.errors import InvalidInputError

if TYPE_CHECKING:
    from windlass._functions import WorkflowContext

T = TypeVar("T")
P = ParamSpec("P")


class DurableFunction(Generic[P, T]):
    """An `async def` that is a durable function: made by `durable`. Called, it is the plain function, for tests.

    Attributes:
        name: the name of its type in the store.
        version: its version, from 1.
        function: the `async def`.
    """

    def __init__(self, name: str, version: int, function: Callable[Concatenate[WorkflowContext, P], Awaitable[T]]) -> None:
        """See `durable`."""
        if not inspect.iscoroutinefunction(function):
            raise InvalidInputError(
                f"The durable function {shown(name)} is {shown(function)}. Use an `async def` that takes (context) or "
                "(context, input)."
            )
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise InvalidInputError(f"The version of {shown(name)} is {shown(version)}. Use 1 or more.")
        parameters = list(inspect.signature(function).parameters.values())
        places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        needed = [p for p in places if p.default is p.empty]
        if not 1 <= len(places) <= 2 or len(needed) != min(len(places), len(needed)) or len(parameters) != len(places):
            raise InvalidInputError(
                f"The durable function {shown(name)} takes ({', '.join(p.name for p in parameters)}). "
                "Use (context) or (context, input)."
            )
        self.name = to_text("name", name)
        self.version = version
        self.function = function
        self._takes_input = len(places) == 2
        annotation = _json.annotation(function, places[1].name) if self._takes_input else Any
        self._read = _json.reader(annotation, f"The input of the durable function {shown(name)}")

    def __call__(self, context: WorkflowContext, /, *arguments: P.args, **named: P.kwargs) -> Awaitable[T]:
        return self.function(context, *arguments, **named)

    def begin(self, context: WorkflowContext, text: str) -> Any:
        """The coroutine of one activation."""
        call: Any = self.function
        return call(context, self._read(text)) if self._takes_input else call(context)

    def __repr__(self) -> str:
        return f"<windlass.workflow.DurableFunction {shown(self.name)} version {self.version}>"


def type_of(workflow: DurableFunction[..., Any] | str, version: int | None) -> tuple[str, int]:
    """The type of a function in the store: its own, or as given by name.

    Raises:
        InvalidInputError: it is neither, or a function is given with another version than its own.
    """
    if isinstance(workflow, DurableFunction):
        if version is not None and version != workflow.version:
            raise InvalidInputError(
                f"version is {shown(version)}, and the function says its own: {workflow.version}. Leave it out."
            )
        return workflow.name, workflow.version
    return to_text("workflow", workflow), 1 if version is None else to_whole("version", version, 1, 2**31 - 1)


def durable(
    name: str, *, version: int = 1
) -> Callable[[Callable[Concatenate[WorkflowContext, P], Awaitable[T]]], DurableFunction[P, T]]:
    """Makes an `async def` a durable function. A decorator.

    It takes `(context)` or `(context, input)`. It runs from its start again after a crash, or when what it waited for has
    come, and each step, wait or child that has ended answers at once from what is recorded. So apart from what it asks its
    context for it does the same each time.

    Args:
        name: the name of its type in the store; at most 180 bytes once percent-encoded.
        version: 1 or more. A run keeps the version that it was started with: register the old function beside the new one for
            as long as it has runs.

    Raises:
        InvalidInputError: it is no `async def`, or takes other arguments.
    """
    if not isinstance(name, str):
        raise InvalidInputError('The name is no text. Use @durable("name-of-the-type").')

    def make(function: Callable[Concatenate[WorkflowContext, P], Awaitable[T]]) -> DurableFunction[P, T]:
        return DurableFunction(name, version, function)

    return make
