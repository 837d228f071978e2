"""A loop of a model and its tools, as a durable function: killed anywhere, it goes on where it was, and no answer is paid twice.

Run `python -m windlass agent_loop.py`. The model here is a few lines; put a real one into `think`.
"""

import asyncio
import sys
from typing import Any

from windlass import Worker, connect
from windlass.workflow import StepContext, WorkflowClient, WorkflowContext, durable

TOOLS = {"add": lambda a, b: a + b, "multiply": lambda a, b: a * b}


async def think(conversation: list[dict[str, Any]], step: StepContext) -> dict[str, Any]:
    """What the model says next: a tool to use, or an answer. A step: asked once, and recorded."""
    assert step.idempotency_key  # for the model's service, so that a repeat is no second bill
    results = [message["result"] for message in conversation if message["role"] == "tool"]
    if not results:
        return {"tool": "multiply", "arguments": [6, 7]}
    if len(results) == 1:
        return {"tool": "add", "arguments": [results[0], 8]}
    return {"answer": f"6 * 7 + 8 = {results[-1]}"}


def use(tool: str, arguments: list[int]) -> int:
    """A tool: a plain function, which runs on a thread."""
    return TOOLS[tool](*arguments)


@durable("agent")
async def agent(ctx: WorkflowContext, question: str) -> dict[str, Any]:
    conversation: list[dict[str, Any]] = [{"role": "user", "text": question}]
    for turn in range(10):
        said = await ctx.step("think", think, list(conversation), timeout=120)
        if "answer" in said:
            return {"answer": said["answer"], "turns": turn + 1}
        result = await ctx.step(f"tool-{said['tool']}", use, said["tool"], said["arguments"])
        conversation.append({"role": "tool", "name": said["tool"], "result": result})
    return {"answer": None, "turns": 10}


async def main(url: str) -> None:
    async with connect(url=url) as queue:
        worker = Worker(queue)
        worker.add_workflow(agent)
        running = asyncio.create_task(worker.run())
        client = WorkflowClient(queue)
        await client.start(agent, "What is 6 * 7 + 8?", workflow_id="question-1")
        print(await client.result("question-1", timeout=60))
        print([step.name for step in await client.steps("question-1")])
        worker.stop()
        await running


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "mem:"))
