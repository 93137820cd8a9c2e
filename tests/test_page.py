# ruff: noqa: F811 - fixtures are imported
"""The page, walked as a person does: a real server process, a real headless Chromium, the built-in parts.

One browser walks steps 1 to 4 of a first visit in order: an idea, a change, saving, another start, a picture dropped in.
Any request that leaves the machine fails the walk.
"""

import re
import urllib.error
import urllib.request

import pytest
from page_kit import Server, Visit, browser  # noqa: F401 - a fixture
from PIL import Image
from playwright.sync_api import expect

from agent import page as views
from agent import printing, showing, wishes
from agent.build import Part, all_tools
from agent.events import ModelUsed, PictureMade, RenderProgress
from agent.serving import hosts_answered
from tools.backends import history
from tools.backends.records import (
    Change,
    Check,
    Draft,
    Evidence,
    Example,
    Match,
    PhraseSeen,
    PhraseWeight,
    Picture,
    Recipe,
    Taste,
    TasteLine,
    Weighing,
)

# --- what the elements are told ---


def test_a_draft_is_a_diff_against_the_prompt_before_it_and_shows_each_phrase_in_its_example():
    evidence = (Evidence(id="a", prompt="a fox, film still, dusk"),)
    added = Change(kind="added", phrase="Film still", evidence=evidence, lift=5.96, source="examples")
    swapped = Change(kind="replaced", phrase="a dog", was="a cat", source="person")
    idea = Change(kind="added", phrase="haze", source="assistant")
    lent = Change(kind="added", phrase="dusk", source="person", via="picture 2")
    made = Draft(
        number=2, parent=1, prompt="a dog, (neon:1.3), Film still, haze, dusk", changes=(added, swapped, idea, lent)
    )
    shown = views.draft(made, {"a": b"webp"}, "a cat, (neon:1.3)")
    assert [("".join(piece["text"] for piece in p["pieces"]), p["kind"], p["own"]) for p in shown["phrases"]] == [
        ("a cat", "removed", False),
        ("a dog", "added", False),
        ("(neon:1.3)", "kept", False),
        ("Film still", "added", False),
        ("haze", "added", True),
        ("dusk", "added", False),
    ]
    said = shown["changes"]
    assert [change["whose"] for change in said] == ["", "your words", "the assistant's own idea", "from picture 2"]
    assert said[0]["lift"] == "6× more common near this idea"
    (cited,) = said[0]["evidence"]
    assert (cited["before"], cited["phrase"], cited["after"]) == ("a fox, ", "film still", ", dusk")
    assert cited["picture"].startswith("data:image/webp;base64,")


def test_locked_words_are_marked_inside_their_phrase_and_nowhere_else():
    shown = views.draft(Draft(number=1, prompt="a cat on the red sofa, night", locked=("red sofa",)), {})
    assert [[(piece["text"], piece["locked"]) for piece in phrase["pieces"]] for phrase in shown["phrases"]] == [
        [("a cat on the ", False), ("red sofa", True)],
        [("night", False)],
    ]
    assert shown["locked"] == ["red sofa"]


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (6.0, "6× more common"),
        (5.25, "5.2× more common"),
        (31.4, "31× more common"),
        (1.02, "as common"),
        (0.5, "0.5× as common"),
    ],
)
def test_a_lift_is_said_in_words_that_hold(times, said):
    assert printing.lift(times) == said


