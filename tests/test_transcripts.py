"""A conversation out of one Atelier and into another: the same prompts, seeds and pixels, and no stranger's file breaks it."""

import copy
import dataclasses
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_kit import scene
from rooms import PlainRenderer, plain_studio

from agent import conversations
from agent.cli import main
from tools.backends import replaying, transcripts
from tools.backends.errors import BadInput
from tools.backends.lineage import Lineage, Thread
from tools.backends.pictures import open_picture, save_png
from tools.backends.records import Change, Check, Evidence, PhraseSeen, Picture
from tools.backends.starting import Start


def render(thread: Thread, parent: Picture | None = None, seed: int = 7) -> Picture:
    """What generate_picture does, with the plain renderer."""
    draft = thread.current_draft
    assert draft is not None
    recipe = PlainRenderer().recipe(draft.prompt, draft.negative_prompt, seed=seed)
    path = save_png(PlainRenderer().render(recipe), recipe, thread.picture_folder, name=thread.next_picture_name())
    return thread.add_picture(recipe, path, parent=parent, draft=draft)


def conversation(home: Path) -> Thread:
    """Three drafts, one of them a branch, with everything that can happen to them."""
    thread = Lineage(home).thread("Cat & Sofa")
    evidence = (Evidence(id="e1", prompt="x, film still"),)
    thread.add_draft("a cat,  on\na “sofa” \\(soft\\)", "people", request="draw a cat")
    first = render(thread)
    thread.lock(["a cat"])
    change = Change(kind="added", phrase="film still", evidence=evidence, lift=3.5, source="examples")
    thread.add_draft("a cat,  on\na “sofa” \\(soft\\), film still", "people", parent=1, request="cinematic", changes=[change],
                     from_picture="picture 1", locked=["a cat"])  # fmt: skip
    second = render(thread, first)
    thread.rate(second, "up")
    out = (PhraseSeen(phrase="people", score=0.9, there=True),)
    seen = (PhraseSeen(phrase="film still", score=0.7, there=True),)
    thread.add_check(Check(picture="picture 2", phrases=seen, score=0.7, avoided=out))
    thread.add_favourite(second, "abc")
    thread.go_to(first)
    thread.unlock(["a cat"])
    thread.show_prompt_first(True)
    thread.add_draft("a cat, at night", parent=1, request="at night", from_picture="picture 1")
    render(thread, first, seed=2**32 - 1)
    photo = home / "my photo.png"
    photo.write_bytes(b"private")
    thread.attach(photo)
    return thread


@pytest.fixture
def thread(tmp_path: Path) -> Thread:
    return conversation(tmp_path / "there")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return transcripts.export(conversation(tmp_path_factory.mktemp("home")))


def again(document: dict[str, Any], home: Path, renderer: Any = None) -> tuple[Thread, replaying.Replay]:
    thread = Lineage(home).thread("again")
    transcript = transcripts.read(transcripts.as_bytes(document))
    return thread, replaying.replay(transcript, thread, renderer or PlainRenderer())


def test_a_replay_makes_the_same_prompts_seeds_and_pixels_without_any_language_model(thread: Thread, tmp_path: Path):
    replayed, result = again(transcripts.export(thread), tmp_path / "here")
    assert replayed.drafts == thread.drafts
    assert [(p.name, p.parent, p.draft) for p in replayed.pictures] == [
        (p.name, p.parent, p.draft) for p in thread.pictures
    ]
    assert [p.recipe for p in replayed.pictures] == [p.recipe for p in thread.pictures]
    assert [one.identical for one in result.pictures] == [True, True, True]
    assert all(Path(p.path).is_relative_to(tmp_path / "here") for p in replayed.pictures)
    assert (replayed.locks, replayed.ratings, replayed.checks, replayed.prompt_first) == (
        thread.locks, thread.ratings, thread.checks, thread.prompt_first,
    )  # fmt: skip
    assert replayed.favourites == {}  # nothing was saved to a library here
    assert replayed.current_picture == replayed.pictures[-1]
    assert result.same_model and result.as_json()["identical"] == 3
    other = transcripts.export(replayed)
    assert [e["value"] for e in other["events"] if e["kind"] == "draft"] == [
        e["value"] for e in transcripts.export(thread)["events"] if e["kind"] == "draft"
    ]


