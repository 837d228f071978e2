"""A producer: submits e-mails and waits for them. Run `python -m windlass emails_producer.py file:./data`."""

import asyncio
import sys

from windlass import RetryPolicy, TaskFailedError, connect


async def main(url: str) -> None:
    async with connect(url=url, queue="emails") as queue:
        good = await queue.submit(
            "send-email",
            {"to": "a@b.c", "subject": "hello"},
            timeout_seconds=30,
            retry_policy=RetryPolicy(initial_interval_ms=200),
            idempotency_key="order-17-confirmation",
        )
        bad = await queue.submit("send-email", {"to": "nobody", "subject": "hello"})
        print("sent", await good.result(timeout=60) == good.id)
        try:
            await bad.result(timeout=60)
        except TaskFailedError as e:
            print("refused:", e.error.message)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "file:./data"))
