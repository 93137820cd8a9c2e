# ruff: noqa: F811 - fixtures are imported
"""Mending: what is missing comes back in words of examples, at the same seed, within the budget, and never for the worse."""

import random

import pytest
from drawing_room import artist, drawing_room  # noqa: F401 - fixtures
from library_kit import scene

from agent import reporting
from starter.world import PLACES, STYLES, SUBJECTS, TIMES
from tools import mend_picture
from tools.backends import locks, phrases
from tools.backends.checking import checker_for
from tools.backends.errors import BadInput, RenderError, RenderStopped
from tools.backends.lineage import Lineage
from tools.backends.pictures import open_picture

ASKED = "a boat at sea at night, watercolor"


def begin(artist, prompt: str = ASKED, **renderer) -> str:
    for name, value in renderer.items():
        setattr(artist.studio.renderer, name, value)
    artist.refine_prompt(changes=[], start=prompt)
    artist.generate_picture(seed="4")
    artist.studio.renderer.rendered.clear()
    return prompt


def score(artist, asked: str, name: str) -> float:
    picture = artist.thread.resolve(name)
    checker = checker_for(artist.studio.library, artist.studio.encoder)
    return checker.check(name, open_picture(picture.path), asked).score


def test_what_is_missing_comes_back_in_words_of_examples_at_the_same_seed(artist):
    asked = begin(artist, deaf=("at night",))
    answer, artifact = artist.mend_picture()
    assert artifact["improved"] and artifact["missing"] == [] and artifact["used"] <= 3 == artifact["budget"]
    assert f"{artifact['used']} of 3 renders used" in answer
    best, draft = artist.thread.current_picture, artist.thread.current_draft
    assert best.name == artifact["best"] and draft.prompt.startswith(asked) and best.parent == "picture 1"
    assert {recipe.seed for recipe in artist.studio.renderer.rendered} == {4}
    added = draft.changes[-1]
    rows = artist.studio.library.get([e.id for e in added.evidence])
    assert added.source == "examples" and rows and all(phrases.holds(row.prompt, added.phrase) for row in rows)


def test_what_alone_is_named_is_mended_and_nothing_else_counts_for_it(artist):
    begin(artist, deaf=("at night", "watercolor"))
    for said in ("night", "the night"):
        _, artifact = artist.mend_picture(picture="picture 1", what=said)
        assert artifact["improved"] and artifact["missing"] == ["watercolor"], said
    told = reporting.mended(artist.mend_picture(picture="picture 1", what="the boat")[1])
    assert told.startswith("As far as I can judge, picture 1 does show “a boat”") and "“at night”" in told
    assert mend_picture.meant("moon and boats", ["a boat", "at sea", "the full moon"]) == ["the full moon", "a boat"]
    assert mend_picture.meant("a zebra", ["a boat"]) == []


def test_nothing_is_rendered_where_nothing_is_missing(artist):
    begin(artist)
    answer, artifact = artist.mend_picture()
    assert "Nothing to mend" in answer and artifact["used"] == 0 and artist.studio.renderer.rendered == []


def test_a_run_never_ends_worse_than_it_began_and_stops_at_its_budget(artist):
    rng = random.Random(11)
    kinds = {"subject": tuple(SUBJECTS), "place": PLACES, "time": TIMES, "style": STYLES}
    for budget in (1, 3, 2):
        asked = begin(artist, deaf=("at night",), twist=lambda prompt: {})
        began = artist.thread.current_picture
        chance = {kind: rng.choice(values) for kind, values in kinds.items() if rng.random() < 0.6}
        artist.studio.renderer.twist = lambda prompt, chance=chance: (
            chance
        )  # every change turns the picture into another
        _, artifact = artist.mend_picture(budget=budget)
        current = artist.thread.current_picture
        assert len(artist.studio.renderer.rendered) == artifact["used"] <= budget
        assert score(artist, asked, current.name) >= score(artist, asked, began.name)
        assert artifact["best"] == current.name and artist.thread.current_draft.number == current.draft


@pytest.mark.parametrize("fault", [RenderStopped("Stopped."), RenderError("It failed.")])
def test_whatever_happens_the_picture_that_was_there_stays_the_current_one(artist, fault):
    begin(artist, deaf=("at night",))

    def fail() -> None:
        raise fault

    artist.studio.renderer.before = fail
    if isinstance(fault, RenderStopped):
        answer, artifact = artist.mend_picture()
        assert "stopped" in answer and not artifact["improved"]
    else:
        with pytest.raises(RenderError):
            artist.mend_picture()
    assert artist.thread.current_picture.name == "picture 1" and artist.thread.current_draft.number == 1