def test_the_file_holds_no_path_and_no_picture_of_this_machine(thread: Thread, tmp_path: Path):
    text = transcripts.as_bytes(transcripts.export(thread)).decode()
    assert str(tmp_path) not in text and "my photo" not in text and "attachment" not in text
    recipe = dataclasses.replace(thread.pictures[0].recipe, model="/models/secret/sd-turbo")
    thread.add_picture(recipe, "/nowhere.png", draft=1)
    last = transcripts.export(thread)["events"][-1]
    assert (last["value"]["recipe"]["model"], last["pixels"]) == ("sd-turbo", None)


def test_another_model_or_another_picture_is_said(document: dict[str, Any], tmp_path: Path):
    class Other(PlainRenderer):
        name, hash = "other", "9876543210"

        def render(self, recipe: Any, **more: Any) -> Any:
            return super().render(dataclasses.replace(recipe, seed=recipe.seed ^ 1), **more)

    changed = copy.deepcopy(document)
    next(e for e in changed["events"] if e["kind"] == "picture")["pixels"] = None
    thread, result = again(changed, tmp_path, Other())
    assert [one.identical for one in result.pictures] == [None, False, False]
    assert (result.same_model, result.models, result.rendered_with) == (False, ("plain",), "other")
    assert {p.recipe.model for p in thread.pictures} == {"other"}


def test_a_replay_never_goes_into_a_conversation_that_holds_something(document: dict[str, Any], thread: Thread):
    before = thread.log.read_bytes()
    with pytest.raises(BadInput, match="--thread NAME"):
        replaying.replay(transcripts.read(transcripts.as_bytes(document)), thread, PlainRenderer())
    assert thread.log.read_bytes() == before


def test_an_empty_conversation_is_not_exported(tmp_path: Path):
    with pytest.raises(BadInput, match="holds nothing"):
        transcripts.export(Lineage(tmp_path).thread("new"))


def change(document: dict[str, Any], kind: str, **value: Any) -> bytes:
    changed = copy.deepcopy(document)
    next(e for e in changed["events"] if e["kind"] == kind)["value"].update(value)
    return transcripts.as_bytes(changed)


def test_a_strangers_file_cannot_ask_for_more_than_a_machine_should_give(document: dict[str, Any]):
    recipe = next(e for e in document["events"] if e["kind"] == "picture")["value"]["recipe"]
    for more, said in (
        ({"width": 16_384, "height": 16_384}, "pixels"), ({"steps": 900}, "steps"), ({"guidance": 1e3}, "guidance"),
        ({"seed": 2**63}, "seed"), ({"prompt": "x" * 20_001}, "recipe"), ({"guidance": float("nan")}, "recipe"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=said):
            transcripts.read(change(document, "picture", recipe=recipe | more))
    many = copy.deepcopy(document)
    one = next(e for e in many["events"] if e["kind"] == "picture")
    for count, size, said in ((1_001, 64, "1,001 pictures"), (200, 2048, "too large")):
        big = recipe | {"width": size, "height": size, "steps": 150}
        many["events"] = [{**one, "value": {"name": f"picture {n}", "recipe": big}} for n in range(1, count + 1)]
        with pytest.raises(BadInput, match=said):
            transcripts.read(transcripts.as_bytes(many))
    with pytest.raises(BadInput, match="list of at most"):
        transcripts.read(transcripts.as_bytes({**document, "events": [{"kind": "x"}] * 10_001}))
    with pytest.raises(BadInput, match="MB"):
        transcripts.read(b" " * (transcripts.MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("draft", {"number": 7}), ("draft", {"parent": 1}), ("draft", {"prompt": 3}), ("draft", {"changes": [{"kind": "exploded"}]}),
        ("draft", {"locked": "all"}), ("picture", {"name": "../../etc/passwd"}), ("picture", {"name": "picture 2"}), ("picture", {"draft": 9}),
        ("lock", {"phrases": [3]}), ("rating", {"verdict": "sideways"}), ("check", {"score": "high"}), ("prompt_first", {"on": "yes"}),
    ],
)  # fmt: skip
def test_a_file_that_somebody_changed_is_named_as_such(document: dict[str, Any], kind: str, value: dict[str, Any]):
    with pytest.raises(BadInput, match="changed or is broken"):
        transcripts.read(change(document, kind, **value))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": "atelier conversation"}']
)
def test_what_is_no_conversation_is_said_to_be_none(data: bytes):
    with pytest.raises(BadInput, match="no conversation|version|events"):
        transcripts.read(data)


