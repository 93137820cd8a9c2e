# ruff: noqa: F811 - fixtures are imported
"""Which words do anything, and what a prompt would look like: measured at one seed, and looked up without rendering."""

import dataclasses

import pytest
from drawing_room import artist, drawing_room  # noqa: F401 - fixtures
from library_kit import scene

from agent import reporting
from starter import captions
from tools.backends.errors import BadInput

PROMPT = "a boat at sea at night, zyzzyva, 8k"


def begin(artist, prompt: str = PROMPT) -> None:
    artist.refine_prompt(changes=[], start=prompt)
    artist.generate_picture(seed="7")
    artist.studio.renderer.rendered.clear()


def test_words_that_do_nothing_weigh_nothing_and_the_shortest_prompt_goes_without_them(artist):
    begin(artist)
    answer, artifact = artist.weigh_phrases()
    weights = {weight["phrase"]: weight["effect"] for weight in artifact["weighing"]["weights"]}
    assert weights["8k"] == weights["zyzzyva"] == 0 and min(weights["at night"], weights["a boat"]) > 0.15
    assert list(weights.values()) == sorted(weights.values(), reverse=True) and max(weights.values()) <= 1
    assert artifact["weighing"]["shortest"] == "a boat at sea at night" and artifact["kept"] == 1.0
    rendered = artist.studio.renderer.rendered
    assert {recipe.seed for recipe in rendered} == {7} and len(rendered) == artifact["renders"]
    assert rendered[-1].prompt == artifact["weighing"]["shortest"], "it was rendered before it was promised"
    assert len(artist.thread.pictures) == len(artist.thread.drafts) == 1 and "100% the same" in answer


def test_pieces_that_do_little_one_by_one_but_much_together_are_not_all_dropped(artist):
    begin(artist)
    artist.studio.renderer.twist = lambda prompt: (
        {} if "8k" in prompt or "zyzzyva" in prompt else {"subject": "castle", "place": "city", "style": "neon"}
    )
    _, artifact = artist.weigh_phrases()
    assert artifact["weighing"]["shortest"] in ("a boat at sea at night, zyzzyva", "a boat at sea at night, 8k")


def test_locked_words_are_weighed_but_never_dropped(artist):
    begin(artist)
    artist.thread.lock(["8k"])
    _, artifact = artist.weigh_phrases()
    assert artifact["weighing"]["shortest"] == "a boat at sea at night, 8k"


def test_a_single_phrase_cannot_be_weighed(artist):
    begin(artist, "a boat")
    with pytest.raises(BadInput, match="single phrase"):
        artist.weigh_phrases()


def test_a_prompt_is_foreseen_from_the_library_without_rendering(artist):
    with pytest.raises(BadInput, match="no prompt"):
        artist.preview_prompt()
    _, idea = artist.preview_prompt(words="a castle in the snow")
    assert idea["foresight"]["prompt"] == "a castle in the snow" and artist.thread.drafts == ()
    artist.refine_prompt(changes=[], start="a castle in the snow")
    answer, artifact = artist.preview_prompt(words="watercolor")
    matches = artifact["foresight"]["matches"]
    assert (
        artifact["foresight"]["prompt"] == "a castle in the snow, watercolor"
        and 0 <= artifact["foresight"]["agreement"] <= 1
    )
    assert [match["rank"] for match in matches] == [1, 2, 3, 4, 5, 6]
    asked = {"subject": "castle", "place": "snow", "style": "watercolor"}
    shown = [captions.read(match["example"]["prompt"]) for match in matches]
    alike = [sum(told.get(name) == value for name, value in asked.items()) for told in shown]
    assert min(alike) >= 1 and sum(alike) >= 1.5 * len(alike), shown  # of three thousand drawings none is all three
    assert "nothing was rendered" in answer
    _, instead = artist.preview_prompt(words="without the castle", prompt="a lake in the snow")
    assert instead["foresight"]["prompt"] == "a lake in the snow"
    assert artist.studio.renderer.rendered == [] and len(artist.thread.drafts) == 1


def test_where_all_at_once_is_too_much_as_many_go_as_the_picture_can_spare_and_the_reason_is_told(artist):
    begin(artist, "a boat at sea at night, zyzzyva, qwx, 8k, wlk")
    artist.studio.renderer.twist = lambda prompt: (
        {} if "8k" in prompt or "wlk" in prompt else {"subject": "castle", "place": "city", "style": "neon"}
    )
    answer, artifact = artist.weigh_phrases()
    shortest = artifact["weighing"]["shortest"]
    assert shortest in ("a boat at sea at night, wlk", "a boat at sea at night, 8k"), "three of the four go"
    assert set(artifact["little"]) == {"zyzzyva", "qwx", "8k", "wlk"} and artifact["together"] > artifact["enough"]
    assert artifact["kept"] == 1.0 and "4 pieces do little one by one" in answer
    said = reporting.weighing(artifact)
    assert "One by one 4 of these do little" in said and f"so “{shortest.split(', ')[1]}” stays." in said


def test_a_locked_phrase_that_does_nothing_is_said_to_stay_because_it_is_locked(artist):
    begin(artist)
    artist.thread.lock(["8k"])
    _, artifact = artist.weigh_phrases()
    assert artifact["locked"] == ["8k"] and "“8k” is locked, so it stays." in reporting.weighing(artifact)


def test_a_picture_whose_beginning_is_gone_is_not_weighed_from_noise_instead(artist, tmp_path):
    scene(92).save(tmp_path / "sketch.png")
    artist.thread.attach(tmp_path / "sketch.png")
    artist.refine_prompt(changes=[], start=PROMPT)
    artist.generate_picture(seed="7", start="attached", strength=1)
    artist.studio.renderer.rendered.clear()
    artist.weigh_phrases()
    assert {recipe.start for recipe in artist.studio.renderer.rendered} == {artist.thread.pictures[0].recipe.start}
    for path in artist.thread.attachments:
        path.unlink()
    artist.studio.renderer.rendered.clear()
    with pytest.raises(BadInput, match="Picture 1 began with a picture that I do not have"):
        artist.weigh_phrases()
    masked = dataclasses.replace(artist.thread.pictures[0].recipe, mask="0" * 64)
    artist.thread.add_picture(masked, artist.thread.pictures[0].path, draft=1)
    with pytest.raises(BadInput, match="Picture 2 began with a picture and a mask that I do not have"):
        artist.weigh_phrases()
    assert artist.studio.renderer.rendered == []
