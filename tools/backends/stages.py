"""Three stages of one job at the same time: read, work, write, each in a thread of its own, with short queues between.

Knows nothing of tables and models. The order is kept, and memory holds a few pieces, however many there are. Whatever
happens to one stage, all end: what was worked on before is still written, unless writing is what failed.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

AWAKE = 0.25  # seconds after which the caller's thread looks up from waiting
AHEAD = 2  # pieces that wait between two stages: enough that the next is always there, few enough for the memory


@dataclass(kw_only=True)
class Timings:
    """Seconds that each stage worked, and that the middle one waited: for something to do, and for room for what it did."""

    read: float = 0.0
    work: float = 0.0
    write: float = 0.0
    waited: float = 0.0


class _Ended(Exception):
    """Nothing more comes, or nobody wants any more."""


class Channel(Generic[A]):
    """A short queue between two threads, which either side can end. Nothing in here polls."""

    def __init__(self, room: int = AHEAD) -> None:
        self._room = room
        self._items: deque[A] = deque()
        self._changed = threading.Condition()
        self._closed = self.unwanted = False

    def put(self, item: A) -> None:
        """Add an item, when there is room. Raises _Ended when nobody wants it."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self._room or self.unwanted)
            if self.unwanted:
                raise _Ended
            self._items.append(item)
            self._changed.notify_all()

    def get(self) -> A:
        """The next item, when there is one. Raises _Ended after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed or self.unwanted)
            if self.unwanted or not self._items:
                raise _Ended
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """Nothing more is put in; what is there can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def refuse(self) -> None:
        """Nothing more is taken out; what is there is dropped."""
        with self._changed:
            self.unwanted = True
            self._items.clear()
            self._changed.notify_all()


def flow(
    source: Iterable[A],
    work: Callable[[A], Iterable[B]],
    sink: Callable[[B], C],
    *,
    done: Callable[[C], None],
    interrupted: Callable[[], None] = lambda: None,
    stopping: Callable[[], None] = lambda: None,
    timings: Timings | None = None,
) -> None:
    """Read every piece of the source, work on it, and write it, all three at the same time and in order.

    Args:
        source: read in a thread of its own; where it fails, the pieces before are still worked on and written.
        work: called in a second thread; gives what it makes of a piece one by one, so that each can be written at once.
        sink: called in a third.
        done: called in the caller's thread with what `sink` gave, one by one.
        interrupted: called when the caller is interrupted (Ctrl-C), and when a stage failed, to end what the source waits for.
        stopping: called at once when the caller is interrupted: until what is worked on is written, some seconds may pass.
        timings: is filled in.

    Raises:
        whatever a stage raised first. An interruption is raised again after what was worked on is written.
    """
    spent = timings if timings is not None else Timings()
    raw: Channel[A] = Channel()
    worked: Channel[B] = Channel()
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    errors: list[BaseException] = []

    def stage(body: Callable[[], None], ends: Callable[[], None], fails: Callable[[], None]) -> None:
        try:
            body()
        except _Ended:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            errors.append(error)
            fails()
        finally:
            ends()

    def reading() -> None:
        pieces = iter(source)
        while True:
            begun = time.perf_counter()
            try:
                piece = next(pieces)
            except StopIteration:
                return
            finally:
                spent.read += time.perf_counter() - begun
            raw.put(piece)

    def working() -> None:
        while True:
            begun = time.perf_counter()
            results = iter(work(raw.get()))
            spent.waited += time.perf_counter() - begun
            while True:
                begun = time.perf_counter()
                try:
                    result = next(results)
                except StopIteration:
                    break
                finally:
                    spent.work += time.perf_counter() - begun
                begun = time.perf_counter()
                worked.put(result)
                del result
                spent.waited += time.perf_counter() - begun
                if raw.unwanted:
                    return

    def writing() -> None:
        while True:
            result = worked.get()
            begun = time.perf_counter()
            finished.put((sink(result),))
            del result
            spent.write += time.perf_counter() - begun

    def give_up() -> None:
        raw.refuse()
        worked.refuse()

    threads = [
        threading.Thread(target=stage, args=parts, name=name, daemon=True)
        for name, parts in {
            "reader": (reading, raw.close, lambda: None),
            "worker": (working, worked.close, raw.refuse),
            "writer": (writing, lambda: finished.put(None), give_up),
        }.items()
    ]
    for thread in threads:
        thread.start()
    try:
        while (told := _next(finished)) is not None:
            done(told[0])
    except BaseException as error:  # Ctrl-C: what is worked on is finished and written, nothing new is begun
        raw.refuse()
        interrupted()
        if isinstance(error, KeyboardInterrupt):
            stopping()
        for thread in reversed(threads):
            thread.join()
        raise
    if errors:
        interrupted()  # or the reader might wait for a slow server before it sees that nobody wants more
    for thread in reversed(threads):
        thread.join()
    if errors:
        raise errors[0]


def _next(finished: "queue.SimpleQueue[tuple[C] | None]") -> tuple[C] | None:
    """What was written next. A wait without an end sleeps through a Ctrl-C that comes just as it begins."""
    while True:
        try:
            return finished.get(timeout=AWAKE)
        except queue.Empty:
            continue