def test_what_a_newer_version_adds_is_passed_over(document: dict[str, Any]):
    newer = copy.deepcopy(document)
    newer["events"].insert(0, {"kind": "hologram", "value": {"x": 1}})
    newer["events"][1]["value"]["mood"] = "calm"
    assert transcripts.read(transcripts.as_bytes(newer)) == transcripts.read(transcripts.as_bytes(document))


@given(st.integers(0, 2**32), st.sampled_from([None, True, -1, 1e400, "x", [], {}, [[]], "\ud83d", 10**30]))
def test_no_single_changed_value_does_more_than_be_refused(document: dict[str, Any], seed: int, value: Any):
    changed = copy.deepcopy(document)
    rng, place = random.Random(seed), changed
    while True:
        key = rng.choice(sorted(place) if isinstance(place, dict) else range(len(place)))  # type: ignore[arg-type, type-var]
        if not (isinstance(place[key], dict | list) and place[key]) or rng.random() < 0.1:
            break
        place = place[key]
    place[key] = value
    try:
        transcript = transcripts.read(json.dumps(changed).encode())
    except BadInput:
        return
    assert all(picture.path == "" for picture in transcript.pictures)


def test_a_conversation_of_many_and_large_pictures_is_exported_as_it_is_read(tmp_path: Path):
    thread = Lineage(tmp_path).thread("long")
    thread.add_draft("a cat")
    recipe = PlainRenderer().recipe("a cat", "", seed=7)
    for number in range(201):
        size = {"width": 2304, "height": 2048} if number == 0 else {}
        thread.add_picture(dataclasses.replace(recipe, **size), f"/{number}.png", draft=1)
    read = transcripts.read(transcripts.as_bytes(transcripts.export(thread)))
    assert len(read.pictures) == 201 and read.pictures[0].recipe.width == 2304


def test_what_could_not_be_replayed_is_named_and_never_left_out(tmp_path: Path):
    for number, (prompt, said) in enumerate(
        (("x" * 20_001, "draft 1: prompt.*20,000"), ("\ud83d", "draft 1: prompt.*half"))
    ):
        thread = Lineage(tmp_path).thread(f"no {number}")
        thread.add_draft(prompt)
        thread.add_draft("a cat", parent=1)
        with pytest.raises(BadInput, match=said):
            transcripts.export(thread)
    costly = Lineage(tmp_path).thread("costly")
    recipe = dataclasses.replace(PlainRenderer().recipe("a cat", "", seed=7), width=4096, height=4096, steps=150)
    for number in range(10):
        costly.add_picture(recipe, f"/{number}.png")
    with pytest.raises(BadInput, match="nothing was written.*too large"):
        transcripts.export(costly)


def test_a_request_of_any_length_is_cut_and_the_newest_prompt_stays(tmp_path: Path):
    thread = Lineage(tmp_path).thread("wordy")
    thread.add_draft("a cat", request="please " * 10_000)
    wordy = Change(kind="added", phrase="at night", evidence=(Evidence(id="e1", prompt="at night, " * 3_000),))
    thread.add_draft("a cat at night", parent=1, changes=[wordy])
    drafts = [event.value for event in transcripts.read(transcripts.as_bytes(transcripts.export(thread))).events]
    assert [draft.prompt for draft in drafts] == ["a cat", "a cat at night"] and len(drafts[0].request) == 20_000


