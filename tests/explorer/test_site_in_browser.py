"""The static site in a browser, from its files: no request to another machine, nothing cut on a telephone, clean for axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.library.read import open_reference, reference_folder
from sim.presentation.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

PAGES = ("index", "fill_vacant_posts", "real", "method", "limits", "reading", "en/index", "en/population_cap_100",
         "notes/fill_vacant_posts-fr")  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    to = tmp_path_factory.mktemp("site") / "made"
    Site(open_reference(reference_folder()), to, {}).write(lambda _: None)
    return to


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_from_a_file_are_whole_and_clean(chromium, site, width):
    reader = chromium.new_page(viewport={"width": width, "height": 844})
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        reader.goto((site / f"{name}.html").as_uri())
        assert reader.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(reader).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], name
    assert all(url.startswith(("file:", "data:")) for url in asked)
    reader.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_answer_is_seen_without_scrolling(chromium, site, width, height):
    reader = chromium.new_page(viewport={"width": width, "height": height})
    for name in (
        "fill_vacant_posts",
        "hearings_within_four_months",
        "fewer_ddse",
        "population_cap_130",
        "en/fill_vacant_posts",
    ):
        reader.goto((site / f"{name}.html").as_uri())
        for part in ("h1", ".verdict", ".answer p:last-child", ".three .num:first-child b"):
            box = reader.locator(part).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height, (name, part)
    reader.close()


def test_a_picture_alone_holds_its_letters(chromium, site):
    """Shown as an image, which sees no font of the page, no label passes the edge."""
    reader = chromium.new_page(viewport={"width": 1200, "height": 900})
    for name in ("causes", "race", "queue"):
        drawn = (site / "pictures" / f"fill_vacant_posts-{name}-fr.svg").read_text(encoding="utf-8")
        reader.set_content(f"<body style='margin:0'>{drawn}</body>")
        reader.evaluate("document.fonts.ready")
        beyond = reader.evaluate(
            "() => { const edge = document.querySelector('svg').getBoundingClientRect().right;"
            " return [...document.querySelectorAll('svg text')].filter(e => e.getBoundingClientRect().right > edge + 1)"
            ".map(e => e.textContent); }"
        )
        assert beyond == [], name
        assert reader.evaluate("document.fonts.check(\"16px 'Sortie Sans'\")")
    reader.close()
