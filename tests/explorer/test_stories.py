"""Three people with a question, in a real Chromium, each to a figure that can be quoted.

A journalist on a telephone, an analyst of a ministry, a union representative; and what is seen before anybody scrolls.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sim.library.read import open_reference
from sim.presentation.featured import featured
from sim.presentation.question.finding import finding
from sim.presentation.texts import Texts

from .visiting import PHONE, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
POSTS = "fill_vacant_posts"
FR = Texts("fr")


@pytest.fixture(scope="module")
def told(root):
    return open_reference(root / "results" / "reference")


def plain(text):
    """Words with ordinary spaces and quotes, so that a page and a template can be held against each other."""
    return re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2011", "-")).strip()


def foot(part):
    box = part.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_five_seconds_are_enough(visitor, told, viewport):
    """Ten questions: the question, the answer and the first number without scrolling; on a wide screen the reason drawn."""
    me = visitor(viewport)
    for name in featured(told, 10):
        me.go("question", f"politique={name}")
        page, height = me.page, viewport["height"]
        assert foot(page.get_by_role("heading", level=1)) < height / 2, name
        assert foot(page.locator(".answer")) < height, name
        assert foot(page.locator(".num").first) < height, name
        if viewport is WIDE:
            assert foot(page.locator(".hero svg:visible").first) < height, name
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    me.shot("question")


def test_a_journalist_on_a_telephone_quotes_the_posts(visitor, told):
    """From the first screen to one number with its period, range and verdict; back and forward; a link for a colleague."""
    me = visitor(PHONE)
    me.go()
    question = FR.title(told.scenario(POSTS)["question"])
    me.page.locator(".card", has_text="700 postes").click()
    me.expect(me.page.locator(".answer")).to_be_visible()
    me.expect(me.page).to_have_title(re.compile("700 postes"))
    expected = finding(FR, told.figures, POSTS)
    shown = plain(me.page.locator(".num").first.inner_text())
    assert plain(expected.numbers[0].text) in shown
    assert plain(expected.numbers[0].interval) in shown
    assert expected.numbers[0].said in shown
    assert expected.period in me.page.locator(".hero .note").first.inner_text()
    assert plain(question) == plain(me.page.get_by_role("heading", level=1).inner_text())
    me.page.go_back()
    me.expect(me.page.locator(".card").first).to_be_visible()
    me.page.go_forward()
    me.expect(me.page.locator(".answer")).to_be_visible()
    colleague = visitor(PHONE)
    colleague.page.goto(me.page.url)
    colleague.expect(colleague.page.locator(".num").first).to_be_visible()
    assert plain(colleague.page.locator(".num").first.inner_text()) == shown


def test_an_analyst_takes_the_numbers_of_the_page_away(visitor, told, tmp_path):
    """The file holds the number of the page, as a number; the comparison opens on the same policy, its tab in the link."""
    me = visitor()
    me.go("question", f"politique={POSTS}")
    period = finding(FR, told.figures, POSTS).period
    with me.page.expect_download() as taken:
        me.page.get_by_role("button", name="CSV", exact=True).click()
    file = Path(tmp_path / "numbers.csv")
    taken.value.save_as(file)
    rows = list(csv.DictReader(line for line in file.read_text(encoding="utf-8-sig").splitlines() if not line.startswith("#")))
    held = told.figures.get(POSTS, "dry_rate_exits")
    values = [float(value) for row in rows for value in row.values() if _is_number(value)]
    assert any(value == pytest.approx(held.difference) for value in values)
    me.page.get_by_role("link", name=FR("question.compare")).click()
    me.expect(me.page.get_by_role("heading", name=FR("compare.title"))).to_be_visible()
    me.page.get_by_test_id("stRadio").get_by_text(FR("compare.section.causes"), exact=True).click()
    me.expect(me.page).to_have_url(re.compile("partie=causes"))
    assert f"p={POSTS}" in me.page.url
    other = visitor()
    other.page.goto(me.page.url + f"&periode={period}")
    other.expect(other.page.get_by_role("heading", name=FR("causes.title"))).to_be_visible()
    other.expect(other.page.get_by_text(FR.title(told.scenario(POSTS)["title"])).first).to_be_visible()


def _is_number(text):
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def test_a_union_representative_finds_a_prison_and_asks_for_posts(visitor, told):
    """Their establishment by its name, with a link for the others; then posts on the page of levers, nothing answered unrun."""
    me = visitor(PHONE)
    me.go("sites")
    site = told.codebook.sites[3]
    box = me.page.get_by_role("combobox", name=re.compile(FR("sites.find")))
    box.click()
    box.fill(site)
    me.page.get_by_role("option", name=site, exact=True).first.click()
    me.expect(me.page).to_have_url(re.compile("etablissement="))
    row = me.page.get_by_role("table").first
    me.expect(row).to_contain_text(site)
    link, shown = me.page.url, row.inner_text()
    other = visitor()
    other.page.goto(link)
    other.expect(other.page.get_by_role("table").first).to_contain_text(site)
    assert other.page.get_by_role("table").first.inner_text().split("\n")[-1].split() == shown.split("\n")[-1].split()
    me.go("build", "counsellors=500")
    me.expect(me.page.get_by_text("500").first).to_be_visible()
    me.expect(me.page.get_by_role("button", name="Lancer la simulation")).to_be_enabled()
    assert me.page.locator(".sortie .num").count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "question?politique=zzz",
        "comparer?p=zzz",
        "une-vie?personne=999",
        "etablissements?etablissement=zzz",
        "combien?levier=zzz",
    ],
)
def test_a_dead_link_says_so_and_shows_a_page(visitor, address):
    me = visitor(PHONE)
    me.page.goto(f"{me.server.url}/{address}")
    me.expect(me.page.get_by_test_id("stAlert").filter(has_text="Ce lien demande").first).to_be_visible()
    me.expect(me.page.get_by_role("heading", level=1)).to_be_visible()
