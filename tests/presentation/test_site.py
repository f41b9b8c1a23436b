"""The static site: whole, light, linked, asking nothing of another machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from sim.errors import RequestError
from sim.library.read import open_reference, reference_folder
from sim.presentation.question.change import change_of, told
from sim.presentation.question.finding import DRY, settled
from sim.presentation.site import MARKER, PAGES, Site
from sim.presentation.texts import Texts

if TYPE_CHECKING:
    from pathlib import Path

MOST = 300_000
"""Bytes of a page."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of the library's figures."""
    to = tmp_path_factory.mktemp("site") / "made"
    told_of: list[str] = []
    Site(open_reference(reference_folder()), to, {}).write(told_of.append)
    return to


def test_pages_are_whole_light_and_ask_nothing_of_others(site: Path) -> None:
    """No script, no address of another machine, each link and anchor leads somewhere."""
    pages = sorted(site.rglob("*.html"))
    policies = [name for name in open_reference(reference_folder()).figures.scenarios if name != "baseline"]
    assert len(pages) == 2 * (len(PAGES) + len(policies))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(text.encode()) <= MOST
        assert "<script" not in text
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
        for link in re.findall(r'(?:href|src|content)="([^"]+\.(?:html|css|svg|csv))"', text):
            assert (page.parent / link).resolve().is_file(), (page.name, link)
        anchors = set(re.findall(r'href="#(\w+)"', text))
        assert anchors <= set(re.findall(r'id="(\w+)"', text)), page.name
        assert re.search(r'<meta name="description" content="[^"]{20,}"', text)


def test_numbers_of_a_page_are_those_of_its_table(site: Path) -> None:
    """The first number of a page is the difference of the CSV beside it."""
    reference = open_reference(reference_folder())
    table = pd.read_csv(site / "data" / "fill_vacant_posts.csv")
    row = table[
        (table["period"] == settled(reference.figures)) & (table["indicator"] == "dry_releases") & (table["group"] == "all")
    ]
    change = change_of(reference.figures, "fill_vacant_posts", DRY, settled(reference.figures))
    assert change is not None
    assert float(row["difference"].iloc[0]) == pytest.approx(change.difference, rel=1e-4)
    shown = told(Texts("fr"), change.difference, "people", change.half_width)
    assert f">{shown}</b>" in (site / "fill_vacant_posts.html").read_text(encoding="utf-8")


def test_a_site_is_made_again_but_other_files_are_left_alone(site: Path, tmp_path: Path) -> None:
    """The same folder twice gives the same bytes; a folder with other files is refused."""
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    Site(open_reference(reference_folder()), site, {}).write(lambda _: None)
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before

    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError) as refused:
        Site(open_reference(reference_folder()), tmp_path, {}).write(lambda _: None)
    assert "attendu un dossier à faire" in Texts("fr").problem(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt"]


def test_a_site_begun_and_not_finished_has_no_marker(tmp_path: Path) -> None:
    """Stopped between two pages, it does not pass for a site."""

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Site(open_reference(reference_folder()), tmp_path / "half", {}).write(stop)
    assert not (tmp_path / "half" / MARKER).exists()
