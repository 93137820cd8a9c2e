# ruff: noqa: F811 - fixtures are imported
"""What people click on the page, in a real Chromium: thumbs, the switch, the prompt by hand, the tree, a chip, a line of the taste card."""

import re

import pytest
from page_kit import Server, Visit, browser  # noqa: F401 - a fixture
from playwright.sync_api import expect
from taste_kit import pick

from tools.backends.taste import TasteBook


@pytest.mark.browser
@pytest.mark.timeout(1500)
def test_what_can_be_clicked_does_what_it_says(browser, tmp_path):
    book = TasteBook(tmp_path)
    for n in range(3):  # one more and it is sure enough for a line
        book.pick(pick(str(n), "up", "film grain", others=2))
    server = Server(tmp_path, steps=2)
    try:
        visit = Visit(browser, server.url)
        page = visit.page
        visit.say("a cat on the sofa, film grain")
        first = page.locator(".at-picture[data-name='picture 1']")
        first.wait_for()

        # a thumb is kept at once, and says what was learned of it
        first.locator("[data-action=up]").click()
        expect(first.locator("[data-action=up]")).to_have_attribute("aria-pressed", "true")
        expect(first.locator(".at-news")).to_contain_text("New on your taste card: you keep “film grain”")
        visit.wait_until_idle()

        # the switch: from now on the prompt waits, is edited by hand, and only then rendered
        page.click("#chat-settings-open-modal")
        page.get_by_role("switch").click()
        page.click("#chat-settings #confirm")
        visit.say("at night")
        editor = page.locator(".at-editor")
        editor.wait_for()
        visit.wait_until_idle()
        assert page.locator(".at-picture[data-name='picture 2']").count() == 0
        expect(editor.locator("textarea")).to_have_value(re.compile("cat.*at night"))
        editor.locator("textarea").fill("a dog on the sofa, at night, film grain")
        editor.locator("[data-action=render]").click()
        second = page.locator(".at-picture[data-name='picture 2']")
        second.wait_for()
        expect(visit.step("Wrote the prompt").locator("ins").first).to_contain_text("dog")
        expect(page.locator(".at-editor")).to_have_count(0)
        visit.wait_until_idle()

        # a picture of the tree leads back to it
        visit.say("show the history")
        page.locator(".at-tree button[data-name='picture 1']").click()
        page.locator("text=We are back at picture 1").wait_for()
        visit.wait_until_idle()

        # a condition of a search is a chip; taken away, the same is looked for without it
        visit.say("find boats without trees, wide")
        chip = page.get_by_role("button", name="Take away: wide")
        expect(chip).to_have_count(1)
        visit.wait_until_idle()
        chip.click()
        visit.wait_until_answered()
        last = page.locator(".at-chips").last
        expect(last).to_contain_text("trees")
        expect(last).not_to_contain_text("wide")

        # a line of the taste card is taken off for good
        visit.say("show my taste card")
        line = page.locator(".at-taste .at-line-phrase", has_text="film grain")
        expect(line).to_have_count(1)
        page.get_by_role("button", name="Remove film grain").click()
        expect(line).to_have_count(0)
        assert visit.strangers() == [] and visit.errors == []
        page.close()
    finally:
        server.stop()
    assert "Traceback" not in server.printed
    assert book.card().lines == ()
