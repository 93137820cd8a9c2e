"""What walks over the page share: `atelier chat` as a real process, a headless Chromium, and a visit that watches every request."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

ATELIER = Path(sys.executable).with_name("atelier")
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 240  # seconds for one turn: other work may have this machine's cores
expect.set_options(timeout=PATIENCE * 1000)


class Server:
    """`atelier chat` as a process of its own."""

    def __init__(self, home: Path, steps: int = 24) -> None:
        """`steps`: of each render."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = home / "elsewhere"
        self.folder.mkdir(exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATELIER_", "OPENAI_", "CHAINLIT_"))}
        # CI and DEBUG are what other programs set; Chainlit would take them for its own
        environment = {**kept, "ATELIER_HOME": str(home), "ATELIER_STEPS": str(steps), "CI": "true", "DEBUG": "release"}
        self.process = subprocess.Popen(
            [ATELIER, "chat", "--port", str(self.port)],
            env=environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        end = time.monotonic() + 120
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise AssertionError(f"The page does not answer:\n{self.printed}")

    def stop(self) -> None:
        """Ctrl-C, as a person does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.printed, _ = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.printed, _ = self.process.communicate()
            raise


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all walks of a file."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: apt-get install chromium, or run .ci/run")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield chromium
        chromium.close()


class Visit:
    """A page that is open in the browser, and every address that it asked for."""

    def __init__(self, browser: Browser, url: str, *, said_early: str = "") -> None:
        """`said_early` is said while the page is there but not connected yet: its requests wait until then."""
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(PATIENCE * 1000)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        held: list[Route] = []
        if said_early:
            self.page.route("**/ws/socket.io/**", lambda route: held.append(route))
        self.page.goto(url)
        self.page.wait_for_selector("#starters button")
        if said_early:
            self.say(said_early)
            self.page.unroute("**/ws/socket.io/**")  # which lets those go on that wait

    def say(self, words: str) -> None:
        self.page.click("#chat-input")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def wait_until_idle(self) -> None:
        """No turn runs; to be used where something that the turn brings is there already."""
        self.page.wait_for_selector("#stop-button", state="detached")

    def wait_until_answered(self) -> None:
        """The stop button is there while a turn runs, and gone afterwards."""
        self.page.wait_for_timeout(1000)
        self.page.wait_for_selector("#stop-button", state="detached")

    def step(self, words: str):
        return self.page.locator("[data-step-type=tool]", has_text=words).last

    def strangers(self) -> list[str]:
        return [url for url in self.asked if not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", url)]
