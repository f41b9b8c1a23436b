"""Somebody in front of a browser: what tests of the explorer do there."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from sim.explorer.layout import PAGES

PATIENCE = 300_000
"""Milliseconds after which what a page should show is taken for missing, on a machine however busy."""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ADDRESS = {name: path for name, path, _ in PAGES}
SHOTS = os.environ.get("SORTIE_SCREENSHOTS")
"""Folder into which screenshots are also written; see docs/screenshots."""

STILL = """() => new Promise(done => {
    const page = document.documentElement;
    const seen = () => [page.scrollWidth, page.scrollHeight, page.innerHTML.length].join();
    let last = seen(), same = 0;
    const look = () => {
        const now = seen();
        same = now === last ? same + 1 : 0;
        last = now;
        same < 30 ? requestAnimationFrame(look) : done();
    };
    requestAnimationFrame(look);
})"""


class Visitor:
    """Somebody in front of a browser, with a session of their own."""

    def __init__(self, chromium, server, viewport):
        self.context = chromium.new_context(viewport=viewport, locale="fr-FR", accept_downloads=True)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.server = server
        self.width = viewport["width"]
        self.asked: list[str] = []
        """Addresses asked for since the page was opened."""
        self.outside: list[str] = []
        self.page.on("request", self._note)

    def _note(self, request):
        self.asked.append(request.url)
        if not re.match(r"^(https?|wss?)://127\.0\.0\.1[:/]|^(data|blob):", request.url):
            self.outside.append(request.url)

    def go(self, name=PAGES[0][0], query=""):
        path = "" if name == PAGES[0][0] else ADDRESS[name]
        self.page.goto(f"{self.server.url}/{path}{'?' + query if query else ''}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.ready()

    def ready(self):
        self.page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]')

    def settled(self):
        """Wait until nothing is fetched and nothing moves for thirty drawings of the screen, however long they take."""
        self.ready()
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(STILL)

    def shot(self, name):
        if SHOTS is None:
            return
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({"width": self.width, "height": min(height + 20, 3200)})
        self.page.wait_for_timeout(1200)
        file = Path(SHOTS) / f"{name}-{self.width}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(file))
        with Image.open(file) as taken:
            taken.convert("RGB").quantize(200).save(file, optimize=True)  # a third of the bytes

    def expect(self, what):
        return expect(what)


CARDS = 10
"""Questions of the first screen that show their finding."""


def figures_are_there(me):
    """Wait for the figures of the first screen."""
    me.expect(me.page.locator(".sortie .card .big")).to_have_count(CARDS)


def seconds_to_figures(me):
    """From the address to the figures of the first screen."""
    began = time.monotonic()
    me.page.goto(me.server.url)
    figures_are_there(me)
    return time.monotonic() - began


def seconds_to_bare_number(me):
    """From the address to the one number of a page that has nothing else."""
    began = time.monotonic()
    me.page.goto(me.server.url)
    me.expect(me.page.get_by_test_id("stMetric")).to_have_count(1)
    return time.monotonic() - began