def test_a_check_a_weighing_and_a_taste_card_say_what_can_be_done_next():
    seen = [
        PhraseSeen(phrase=p, score=s, there=t)
        for p, s, t in (("a cat", 0.9, True), ("fog", 0.1, False), ("8k", 0.5, None))
    ]
    out = (PhraseSeen(phrase="people", score=0.9, there=True), PhraseSeen(phrase="text", score=0.1, there=False))
    check = showing.check(Check(picture="picture 2", phrases=tuple(seen), score=0.5, avoided=out))
    assert [phrase["mark"] for phrase in check["phrases"]] == ["✓", "✗", "?", "✗", "✓"]
    assert [phrase["text"] for phrase in check["phrases"][3:]] == ["no people", "no text"]
    assert check["counts"] == "1 seen · 1 not seen · 1 it cannot tell · 1 seen that should stay out"
    assert [wish.kind for wish in wishes.read(check["mend"], has_draft=True)] == ["mend"]
    weights = (PhraseWeight(phrase="8k", effect=0.01), PhraseWeight(phrase="a cat", effect=1.4))
    weighing = showing.weighing(Weighing(picture="picture 2", weights=weights, shortest="a cat"), "a cat, 8k")
    assert [(row["text"], row["percent"]) for row in weighing["rows"]] == [("a cat", 100), ("8k", 1)]
    (wish,) = wishes.read(weighing["use"], has_draft=True)
    assert (wish.kind, wish.text) == ("edited", "a cat")
    assert not showing.weighing(Weighing(picture="picture 2", weights=weights, shortest="a cat"), "a cat")["use"]
    lines = (TasteLine(phrase="bokeh", weight=-0.5, kept=1, dropped=4), TasteLine(phrase="fog", weight=1, said=True))
    card = showing.taste(Taste(lines=lines, picks=5))
    assert [(line["keeps"], line["facts"]) for line in card["lines"]] == [
        (False, "1 kept, 4 dropped"),
        (True, "your own words"),
    ]


def test_a_tree_leads_back_to_each_of_its_pictures_also_where_a_file_is_gone(tmp_path):
    drafts = [
        Draft(number=1, prompt="a cat", request="a cat"),
        Draft(number=2, prompt="a cat, fog", parent=1, changes=(Change(kind="added", phrase="fog"),)),
        Draft(number=3, prompt="a cat, neon", parent=1, changes=(Change(kind="added", phrase="neon"),)),
    ]
    recipe = Recipe(prompt="a cat", seed=7, steps=20, guidance=4, width=64, height=64, scheduler="X", model="starter")
    here, gone = tmp_path / "1.png", tmp_path / "2.png"
    Image.new("RGB", (64, 64), "teal").save(here)
    made = [Picture(name=f"picture {n}", path=str(path), recipe=recipe, draft=n) for n, path in ((1, here), (2, gone))]
    shown = showing.tree(history.tree(drafts, made, drafts[2]), made, {"picture 1"}, {"picture 1": "up"})
    assert [(node["what"], node["branch"], node["current"]) for node in shown["nodes"]] == [
        ("", "", False),
        ("+ fog", "from draft 1", False),
        ("+ neon", "from draft 1", True),
    ]
    (first,), (second,), none = (node["pictures"] for node in shown["nodes"])
    assert first["src"].startswith("data:image/webp") and first["mark"] == "★👍"
    assert (second["src"], second["mark"], none) == ("", "", [])
    (wish,) = wishes.read(second["says"], has_draft=True)
    assert (wish.kind, wish.picture) == ("back", "picture 2")


def test_a_draft_waits_until_a_picture_shows_it_and_its_edit_is_read_word_for_word():
    recipe = Recipe(prompt="a cat", seed=7, steps=20, guidance=4, width=64, height=64, scheduler="X", model="starter")
    made = Picture(name="picture 1", path="1.png", recipe=recipe, draft=1)
    assert showing.waiting(None, []) is None
    assert showing.waiting(Draft(number=1, prompt="a cat"), [made]) is None
    props = showing.waiting(Draft(number=2, prompt="a cat, fog", locked=("a cat",)), [made])
    assert props is not None and props["locked"] == ["a cat"]
    assert [wish.kind for wish in wishes.read(props["render"], has_draft=True)] == ["render"]
    edited = 'a cat, (neon:1.2), "OPEN" sign,\nfog'
    (wish,) = wishes.read(props["edited"] + edited, has_draft=True)
    assert (wish.kind, wish.text) == ("edited", edited)


def test_what_a_model_used_is_one_quiet_line():
    assert showing.usage(ModelUsed(1234, 56, 0.00214))["text"] == "The model read 1,234 tokens and wrote 56, $0.0021."
    assert showing.usage(ModelUsed(10, 2))["text"] == "The model read 10 tokens and wrote 2."


