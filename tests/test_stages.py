"""Three stages work at the same time, keep the order, hold little, and end together, whatever happens to one."""

import threading
from collections.abc import Iterator

import pytest

from tools.backends.stages import AHEAD, Timings, flow


class Course:
    """A job of ten numbers, and what was seen of it."""

    def __init__(self, **faults: int) -> None:
        self.faults = faults
        self.read: list[int] = []
        self.written: list[int] = []
        self.told: list[int] = []
        self.interrupted = 0
        self.timings = Timings()

    def _at(self, stage: str, number: int) -> None:
        if self.faults.get(stage) == number:
            raise OSError(f"{stage} {number}")

    def source(self) -> Iterator[int]:
        for number in range(10):
            self._at("reading", number)
            self.read.append(number)
            yield number

    def work(self, number: int) -> Iterator[int]:
        self._at("working", number)
        yield number * number

    def sink(self, number: int) -> int:
        self._at("writing", int(number**0.5))
        self.written.append(number)
        return number

    def done(self, number: int) -> None:
        if self.faults.get("interrupt") == int(number**0.5):
            raise KeyboardInterrupt
        self.told.append(number)

    def hear(self) -> None:
        self.interrupted += 1

    def run(self) -> None:
        flow(self.source(), self.work, self.sink, done=self.done, interrupted=self.hear, timings=self.timings)


SQUARES = [n * n for n in range(10)]


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()} & {"reader", "worker", "writer"}


def test_everything_is_written_and_told_in_order():
    course = Course()
    course.run()
    assert course.written == course.told == SQUARES
    assert min(course.timings.read, course.timings.work, course.timings.write, course.timings.waited) > 0
    assert threads() == set()


def test_all_three_stages_work_at_the_same_time():
    together = threading.Barrier(3)  # only passed while one piece is read, one is worked on and one is written

    def source() -> Iterator[int]:
        for number in range(3):
            if number == 2:
                together.wait(20)
            yield number

    def work(number: int) -> Iterator[int]:
        if number == 1:
            together.wait(20)
        yield number

    def sink(number: int) -> int:
        if number == 0:
            together.wait(20)
        return number

    told: list[int] = []
    flow(source(), work, sink, done=told.append)
    assert told == [0, 1, 2]


def test_the_reader_is_never_far_ahead():
    ahead: list[int] = []
    course = Course()

    def sink(number: int) -> int:
        ahead.append(len(course.read) - len(ahead))
        return number

    flow(course.source(), course.work, sink, done=lambda _: None)
    assert max(ahead) <= 2 * AHEAD + 3  # two queues, and one piece in each stage


@pytest.mark.parametrize(
    ("fault", "written"),
    [({"reading": 4}, SQUARES[:4]), ({"working": 4}, SQUARES[:4]), ({"writing": 4}, SQUARES[:4]), ({"reading": 0}, [])],
)
def test_an_error_of_any_stage_ends_all_and_what_came_before_is_written(fault, written):
    course = Course(**fault)
    with pytest.raises(OSError, match=" ".join(map(str, *fault.items()))):
        course.run()
    assert course.written == course.told == written
    assert course.interrupted == 1 and threads() == set()


def test_what_is_made_of_a_piece_is_written_one_by_one_and_an_interruption_does_not_wait_for_the_rest():
    written, begun = threading.Event(), []

    def work(piece: str) -> Iterator[str]:
        for letter in piece:
            begun.append(letter)
            yield letter
            assert letter != "a" or written.wait(20)  # the first is written while the others are still to be made

    def sink(letter: str) -> str:
        written.set()
        return letter

    told: list[str] = []
    flow(["abc", "de"], work, sink, done=told.append)
    assert told == begun == list("abcde")

    def stop(letter: str) -> None:
        raise KeyboardInterrupt

    begun.clear()
    with pytest.raises(KeyboardInterrupt):
        flow(["abcdefghijkl"], work, sink, done=stop)
    assert len(begun) <= 2 * AHEAD + 2


def test_an_interruption_is_told_at_once_while_what_is_worked_on_goes_on():
    told = threading.Event()

    def work(piece: int) -> Iterator[int]:
        if piece == 1:
            assert told.wait(20)
        yield piece

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    written: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        flow(range(9), work, lambda piece: written.append(piece) or piece, done=stop, stopping=told.set)
    assert written == [0, 1]


@pytest.mark.parametrize("fault", ["reading", "working", "writing"])
def test_an_error_is_no_interruption(fault):
    course, told = Course(**{fault: 4}), []
    with pytest.raises(OSError):
        flow(course.source(), course.work, course.sink, done=course.done, stopping=lambda: told.append(fault))
    assert told == []


def test_an_interruption_ends_within_a_piece_and_what_was_worked_on_is_written():
    course = Course(interrupt=2)
    with pytest.raises(KeyboardInterrupt):
        course.run()
    assert course.told == SQUARES[:2]
    assert course.written == SQUARES[: len(course.written)] and len(course.written) >= 3
    assert course.interrupted == 1 and threads() == set()
