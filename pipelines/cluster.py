"""The same for every bucket of customers on a Dask cluster, whose workers read and write the same places."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import fsspec

from features.errors import CallRefused, WorkerLost
from pipelines.code import code_digest
from pipelines.job import Job
from pipelines.workers import Workers

if TYPE_CHECKING:
    from distributed import Client, Worker

T = TypeVar("T")
R = TypeVar("R")

RETRIES = 2
"""How often a bucket is tried again that a worker failed at; one whose worker died goes to another anyway."""
SECONDS_TO_ANSWER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a worker says of itself: its threads, the digest of its code, and whether it sees the place."""

    threads: int
    code: str
    sees: bool


def cluster(job: Job) -> Workers:
    """Return the workers of the job's cluster: each does a bucket at a time, with all the memory given."""
    assert job.cluster is not None
    return Workers(1, 1, OnCluster(job.cluster, job.settings.exchange or str(job.work)))


@dataclass(frozen=True, slots=True)
class OnCluster:
    """The cluster whose scheduler is at `address`; its workers must see `place` and run the same code."""

    address: str
    place: str

    def __call__(self, do: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
        """Yield what comes out, in the order in which it is ready.

        Raises:
            CallRefused: no scheduler or worker answers, or a worker cannot do what this process would.
            WorkerLost: several workers died over a bucket, or the scheduler did.
        """
        # Dask is imported where a cluster is asked for: it costs every command half a second.
        from distributed import KilledWorker, as_completed
        from distributed.client import FutureCancelledError

        with self._client() as client:
            self._check(client)
            futures = client.map(do, things, pure=False, retries=RETRIES)
            try:
                for future in as_completed(futures, loop=client.loop):
                    yield future.result()
            except KilledWorker as killed:
                raise WorkerLost(
                    f"A bucket was given to workers of {self.address} and each died over it, most often"
                    " because its machine ran out of memory. What is finished is kept: start again, with less"
                    " --memory or fewer workers a machine."
                ) from killed
            except FutureCancelledError as lost:
                raise WorkerLost(
                    f"The scheduler at {self.address} was lost. What is finished is kept: start it and its"
                    " workers, then this run again."
                ) from lost
            finally:
                client.cancel(futures)

    @contextmanager
    def _client(self) -> Iterator["Client"]:
        from distributed import Client

        try:
            client = Client(self.address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError) as fault:
            raise CallRefused(
                f"A Dask scheduler was expected at {self.address}, got: {fault}. Start one with"
                " `dask scheduler` and give the address that it tells."
            ) from None
        with client:
            yield client

    def _check(self, client: "Client") -> None:
        """Refuse a cluster whose workers would not do what this process would."""
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_ANSWER)
        except TimeoutError:
            raise CallRefused(
                f"The scheduler at {self.address} has no workers. Start some with"
                f" `dask worker {self.address} --nthreads 1 --nworkers N`."
            ) from None
        refuse_unfit(self.address, self.place, client.run(look, self.place))


def refuse_unfit(address: str, place: str, found: Mapping[str, Found]) -> None:
    """Refuse workers that would not do what this process would; `found` is by a worker's address.

    Raises:
        CallRefused: some have several threads, other code, or do not see the place.
    """
    for told, unfit in (
        (
            "have one thread each (`dask worker --nthreads 1`)",
            [worker for worker, one in found.items() if one.threads != 1],
        ),
        (
            "run the same version of Ascent as this process",
            [worker for worker, one in found.items() if one.code != code_digest()],
        ),
        (
            f"see {place}, which all machines must share",
            [worker for worker, one in found.items() if not one.sees],
        ),
    ):
        if unfit:
            raise CallRefused(
                f"All {len(found)} workers of {address} must {told}; of these {len(unfit)} do not, such as"
                f" {min(unfit)}."
            )


def look(place: str, *, dask_worker: "Worker") -> Found:
    """Say, on a worker, how many threads it has, which code it runs, and whether it sees the place."""
    there, path = fsspec.core.url_to_fs(place)
    return Found(threads=dask_worker.state.nthreads, code=code_digest(), sees=there.exists(path))
