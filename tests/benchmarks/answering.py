"""Part "answers": the three honest answers to a picture, asked about changed library pictures and about foreign ones."""

import io
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.apart import apart
from benchmarks.figures import Result, at, auroc, timed
from benchmarks.ingesting import CLIP, _encoder, _library
from starter.data import SIZE as SIDE  # pixels of what is drawn

if TYPE_CHECKING:
    from PIL.Image import Image

SHARES = {"unseen scenes": 0.6, "photographs": 0.15, "noise": 0.1, "soft noise": 0.05, "flat colour": 0.1}
ANSWERS = ("this picture", "same look", "not in the library")


def answers(size: int, pictures: Path | None, work: Path, **_: Any) -> Result:
    """`size` pictures of the starter collection, each changed in four ways, and as many foreign ones."""
    with tempfile.TemporaryDirectory(dir=work, prefix="answers-") as folder:
        found = apart(ask, folder=folder, size=size, pictures=str(pictures) if pictures else None)
    result = Result(part="answers", size=size)
    changed, foreign = found["changed"], found["foreign"]
    photographs = "" if pictures else " No folder of photographs was given: none were asked about."
    result.about = (
        f"{size:,} pictures of the starter collection, each changed in four ways (a tenth cut off at a random place, JPEG of "
        f"quality 50, half the size, mirrored), and {sum(len(v) for v in foreign.values()):,} foreign ones.{photographs}"
    )
    right = [answer[0] for kind in changed.values() for answer in kind]
    false = [answer[0] == ANSWERS[0] for kind in foreign.values() for answer in kind]
    scores = [[answer[1] for kind in kinds.values() for answer in kind] for kinds in (changed, foreign)]
    result.add("recall", "“this picture” of changed library pictures", _share(right), "", "more")
    result.add(
        "least",
        "… of the kind of change that is hardest",
        min(_share(a[0] for a in k) for k in changed.values()),
        "",
        "more",
    )
    result.add("false", "“this picture” of foreign ones", _share(false), "", "less")
    result.add("auroc", "area under the ROC curve of the score", auroc(*scores), "", "more")
    times = [answer[2] for kinds in (changed, foreign) for kind in kinds.values() for answer in kind]
    result.add("p50", "one answer, p50", at(times, 50), "ms", "less")
    result.add("p99", "one answer, p99", at(times, 99), "ms", "less")
    head = ["asked about", "pictures", "this picture, rightly", "lowest score"]
    rows = [
        [k, f"{len(v):,}", f"{_share(a[0] for a in v):.3f}", f"{min(a[1] for a in v):.2f}"] for k, v in changed.items()
    ]
    result.tables.append(("Pictures of the library", [head, *rows]))
    head = ["asked about", "pictures", *ANSWERS, "highest score"]
    rows = [
        [
            kind,
            f"{len(v):,}",
            *(f"{_share(a[0] == each for a in v):.3f}" for each in ANSWERS),
            f"{max(a[1] for a in v):.2f}",
        ]
        for kind, v in foreign.items()
    ]
    result.tables.append(("Foreign pictures", [head, *rows]))
    return result


def ask(folder: str, size: int, pictures: str | None) -> dict[str, Any]:
    """The answers: of changed pictures (whether it was the right "this picture", score, ms), of foreign ones (verdict, score, ms)."""
    from PIL import Image

    from tools.backends.recognising import Recogniser

    encoder = _encoder()
    with _library(str(Path(folder) / "library"), encoder) as library:
        library.load_collection(CLIP.parent / "collection.parquet")
        recogniser = Recogniser(library, encoder)
        rng = random.Random("the three answers")
        ids = library.some_pictures(size)
        recogniser.describe(Image.new("RGB", (SIDE, SIDE)))  # the model is loaded
        answered: dict[str, dict[str, list[Any]]] = {"changed": {}, "foreign": {}}

        def look(picture: "Image", kind: str, among: str, wanted: str | None) -> None:
            seen: list[Any] = []
            seconds = timed(lambda: seen.append(recogniser.describe(picture, k=3)))
            verdict, first = seen[0].verdict, seen[0].matches[0].example.id
            said = verdict == ANSWERS[0] and first == wanted if wanted else verdict
            answered[among].setdefault(kind, []).append([said, seen[0].score, 1000 * seconds])

        for number, id in enumerate(ids):
            data = library.thumbnail(id)
            assert data is not None
            picture = Image.open(io.BytesIO(data)).convert("RGB")
            for kind, change in changes(rng).items():
                look(change(picture), kind, "changed", id)
            _tell(number, len(ids), "library pictures")
        for number, (kind, picture) in enumerate(foreign(size, Path(pictures) if pictures else None)):
            look(picture, kind, "foreign", None)
            _tell(number, size, "foreign pictures")
        return answered


def changes(rng: random.Random) -> "dict[str, Callable[[Image], Image]]":
    """What happens to a picture on its way round."""
    from PIL import Image, ImageOps

    def cut(picture: "Image") -> "Image":
        wide, high = (round(0.9 * side) for side in picture.size)
        x, y = rng.randint(0, picture.width - wide), rng.randint(0, picture.height - high)
        return picture.crop((x, y, x + wide, y + high))

    def jpeg(picture: "Image") -> "Image":
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=50)
        return Image.open(io.BytesIO(file.getvalue())).convert("RGB")

    return {
        "a tenth of both sides cut off": cut,
        "JPEG of quality 50": jpeg,
        "half the size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
        "mirrored": ImageOps.mirror,
    }


def foreign(count: int, pictures: Path | None) -> "Iterator[tuple[str, Image]]":
    """Pictures that no library has: new scenes of the starter world, and what is of no world of ours."""
    from PIL import Image

    from starter.draw import draw
    from starter.world import sample_scene

    rng, noise = random.Random("foreign pictures"), np.random.default_rng(3)
    wanted = {kind: round(share * count) for kind, share in SHARES.items()}
    files = (
        sorted(p for p in pictures.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
        if pictures
        else []
    )
    if not files:
        wanted["unseen scenes"] += wanted.pop("photographs")
    for number in range(wanted["unseen scenes"]):  # half of them of combinations that the encoder was never trained on
        yield "unseen scenes", draw(sample_scene(rng, held_out=bool(number % 2)), SIDE)
    for number in range(wanted.get("photographs", 0)):
        whole = Image.open(files[number % len(files)]).convert("RGB")
        part = min(whole.size) if number < len(files) else rng.randint(min(whole.size) // 4, min(whole.size))
        x, y = rng.randint(0, whole.width - part), rng.randint(0, whole.height - part)
        yield "photographs", whole.crop((x, y, x + part, y + part)).resize((256, 256))
    for _ in range(wanted["noise"]):
        yield "noise", Image.fromarray(noise.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8))
    for _ in range(wanted["soft noise"]):
        cells = int(noise.integers(2, 12))
        small = Image.fromarray(noise.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
        yield "soft noise", small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    for _ in range(wanted["flat colour"]):
        yield "flat colour", Image.new("RGB", (SIDE, SIDE), tuple(int(c) for c in noise.integers(0, 256, 3)))


def _share(good: Any) -> float:
    each = list(good)
    return sum(each) / len(each) if each else 0.0


def _tell(number: int, count: int, what: str) -> None:
    if (number + 1) % 100 == 0:
        sys.stderr.write(f"  {number + 1:,} of {count:,} {what}\n")
