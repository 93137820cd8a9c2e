"""Contact sheets of the drawings, to look at: `python -m starter.draw.sheet FOLDER [SIZE]`.

Writes subjects (pose by place), styles (subject by style), times (place by time), weathers (place by weather), looks
(subject by framing and size) and pairs (two subjects by relation) into the folder. A long sheet is written in parts.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from starter.draw import draw
from starter.world import (
    FRAMINGS,
    PLACES,
    RELATIONS,
    SIZES,
    STYLES,
    SUBJECTS,
    TIMES,
    Scene,
    places_of,
    weathers_of,
)

ROWS = 16  # in one picture


def sheet(rows: Sequence[Sequence[Scene]], size: int = 64, zoom: int = 1) -> Image.Image:
    """The scenes as one picture, a row for each row, with a thin gap between."""
    cell = size * zoom + 2
    out = Image.new("RGB", (cell * max(len(row) for row in rows), cell * len(rows)), "white")
    for y, row in enumerate(rows):
        for x, scene in enumerate(row):
            tile = draw(scene, size)
            out.paste(
                tile.resize((size * zoom,) * 2, Image.Resampling.NEAREST) if zoom > 1 else tile, (x * cell, y * cell)
            )
    return out


def _scene(subject: str, turn: int, **said: str) -> Scene:
    """The subject as it comes at this turn, save what is said."""
    kind, places = SUBJECTS[subject], places_of(subject)
    usual = {"color": kind.colors[turn % len(kind.colors)], "pose": kind.poses[turn % len(kind.poses)],
             "place": places[turn % len(places)], "time": TIMES[turn % 3]}  # fmt: skip
    return Scene(subject=subject, seed=turn, **{**usual, **said})


def subjects() -> list[list[Scene]]:
    """Each subject in each pose (a row), over its places and colours."""
    rows: list[list[Scene]] = []
    for subject, kind in SUBJECTS.items():
        places = places_of(subject)
        for pose in kind.poses:
            rows.append([
                Scene(subject=subject, color=kind.colors[(i + len(rows)) % len(kind.colors)], pose=pose,
                      place=places[(i + len(rows)) % len(places)], time=TIMES[(i // 3 + len(rows)) % 3], seed=i * 31 + len(rows))
                for i in range(9)
            ])  # fmt: skip
    return rows


def styles() -> list[list[Scene]]:
    """Each subject (a row) in each style (a column)."""
    return [[_scene(subject, row, style=style) for style in STYLES] for row, subject in enumerate(SUBJECTS)]


def times() -> list[list[Scene]]:
    """Each place (a row) at each time of day, with three subjects."""
    some = (("cat", "sitting"), ("robot", "waving"), ("bird", "flying"))
    return [
        [_scene(s, i, place=place, time=time, pose=pose) for time in TIMES for i, (s, pose) in enumerate(some)]
        for place in PLACES
    ]


def weathers() -> list[list[Scene]]:
    """Each open place (a row) in each weather, by day and at night."""
    return [
        [
            _scene("cat", i, place=place, time=time, weather=weather)
            for time in (TIMES[0], TIMES[2])
            for weather in weathers_of(place, time)
        ]
        for i, place in enumerate(PLACES)
        if len(weathers_of(place, TIMES[0])) > 1
    ]


def looks() -> list[list[Scene]]:
    """Each subject (a row) in each framing and each size."""
    return [
        [_scene(subject, row, framing=framing) for framing in FRAMINGS]
        + [_scene(subject, row, size=s) for s in SIZES[1:]]
        for row, subject in enumerate(SUBJECTS)
    ]


def pairs() -> list[list[Scene]]:
    """Each subject that has company (a row) in each relation to one that can carry it, as it is and from far."""
    carriers = [name for name, kind in SUBJECTS.items() if kind.carries]
    rows = []
    for row, subject in enumerate(name for name, kind in SUBJECTS.items() if kind.pairs):
        other = carriers[row % len(carriers)]
        other = carriers[(row + 1) % len(carriers)] if other == subject else other
        said = {"other": other, "other_color": SUBJECTS[other].colors[row % len(SUBJECTS[other].colors)],
                "place": [place for place in places_of(subject) if place in places_of(other)][row % 6]}  # fmt: skip
        rows.append([_scene(subject, row, relation=r, framing=f, **said) for f in FRAMINGS[::2] for r in RELATIONS[1:]])
    return rows


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    for make in (subjects, styles, times, weathers, looks, pairs):
        name, rows = make.__name__, make()
        parts = -(-len(rows) // ROWS)
        for part in range(parts):
            some = rows[part * ROWS : (part + 1) * ROWS]
            sheet(some, size).save(folder / (f"{name}-{part + 1}.png" if parts > 1 else f"{name}.png"))


if __name__ == "__main__":
    main()
