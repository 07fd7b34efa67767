"""The process of a crawl: reads its task from the one that started it, tells it how far it is, obeys it.

Started as `python -m features.sources.web.process`. It ends, with everything kept, when the other end of its
input is closed, so also when the process that started it dies, and when it is told to by SIGTERM.
"""

import asyncio
import gc
import json
import logging
import pickle
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler

from features.errors import AscentError
from features.sources.web.crawl import Crawl, run_crawl
from features.sources.web.plan import Plan, Task
from features.sources.web.state import State
from features.sources.web.tell import Teller
from features.sources.web.write import write_buckets

LARGEST_LOG = 5_000_000
REFUSED = 2
WASTE_AT = 20_000
"""Objects made, less those that went, after which waste is looked for: pages make and leave very many."""


def main() -> int:
    """Do the task that comes in; return the exit code."""
    task: Task = pickle.load(sys.stdin.buffer)
    _keep_log(task.plan)
    crawl = Crawl(plan=task.plan, tell=Teller.load().tell, now=task.now, told=_tell)
    try:
        with _looking_for_waste_less():
            run_crawl(crawl, lambda loop: _obey(loop, crawl.stop))
        state = State(task.plan.state)
        write_buckets(state, task.plan.share.buckets(), task.plan.folder)
        state.close()
    except AscentError as error:
        print(json.dumps({"refused": str(error)}), flush=True)  # noqa: T201 - the line is for the other process
        return REFUSED
    return 0


@contextmanager
def _looking_for_waste_less() -> Iterator[None]:
    """Look for waste less often, and not among what stays to the end, a classifier above all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(WASTE_AT)
    try:
        yield
    finally:
        gc.unfreeze()


def _obey(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Let the crawl stop at SIGTERM and when the input is closed."""
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def closed() -> None:
        loop.remove_reader(sys.stdin.fileno())
        stop.set()

    loop.add_reader(sys.stdin.fileno(), closed)


def _tell(done: int, of: int) -> None:
    # Whoever listened may be gone; then the input is closed as well, and that ends the crawl.
    with suppress(BrokenPipeError):
        print(json.dumps({"done": done, "of": of}), flush=True)  # noqa: T201


def _keep_log(plan: Plan) -> None:
    plan.notes.mkdir(parents=True, exist_ok=True)
    name = f"log-{plan.share.part}-of-{plan.share.of}.txt"
    handler = RotatingFileHandler(plan.notes / name, maxBytes=LARGEST_LOG, backupCount=1, delay=True)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)


if __name__ == "__main__":
    sys.exit(main())
