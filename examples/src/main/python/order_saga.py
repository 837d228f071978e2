"""An order that waits for a human: reserved, approved by a signal or given up, charged, and undone if shipping fails.

Run `python -m windlass order_saga.py`. In production the worker and whoever approves are other programs: the signal may come
from anywhere, days later, and waiting for it costs nothing.
"""

import asyncio
import sys
from dataclasses import dataclass

from windlass import PermanentError, Worker, connect
from windlass.workflow import SignalTimeoutError, StepContext, StepFailedError, WorkflowClient, WorkflowContext, durable


@dataclass
class Order:
    id: int
    cents: int
    address: str


@dataclass
class Payment:
    key: str
    cents: int


async def reserve(order: Order) -> str:
    return f"stock for {order.id}"


async def charge(order: Order, step: StepContext) -> Payment:
    # The key is the same for every try: the payment service can tell a repeat.
    return Payment(step.idempotency_key, order.cents)


async def ship(order: Order) -> str:
    if not order.address:
        raise PermanentError("there is no address")
    return f"shipped {order.id} to {order.address}"


async def refund(payment: Payment) -> None:
    print("refunded", payment.cents, flush=True)


async def release(stock: str) -> None:
    print("released", stock, flush=True)


@durable("order")
async def order(ctx: WorkflowContext, order: Order) -> str:
    stock = await ctx.step("reserve", reserve, order)
    try:
        approval = await ctx.wait_for_signal("approval", timeout_seconds=3 * 86_400)
    except SignalTimeoutError:
        approval = {"by": "nobody", "yes": False}
    if not approval["yes"]:
        await ctx.step("release", release, stock)
        return f"refused by {approval['by']}"
    payment = await ctx.step("charge", charge, order, timeout=20)
    try:
        return await ctx.step("ship", ship, order)
    except StepFailedError as failed:
        await ctx.step("refund", refund, payment)
        await ctx.step("release", release, stock)
        return f"undone: {failed.error.message}"


async def main(url: str) -> None:
    async with connect(url=url) as queue:
        worker = Worker(queue)
        worker.add_workflow(order)
        running = asyncio.create_task(worker.run())
        client = WorkflowClient(queue)
        await client.start(order, Order(17, 1999, "Ada Street 1"), workflow_id="order-17")
        await client.start(order, Order(18, 500, ""), workflow_id="order-18")
        await client.start(order, Order(19, 70, "Bob Street 2"), workflow_id="order-19")
        for workflow_id, yes in (("order-17", True), ("order-18", True), ("order-19", False)):
            await client.signal(workflow_id, "approval", {"by": "ann", "yes": yes}, signal_id="ann's decision")
        for workflow_id in ("order-17", "order-18", "order-19"):
            print(workflow_id, await client.result(workflow_id, timeout=60), flush=True)
        worker.stop()
        await running


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "mem:"))
