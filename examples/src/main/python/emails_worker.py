"""A worker: sends e-mails from a queue until Ctrl-C or SIGTERM. Run `python -m windlass emails_worker.py file:./data`."""

import asyncio
import sys
from dataclasses import dataclass

from windlass import PermanentError, TaskContext, Worker, connect


@dataclass
class Email:
    to: str
    subject: str


async def main(url: str) -> None:
    async with connect(url=url, queue="emails") as queue:
        worker = Worker(queue, concurrency=64)

        @worker.task("send-email")
        async def send(email: Email, context: TaskContext) -> str:
            if "@" not in email.to:
                raise PermanentError(f"{email.to} is no address")  # trying again would not help
            await asyncio.sleep(0.01)  # here a mail server would be asked
            print(f"sent {email.subject!r} to {email.to}", flush=True)
            return context.idempotency_key  # the same for every attempt: the server can tell a repeat

        print("working", flush=True)
        await worker.run()


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "file:./data"))
