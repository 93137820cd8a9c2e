"""The same rows come in, in the same order, when several workers of a Ray cluster encode them."""

import importlib.util
from pathlib import Path

import pytest
from library_kit import DIMENSIONS, PlainEncoder, scene

from tools.backends import preparing
from tools.backends.cluster import known_of
from tools.backends.database import Library
from tools.backends.errors import BadTable, ModelUnavailable
from tools.backends.ingest import ingest
from tools.backends.sameness import Saying

HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(
    not HAS_RAY, reason="Ray is not installed: pip install -c constraints.txt -e '.[cluster]'"
)


def library_in(folder: Path) -> Library:
    return Library(f"chdb://{folder}", encoder_name="plain", encoder_fingerprint="plain-1", dimensions=DIMENSIONS)


def prompts_of(library: Library) -> list[tuple[str, str]]:
    return library._rows("SELECT id, prompt FROM examples ORDER BY id")


@pytest.mark.skipif(HAS_RAY, reason="Ray is installed")
def test_without_ray_it_is_said_how_to_get_it(tmp_path):
    (tmp_path / "p.csv").write_text("prompt\nx\n")
    with library_in(tmp_path / "library") as library, pytest.raises(ModelUnavailable, match=r"atelier|\[cluster\]"):
        ingest([tmp_path / "p.csv"], library, PlainEncoder(), workers=2)


def test_what_a_library_holds_can_be_told_elsewhere(tmp_path):
    (tmp_path / "images").mkdir()
    scene(1).save(tmp_path / "images" / "a.png")
    (tmp_path / "p.csv").write_text("id,prompt,url,nsfw,favourite\na,one,http://x/a,0.5,1\nb,two,,,\n")
    with library_in(tmp_path / "library") as library:
        ingest([tmp_path / "p.csv"], library, PlainEncoder(), images=tmp_path / "images")
        known = known_of(library)
        one, two = Saying(id="a", prompt="one", url="http://x/a", shows=True), Saying(id="b", prompt="two", shows=True)
        told = known.standing([one, two, Saying(prompt="three")])
        assert [(row.known, row.lacks_picture) for row in told] == [(True, False), (True, True), (False, False)]
        assert told == library.standing([one, two, Saying(prompt="three")])


def test_elsewhere_a_row_is_sent_only_where_it_brings_what_its_example_lacks(tmp_path):
    text = "prompt,url,seed,nsfw,rating,favourite\nscored,http://x/a,7,0.5,,\nloved,http://x/b,,,9,1\nbare,http://x/c,,,,\n"
    (tmp_path / "p.csv").write_text(text)
    scored = {"prompt": "scored", "url": "http://x/a", "recipe": '{"seed": 7}'}
    loved, bare = {"prompt": "loved", "url": "http://x/b"}, {"prompt": "bare", "url": "http://x/c"}
    with library_in(tmp_path / "library") as library:
        ingest([tmp_path / "p.csv"], library, PlainEncoder())
        known = known_of(library)
        for said, is_known in [
            (Saying(**scored, nsfw=0.5), True), (Saying(**scored, nsfw=0.9), True), (Saying(**scored, rating=5.0), False),
            (Saying(**loved, rating=9.0, favourite=True), True), (Saying(**loved, nsfw=0.1), False),
            (Saying(**bare), True), (Saying(**bare, favourite=True), False), (Saying(**bare, recipe='{"seed": 7}'), False),
        ]:  # fmt: skip
            assert [row.known for row in known.standing([said])] == [is_known], said
            assert (library.standing([said])[0].gain is None) is is_known, said


def test_of_two_examples_of_the_same_words_only_what_both_have_is_there_elsewhere(tmp_path):
    (tmp_path / "p.csv").write_text("prompt,url,seed,rating\none,http://x/a,7,9\none,http://x/a,8,\n")
    with library_in(tmp_path / "library") as library:
        ingest([tmp_path / "p.csv"], library, PlainEncoder())
        said = {"prompt": "one", "url": "http://x/a"}
        told = known_of(library).standing([Saying(**said), Saying(**said, rating=9.0)])
        assert [row.known for row in told] == [True, False]


def test_dead_links_are_known_elsewhere(tmp_path):
    with library_in(tmp_path / "library") as library:
        library.links.add({"http://x/gone": "x answered 404", "http://x/日本": "x answered 410"})
        assert known_of(library).dead(["http://x/a", "http://x/gone", "http://x/日本"]) == [
            "http://x/gone",
            "http://x/日本",
        ]


@needs_ray
@pytest.mark.timeout(600)
def test_two_workers_make_the_library_that_one_process_makes(tmp_path, monkeypatch):
    rows = [f"{n},prompt {n % 170},http://x/{n % 170},{n % 7}" for n in range(190)] + ["bad,,,", "worse,x,y,broad"]
    (tmp_path / "p.csv").write_text("\n".join(["id,prompt,url,width", *rows]))
    (tmp_path / "images").mkdir()
    scene(1).save(tmp_path / "images" / "3.png")
    monkeypatch.setattr(preparing, "BATCH", 20)
    here = Path(__file__).parent
    monkeypatch.setenv("PYTHONPATH", f"{here}:{here.parent}")  # the workers find the encoder of these tests there
    calls: list[int] = []
    with library_in(tmp_path / "one") as library:
        alone = ingest([tmp_path / "p.csv"], library, PlainEncoder(), images=tmp_path / "images")
        wanted = prompts_of(library)
    with library_in(tmp_path / "many") as library:
        together = ingest(
            [tmp_path / "p.csv"],
            library,
            PlainEncoder(),
            images=tmp_path / "images",
            workers=2,
            progress=lambda read, *_: calls.append(read),
        )
        assert prompts_of(library) == wanted and len(wanted) == 170
        again = ingest([tmp_path / "p.csv"], library, PlainEncoder(), workers=2, again=True)
        (tmp_path / "broken.parquet").write_bytes(b"PAR1 nonsense")
        with pytest.raises(BadTable, match="broken Parquet"):
            ingest([tmp_path / "broken.parquet"], library, PlainEncoder(), workers=2)
    same = ("read", "added", "skipped", "failed", "pictures", "problems")
    assert [getattr(together, name) for name in same] == [getattr(alone, name) for name in same]
    assert (again.added, again.skipped) == (0, 190)
    assert calls == sorted(calls) and calls[-1] == 192
