# ruff: noqa: F811 - fixtures are imported
"""What a turn lets be rendered, takes for a seed or a picture's number, and previews, without rendering anything."""

import pytest
from hands import Hand, change, writer  # noqa: F401 - a fixture

from tools.backends.errors import BadInput, NotFound
from tools.context import TurnContext
from tools.generate_picture import _seeds, refuse_unseen
from tools.preview_prompt import _prompt


def context(hand: Hand, before: int = 0, words: str = "") -> TurnContext:
    return TurnContext(thread=hand.thread, words=words, report=hand, drafts_before=before)


def test_a_negative_prompt_that_the_person_has_not_seen_is_shown_first_too(writer):
    writer.thread.show_prompt_first(True)
    writer.refine_prompt(changes=[], start="a cat", avoid=["people"])
    draft = writer.thread.current_draft
    with pytest.raises(BadInput, match="Shown first: draft 1"):
        refuse_unseen(context(writer, words="a cat"), draft)
    refuse_unseen(context(writer, words="a cat without people"), draft)
    refuse_unseen(context(writer, before=1, words="go on"), draft)
    writer.refine_prompt(changes=[], allow=["people"])
    refuse_unseen(context(writer, before=1, words="a cat"), writer.thread.current_draft)


def test_a_pictures_own_prompt_with_another_negative_prompt_is_shown_first(writer):
    from test_refine_prompt import picture

    writer.thread.show_prompt_first(True)
    writer.refine_prompt(changes=[], start="a cat")
    shown = writer.thread.resolve(picture(writer))
    writer.refine_prompt(changes=[], avoid=["text"])
    with pytest.raises(BadInput, match="Shown first: draft 2"):
        refuse_unseen(context(writer, before=1, words="hm"), writer.thread.current_draft, shown)


@pytest.mark.parametrize("seed", ["9" * 5_000, str(2**32), "-1", "²"])
def test_no_number_that_is_no_seed_is_taken_for_one_however_long(writer, seed):
    writer.refine_prompt(changes=[], start="a cat")
    with pytest.raises(BadInput, match="is no seed"):
        _seeds(seed, 1, None, writer.thread.current_draft, None, context(writer))


@pytest.mark.parametrize("which", ["9" * 5_000, "²", ""])
def test_no_number_of_an_attachment_is_too_long_to_be_refused(writer, which):
    with pytest.raises(NotFound, match="No picture is attached"):
        context(writer).attached(which)


@pytest.mark.parametrize("words", ["fog", "a dog, fog", "cats", "A  Cat", "soft light."])
@pytest.mark.parametrize("start", ["a cat, (neon:1.2).", "a cat\n", "a cat, film BREAK"])
def test_the_prompt_that_is_previewed_is_the_draft_that_would_be_written(writer, start, words):
    writer.refine_prompt(changes=[], start=start)
    previewed = _prompt(context(writer), words, "")
    try:
        drafted = writer.refine_prompt(changes=[change("added", words)])[1]["draft"]["prompt"]
    except BadInput:
        drafted = writer.thread.current_draft.prompt
    assert previewed == drafted