def test_an_examples_link_is_shown_only_where_links_may_be_loaded():
    match = Match(rank=1, example=Example(id="a", prompt="a fox", url="https://example.org/a.png"), score=1.0)
    (hidden,) = views.examples([match], {})["examples"]
    (shown,) = views.examples([match], {}, fetch=True)["examples"]
    assert (hidden["picture"], shown["picture"]) == (None, "https://example.org/a.png")


def test_a_small_picture_is_shown_large_and_names_what_the_renderer_does_not_know(tmp_path):
    recipe = Recipe(
        prompt="a cat", seed=7, steps=20, guidance=4, width=64, height=64, scheduler="X", model="/models/starter"
    )
    made = Picture(name="picture 2", path=str(tmp_path / "picture-2.png"), recipe=recipe, parent="picture 1")
    shown = views.picture(PictureMade("t", made, unknown_words=("velvet",)), "/file", "/shown")
    assert shown["shownWidth"] == "512px" and shown["fileName"] == "picture-2.png"
    assert shown["caption"] == "seed 7 · 20 steps · guidance 4 · 64×64 · starter · from picture 1"
    assert shown["notes"] == ["The renderer does not know: velvet."]
    assert views.canvas(RenderProgress(3, 20, 2, 4), (64, 64))["label"] == "Rendering picture 2 of 4: step 3 of 20"


def test_every_tool_says_what_it_does_and_what_it_did():
    assert set(views.TOOLS) == {tool.name for tool in all_tools(None)}  # type: ignore[arg-type]
    assert views.canvas(RenderProgress(1, 8, 3, 9), (64, 64), "weigh_phrases")["bar"], "it makes no picture to keep"


def test_the_line_at_the_top_says_which_parts_are_built_in():
    built_in, real = (
        Part(part="renderer", in_use="starter", built_in=True, real="Set X."),
        Part(part="library", in_use="db:8123", built_in=False, real=""),
    )
    assert views.parts([built_in])["title"] == "Built-in parts"
    assert views.parts([built_in, real])["title"] == "Built in: renderer"
    assert views.parts([real])["title"] == "Parts in use"


def test_the_pages_html_asks_no_strangers_server():
    stock = (
        '<html><head><link rel="preconnect" href="https://fonts.googleapis.com" /><link\n  rel="stylesheet"\n'
        '  href="https://cdn.jsdelivr.net/npm/katex.css"\n/><link rel="icon" href="/favicon" /></head></html>'
    )
    html = views.private(stock)
    assert "//fonts." not in html and "jsdelivr" not in html
    assert 'href="/favicon"' in html and "connect-src 'self'" in html


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("127.0.0.1", ["127.0.0.1", "localhost", "[::1]"]),
        ("localhost", ["127.0.0.1", "localhost", "[::1]"]),
        ("::1", ["127.0.0.1", "localhost", "[::1]"]),
        ("127.0.0.5", ["127.0.0.1", "localhost", "[::1]", "127.0.0.5"]),
        ("0.0.0.0", ["*"]),
        ("::", ["*"]),
        ("192.0.2.7", ["*"]),
    ],
)
def test_a_page_on_this_machine_alone_answers_only_to_this_machine_s_names(host, names):
    assert hosts_answered(host) == names


# --- the walk ---


