"""What the tests of taste share: picks and cards in a line, and a book that is filled."""

from pathlib import Path

import pytest

from tools.backends.picks import Pick
from tools.backends.records import Taste, TasteLine
from tools.backends.taste import TasteBook

PHRASES = ["low-key light", "bokeh", "8k", "film still"]
COMMON = dict.fromkeys(PHRASES, 0.05)  # their share in the library, which stays as it is


def pick(name: str, verdict: str, *held: str, others: int = 3, **more) -> Pick:
    return Pick(
        picture=name, verdict=verdict, phrases=frozenset({*held, f"scene {name}"}), others=others, usual=dict.fromkeys(held, 0.05), **more
    )  # fmt: skip


def taste(**weights: float) -> Taste:
    return Taste(lines=tuple(TasteLine(phrase=p.replace("_", " "), weight=w) for p, w in weights.items()), picks=9)


@pytest.fixture
def book(tmp_path: Path) -> TasteBook:
    return TasteBook(tmp_path)


def filled(book: TasteBook) -> TasteBook:
    for n in range(4):
        book.pick(pick(f"k{n}", "up", "low-key light", others=4))
        book.pick(pick(f"d{n}", "down", "bokeh", others=4))
    return book
