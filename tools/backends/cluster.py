"""The stages of an ingest on a Ray cluster, for when one machine encodes too slowly: Ray Data moves the rows about.

One task reads, as many workers as asked encode, and this process writes: the embedded library is one process's. Files and
pictures must be found under the same path on every machine of the cluster, and Atelier must be installed there. Without a
cluster (RAY_ADDRESS) Ray starts one on this machine.
"""

import logging
import os
import pickle
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tools.backends.errors import AtelierError, ModelUnavailable
from tools.backends.links import hash_of
from tools.backends.preparing import Window, Windows, encode
from tools.backends.sameness import Removed, Saying, Standing, keys_of
from tools.backends.stages import Timings

if TYPE_CHECKING:
    from tools.backends.database import Library
    from tools.backends.embedding import Encoder

INSTALL = "Install it in Atelier's folder with `.venv/bin/pip install -c constraints.txt -e '.[cluster]'`, or leave out --workers."
PAGE = 10_000  # examples whose content keys are gathered at a time
READER = 0.25  # of a core, for reading
BLOCK = 1  # bytes from which Ray hands a window on: at once, or it would gather 128 MB of them first

# What an example may have or lack, beside its words, link and recipe, which its keys say. A bit each.
PICTURE, FAVOURITE, NSFW, RATING = 1, 2, 4, 8

Rows = dict[str, Any]


class KnownContent:
    """What a library had when an ingest began, as keys, so that other machines need not ask it.

    They need not know all: a row that brings something for a known example goes to the library, which sees what it is.
    """

    def __init__(self, held: Mapping[bytes, int], removed: Removed, dead: frozenset[bytes]) -> None:
        self._held, self._removed, self._dead = held, removed, dead

    def standing(self, rows: Sequence[Saying]) -> list[Standing]:
        """Which rows were there, saying all of this or more."""
        return [self._standing(row) for row in rows]

    def _standing(self, row: Saying) -> Standing:
        held = self._held.get(bytes.fromhex(row.keys[0]))
        if held is None:
            return Standing(gone=self._removed.has(row))
        brings = _bits(False, row.favourite, row.nsfw, row.rating) & ~held
        return Standing(known=not brings, lacks_picture=row.shows and not held & PICTURE)

    def dead(self, links: Collection[str]) -> list[str]:
        """Which of the links were known to be dead."""
        return [link for link in links if hash_of(link) in self._dead]


def known_of(library: "Library") -> KnownContent:
    """What a library holds, as keys: some 100 MB for a million of them, of which an example with a recipe has two."""
    held: dict[bytes, int] = {}
    names = ("prompt", "url", "recipe", "thumbnail", "favourite", "nsfw", "rating")
    for page in library.export_batches(PAGE):
        columns = (page.column(name).to_pylist() for name in names)
        for prompt, url, recipe, thumbnail, *facts in zip(*columns, strict=True):
            has = _bits(thumbnail, *facts)
            for said in keys_of(prompt, url, recipe, thumbnail):
                key = bytes.fromhex(said)
                held[key] = held.get(key, has) & has  # of two examples: what both have
    return KnownContent(held, library.removed(), library.links.hashes())


def _bits(picture: Any, favourite: Any, nsfw: Any, rating: Any) -> int:
    return PICTURE * bool(picture) | FAVOURITE * bool(favourite) | NSFW * bool(nsfw) | RATING * bool(rating)


class _Read:
    """The first stage: all windows of the files, in order."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def __call__(self, _: Rows) -> Iterator[Rows]:
        for window in self._windows:
            yield {"window": [pickle.dumps(window)]}


class _Encode:
    """The second stage: a worker with an encoder of its own."""

    def __init__(self, encoder: "Encoder", cores: int) -> None:
        encoder.cores = cores  # the others are other workers'
        self._encoder = encoder

    def __call__(self, rows: Rows) -> Rows:
        begun = time.perf_counter()
        done = [encode(pickle.loads(window), self._encoder) for window in rows["window"]]
        spent = (time.perf_counter() - begun) / max(1, len(done))
        return {"window": [pickle.dumps(window) for window in done], "seconds": [spent] * len(done)}


def flow(
    windows: Windows,
    encoder: "Encoder",
    sink: Callable[[Window], Window],
    *,
    workers: int,
    done: Callable[[Window], None],
    stopping: Callable[[], None],
    timings: Timings,
) -> None:
    """Read, encode on so many workers, and give every window to `sink`, in order; see `stages.flow`.

    Raises:
        ModelUnavailable: Ray is not installed, or does not start.
        whatever a stage raised.
    """
    os.putenv("RAY_BACKEND_LOG_LEVEL", "fatal")  # its engine, which is not Python, writes to stderr too
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ModelUnavailable(f"--workers needs Ray, which is not installed. {INSTALL}") from error
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)  # it tells a lot, and stderr belongs to the commands
    ours = not ray.is_initialized()
    if ours:
        _start(ray)
    try:
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = BLOCK
        context.enable_progress_bars = False
        share = max(0.1, (float(ray.cluster_resources().get("CPU", 1)) - READER) / workers)
        cores = max(1, int(share))
        pool = ray.data.ActorPoolStrategy
        stream = (
            ray.data.from_items([{"all": 1}], override_num_blocks=1)
            .map_batches(
                _Read,
                fn_constructor_args=(windows,),
                batch_size=1,
                compute=pool(size=1),
                num_cpus=READER,
            )
            .map_batches(
                _Encode,
                fn_constructor_args=(encoder, cores),
                batch_size=1,
                compute=pool(size=workers),
                num_cpus=cores if share >= 1 else share,
            )
        )
        begun = time.perf_counter()
        for rows in stream.iter_batches(batch_size=1, prefetch_batches=1):
            timings.waited += time.perf_counter() - begun
            timings.work += float(sum(rows["seconds"]))
            for window in rows["window"]:
                begun = time.perf_counter()
                written = sink(pickle.loads(window))
                timings.write += time.perf_counter() - begun
                done(written)
            begun = time.perf_counter()
    except KeyboardInterrupt:
        stopping()  # Ray takes its time
        raise
    except Exception as error:
        if isinstance(error, AtelierError):
            raise
        raise _ours(error) from error
    finally:
        if ours:
            ray.shutdown()


def _start(ray: Any) -> None:
    try:
        ray.init(
            include_dashboard=False,
            log_to_driver=False,
            logging_level="error",
            runtime_env={"env_vars": {"OMP_NUM_THREADS": "1"}},
        )
    except Exception as error:  # ports, memory, versions: Ray has many reasons
        raise ModelUnavailable(f"Ray does not start ({' '.join(str(error).split())[:300]}). {INSTALL}") from error


def _ours(error: Exception) -> Exception:
    """What went wrong on a worker, as the error of ours that it was there."""
    cause: BaseException | None = error
    while cause is not None:
        for inner in (cause, getattr(cause, "cause", None)):
            if isinstance(inner, AtelierError):
                return inner
        cause = cause.__cause__ or cause.__context__
    text = " ".join(str(error).split())
    return ModelUnavailable(f"A worker of the cluster failed: {text[-300:]}. The rows before are in; run it again.")