@pytest.mark.browser
@pytest.mark.timeout(1500)
def test_a_first_visit_from_an_idea_to_a_favourite_that_is_found_again(browser, tmp_path):
    server = Server(tmp_path)
    try:
        visit = Visit(browser, server.url)
        page = visit.page

        # another website cannot talk to it through the person's browser
        foreign = urllib.request.Request(
            f"{server.url}/ws/socket.io/?EIO=4&transport=polling", headers={"Origin": "https://evil.example"}
        )
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(foreign, timeout=30)

        # nor under a name of its own that it points at this machine
        for path in ("/", "/ws/socket.io/?EIO=4&transport=polling"):
            rebound = urllib.request.Request(f"{server.url}{path}", headers={"Host": f"evil.example:{server.port}"})
            with pytest.raises(urllib.error.HTTPError, match="400"):
                urllib.request.urlopen(rebound, timeout=30)
        for name in ("localhost", "[::1]"):
            own = urllib.request.Request(server.url, headers={"Host": f"{name}:{server.port}"})
            urllib.request.urlopen(own, timeout=30).close()

        # what is in use stands at the top
        page.click("#at-parts summary")
        expect(page.locator("#at-parts")).to_contain_text("ATELIER_IMAGE_MODEL")
        page.keyboard.press("Escape")

        # 1. an idea: steps, examples with pictures, the prompt with its sources, progress, a picture
        page.click("text=A cat sleeping on the sofa")
        page.wait_for_selector("[role=progressbar]")
        visit.step("Looked through the library").wait_for()
        first_examples = visit.step("Looked through the library").locator(".at-example")
        assert first_examples.count() >= 3
        thumbnail = first_examples.first.locator("img")
        assert thumbnail.evaluate("image => image.complete && image.naturalWidth") > 0
        expect(visit.step("Wrote the prompt").locator(".at-prompt")).to_contain_text("cat")
        picture = page.locator(".at-picture[data-name='picture 1'] img")
        picture.wait_for()
        assert picture.bounding_box()["width"] >= 448
        visit.wait_until_answered()
        assert picture.evaluate("image => image.naturalWidth") > 0
        caption = page.locator(".at-picture[data-name='picture 1'] figcaption").inner_text()
        seed = re.search(r"seed (\d+)", caption)[1]
        assert "24 steps" in caption

        # 2. a change: a new picture with the same seed, the change and its sources; the first picture stays
        visit.say("make it more cinematic")
        page.wait_for_selector(".at-picture[data-name='picture 2']")
        visit.wait_until_answered()
        assert f"seed {seed}" in page.locator(".at-picture[data-name='picture 2'] figcaption").inner_text()
        expect(visit.step("Wrote the prompt").locator("ins").first).to_contain_text("cinematic")
        visit.step("Wrote the prompt").locator(".at-evidence").first.click()
        expect(page.locator(".at-popover mark").first).to_contain_text("cinematic", ignore_case=True)
        page.keyboard.press("Escape")
        assert picture.is_visible()

        # the stop button ends a render
        page.click(".at-picture[data-name='picture 1'] [data-action=variation]")
        page.wait_for_selector(".at-rendering")
        page.click("#stop-button")
        page.locator("text=Stopped. What was made before stays.").first.wait_for()
        page.wait_for_selector(".at-rendering", state="detached")
        assert page.locator(".at-picture[data-name='picture 3']").count() == 0

        # 3. saving: told at which rank it is found
        page.click(".at-picture[data-name='picture 2'] [data-action=save]")
        expect(visit.step("Saved")).to_contain_text(re.compile(r"at rank \d"))
        visit.wait_until_answered()
        with page.expect_download() as download:
            page.click(".at-picture[data-name='picture 2'] [data-action=download]")
        favourite = tmp_path / "favourite.png"
        download.value.save_as(favourite)
        assert visit.strangers() == [] and visit.errors == []
        page.close()
    finally:
        server.stop()
    assert "Traceback" not in server.printed
    assert not list(server.folder.iterdir()), "something was written into the person's working folder"

    server = Server(tmp_path)
    try:
        # after another start the favourite is among the examples; what is said before the page is connected is not lost
        visit = Visit(browser, server.url, said_early="a kitten on a couch")
        page = visit.page
        visit.step("Looked through the library").wait_for()
        expect(visit.step("Looked through the library").locator(".at-favourite")).to_have_count(1)
        page.wait_for_selector(".at-picture[data-name='picture 1']")
        visit.wait_until_answered()

        # 4. the favourite's own file is recognised, with its exact recipe
        page.set_input_files("input[type=file]", favourite)
        page.wait_for_timeout(1500)
        page.click("#chat-submit")
        page.wait_for_selector("[data-verdict='this picture']")
        expect(page.locator(".at-facts")).to_contain_text(seed)
        visit.wait_until_answered()

        # a file that is no picture is answered with a sentence that names it
        note = tmp_path / "note.txt"
        note.write_text("hello")
        page.set_input_files("input[type=file]", note)
        page.wait_for_timeout(1500)
        page.click("#chat-submit")
        page.locator("text=note.txt is not a picture").wait_for()

        # on a phone nothing hangs over the edge
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert visit.strangers() == [] and visit.errors == []
        page.close()
    finally:
        server.stop()
