"""What a worker of a cluster does that is killed over its first bucket; the next one does the bucket."""

import os
import time
from pathlib import Path
from tempfile import mkdtemp

from pipelines import buckets
from pipelines.buckets import SCRATCH, Done, Task

VICTIM = "victim"
"""Beside the folder of buckets: the process that waits to be killed."""


def victim(work: Path) -> Path:
    """Where the process that waits to be killed says who it is."""
    return work / "buckets" / VICTIM


def score_bucket(task: Task) -> Done:
    """Score a bucket; whoever gets the first one first leaves it half-made and waits to be killed."""
    told = task.folder.parent / VICTIM
    if task.world.bucket == 0 and not told.exists():
        half = Path(mkdtemp(prefix=SCRATCH, dir=task.folder))
        (half / "scores.parquet").write_bytes(b"half")
        aside = told.with_suffix(".part")
        aside.write_text(str(os.getpid()), "ascii")
        aside.replace(told)
        while True:
            time.sleep(60)
    return buckets.score_bucket(task)