@pytest.mark.parametrize(
    ("kind", "value"),
    [("check", {"score": 10**400}), ("draft", {"prompt": "a \ud83d cat"}), ("lock", {"phrases": ["\ud83d"]}),
     ("draft", {"changes": [{"kind": "added", "phrase": "x", "lift": 10**400, "evidence": [], "source": "person"}]})],
)  # fmt: skip
def test_numbers_beyond_any_and_half_characters_are_refused(document: dict[str, Any], kind: str, value: dict[str, Any]):
    with pytest.raises(BadInput, match="changed or is broken"):
        transcripts.read(change(document, kind, **value))


def test_a_try_that_never_became_the_current_picture_does_not_in_a_replay_either(tmp_path: Path):
    thread = Lineage(tmp_path / "there").thread("tried")
    thread.add_draft("a cat")
    first = render(thread)
    thread.add_draft("a dog", parent=1, current=False)
    recipe = PlainRenderer().recipe("a dog", "", seed=7)
    thread.add_picture(recipe, "/gone.png", parent=first, draft=2, current=False)
    replayed, _ = again(transcripts.export(thread), tmp_path / "here")
    assert len(replayed.drafts) == len(replayed.pictures) == 2
    assert (replayed.current_picture.name, replayed.current_draft.number) == ("picture 1", 1)  # type: ignore[union-attr]


def begun(thread: Thread, start: Start, **recipe: Any) -> Picture:
    """What generate_picture does with a picture to begin with."""
    draft = thread.current_draft
    assert draft is not None
    made = dataclasses.replace(PlainRenderer().recipe(draft.prompt, seed=7, start=start), **recipe)
    path = save_png(
        PlainRenderer().render(made, start=start), made, thread.picture_folder, name=thread.next_picture_name()
    )
    return thread.add_picture(made, path, draft=draft)


def sketched(home: Path) -> Thread:
    """Picture 1 from noise, 2 over a sketch, 3 over picture 2; and a draft that waits to be painted over picture 1."""
    thread = Lineage(home).thread("sketched")
    thread.add_draft("a cat")
    first = render(thread)
    begun(thread, Start(picture=scene(91)))
    begun(thread, Start(picture=open_picture(thread.pictures[1].path)))
    waiting = thread.add_draft("a dog", parent=1)
    thread.begin_with(waiting, Start(picture=open_picture(first.path), strength=0.4, called="picture 1"))
    return thread


def test_a_replay_knows_which_pictures_began_with_what_the_file_does_not_hold(tmp_path: Path):
    thread = sketched(tmp_path / "there")
    replayed, result = again(transcripts.export(thread), tmp_path / "here")
    assert [(one.identical, one.begun) for one in result.pictures] == [
        (True, "as then"), (False, "with noise"), (False, "otherwise"),
    ]  # fmt: skip
    assert [one["begun"] for one in result.as_json()["pictures"]] == ["as then", "with noise", "otherwise"]
    waiting = replayed.current_draft
    assert waiting is not None and (told := replayed.beginning_of(waiting)) is not None
    start = replayed.start_at(told)
    assert start is not None and (start.called, start.strength) == ("picture 1", 0.4)


def test_the_command_says_what_was_rendered_from_noise_and_blames_no_device_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    thread = sketched(tmp_path / "there")
    file = tmp_path / "sketched.json"
    file.write_bytes(transcripts.as_bytes(transcripts.export(thread)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATELIER_HOME", str(tmp_path / "here"))
    monkeypatch.setattr(conversations, "build", lambda settings: plain_studio(settings.home))
    assert main(["conversation", "replay", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Picture 2 began with a picture or a mask that the file does not hold; it was rendered from noise." in said
    assert "Picture 3 began with a picture that came out otherwise here." in said and "another device" not in said


@pytest.mark.parametrize(
    "value", [{"draft": 3}, {"draft": 0}, {"strength": 1.5}, {"strength": -1}, {"picture": 3}, {"called": None}]
)
def test_a_beginning_that_somebody_changed_is_named_as_such(tmp_path: Path, value: dict[str, Any]):
    document = transcripts.export(sketched(tmp_path))
    with pytest.raises(BadInput, match="changed or is broken"):
        transcripts.read(change(document, "start", **value))