def test_locked_words_stay_as_they_are_in_every_try(artist):
    begin(artist, "a boat at sea, night, watercolor", deaf=("night", "midnight", "starry", "moonlight", "stars"))
    artist.thread.lock(["night", "watercolor"])
    artist.mend_picture(budget=6)
    tries = artist.thread.drafts[1:]
    assert tries
    for draft in tries:
        assert draft.prompt.startswith("a boat at sea, night, watercolor") and draft.locked == ("night", "watercolor")


def test_a_lock_that_comes_from_another_window_meanwhile_is_heeded(artist, monkeypatch):
    begin(artist, deaf=("at night", "watercolor"))
    other = Lineage(artist.studio.settings.home).thread(artist.thread.name)
    artist.studio.renderer.before = lambda: other.lock(["a boat at sea at night"])  # while the first try is rendered
    artist.mend_picture(budget=6)
    prompt = artist.thread.current_draft.prompt
    assert locks.broken(ASKED, prompt, artist.thread.locks) == [] and artist.thread.locks
    before = artist.thread.drafts
    monkeypatch.setattr(mend_picture, "tries", lambda parts, checker, best, known, tried: iter([rival(other)]))
    with pytest.raises(BadInput, match="'watercolor' was locked meanwhile"):
        artist.mend_picture(picture="picture 1")
    assert artist.thread.drafts == before


def rival(other) -> mend_picture.Try:
    """A try that loses what is locked in the moment in which it is written."""
    other.lock(["watercolor"])
    return mend_picture.Try("at night", "a boat at sea at night", ())


def test_where_prompts_are_shown_first_a_wording_is_proposed_and_not_rendered(artist):
    begin(artist, deaf=("at night",))
    artist.thread.show_prompt_first(True)
    answer, artifact = artist.mend_picture()
    assert artifact["proposed"]["parent"] == 1 and "Not rendered" in answer
    assert artist.studio.renderer.rendered == [] and artist.thread.current_draft.number == 2


def test_only_what_the_person_has_seen_is_rendered_where_prompts_are_shown_first(artist):
    from types import SimpleNamespace

    from tools.context import TurnContext

    def generate(words: str, before: int):
        context = TurnContext(thread=artist.thread, words=words, report=artist, drafts_before=before)
        runtime = SimpleNamespace(context=context, state={}, tool_call_id="call")
        return artist.tools["generate_picture"].func(runtime=runtime)[1]["pictures"]

    artist.refine_prompt(changes=[], start="a boat at sea")
    assert generate("a boat, please", 0), "the rule is off"
    artist.thread.show_prompt_first(True)
    artist.refine_prompt(changes=[], start="a castle in the snow")
    with pytest.raises(BadInput, match="Shown first: draft 2"):
        generate("a castle", 1)
    assert generate("yes, render it", 2)
    artist.refine_prompt(changes=[], start="a robot in the city, neon")
    assert generate("exactly this: a robot in the city,  neon", 2), "they wrote it themselves, word for word"


def test_a_power_cut_in_between_leaves_the_better_picture_the_current_one(artist, tmp_path):
    begin(artist, deaf=("at night",))
    stood = []

    def cut() -> None:
        """The log as another start of Atelier would find it now."""
        (tmp_path / "threads").mkdir(exist_ok=True)
        (tmp_path / "threads" / "cut.jsonl").write_bytes(artist.thread.log.read_bytes())
        found = Lineage(tmp_path).thread("cut")
        stood.append((len(found.pictures), found.current_picture.name, found.current_draft.number))

    artist.studio.renderer.twist = lambda prompt: {"subject": "castle"}  # every try loses the boat
    artist.studio.renderer.before = cut
    _, artifact = artist.mend_picture(budget=3)
    assert not artifact["improved"] and artifact["used"] >= 2
    assert stood == [(n, "picture 1", 1) for n in range(1, artifact["used"] + 1)]
    cut()
    assert stood[-1] == (artifact["used"] + 1, "picture 1", 1)


def test_tries_say_what_they_begin_with_and_when_it_is_gone(artist, tmp_path):
    scene(93).save(tmp_path / "sketch.png")
    artist.thread.attach(tmp_path / "sketch.png")
    artist.studio.renderer.deaf = ("at night",)
    artist.refine_prompt(changes=[], start=ASKED)
    artist.generate_picture(seed="7", start="attached")
    answer, artifact = artist.mend_picture(budget=1)
    assert artifact["used"] == 1 and "Begun with the attached picture, strength 0.6." in answer
    assert "Begun with the attached picture" in reporting.mended(artifact)
    for path in artist.thread.attachments:
        path.unlink()
    answer, artifact = artist.mend_picture(picture="picture 1", budget=1)
    gone = "Picture 1 began with a picture; this begins with noise."
    assert gone in answer and gone in reporting.mended(artifact)
    notes = [args[3] for name, args in artist.reported if name == "pictured"]
    assert notes[-1] == (gone,) and artist.thread.pictures[-1].recipe.start == ""
