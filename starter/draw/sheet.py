"""Contact sheets of the drawings, to look at: `python -m starter.draw.sheet FOLDER [SIZE]`.

Writes subjects.png (pose by place), styles.png (subject by style) and times.png (place by time) into the folder.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from starter.draw import draw
from starter.world import PLACES, STYLES, SUBJECTS, TIMES, Scene


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


def subjects() -> list[list[Scene]]:
    """Each subject in each pose (a row), over all its places and colours."""
    rows: list[list[Scene]] = []
    for subject, kind in SUBJECTS.items():
        for pose in kind.poses:
            rows.append([
                Scene(subject=subject, color=kind.colors[(i + len(rows)) % len(kind.colors)], pose=pose,
                      place=kind.places[i % len(kind.places)], time=TIMES[(i // 3 + len(rows)) % 3], seed=i * 31 + len(rows))
                for i in range(len(PLACES))
            ])  # fmt: skip
    return rows


def styles() -> list[list[Scene]]:
    """Each subject (a row) in each style (a column)."""
    return [
        [Scene(subject=subject, color=kind.colors[0], pose=kind.poses[row % len(kind.poses)], place=kind.places[row % len(kind.places)],
               time=TIMES[row % 3], style=style, seed=row) for style in STYLES]
        for row, (subject, kind) in enumerate(SUBJECTS.items())
    ]  # fmt: skip


def times() -> list[list[Scene]]:
    """Each place (a row) at each time of day, with three subjects."""
    some = (("cat", "orange", "sitting"), ("robot", "blue", "waving"), ("rocket", "red", "standing"))
    return [
        [
            Scene(subject=s, color=c, pose=p, place=place, time=time, seed=i)
            for time in TIMES
            for i, (s, c, p) in enumerate(some)
        ]
        for place in PLACES
    ]


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    for name, rows in (("subjects", subjects()), ("styles", styles()), ("times", times())):
        half = (len(rows) + 1) // 2
        parts = ((f"{name}-1", rows[:half]), (f"{name}-2", rows[half:])) if len(rows) > 16 else ((name, rows),)
        for part, some in parts:
            sheet(some, size).save(folder / f"{part}.png")


if __name__ == "__main__":
    main()
