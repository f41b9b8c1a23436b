"""The static site: whole, light, linked, asking nothing of another machine."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import struct
from html import unescape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from sim.errors import RequestError
from sim.library.read import open_reference, reference_folder
from sim.presentation.question.change import change_of, told
from sim.presentation.question.finding import DRY, RATE, finding, settled
from sim.presentation.question.since_base import HELD, LATER, months
from sim.presentation.question.svg import fine
from sim.presentation.site import MARKER, PAGES, Site
from sim.presentation.site_files import PICTURES
from sim.presentation.site_pages import weights
from sim.presentation.texts import Texts
from sim.scenario.observed import observed_file

if TYPE_CHECKING:
    from pathlib import Path

MOST = 300_000
"""Bytes of a page, and of a page with its style and fonts."""
ADDRESS = "https://sortie.example/"
ASKED = re.compile(r"<(?:link|img|script|iframe|source|video|audio|object|embed)\b[^>]*|url\([^)]*\)")
"""What makes a browser ask for something."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of the library's figures."""
    to = tmp_path_factory.mktemp("site") / "made"
    told_of: list[str] = []
    Site(open_reference(reference_folder()), to, {}, ADDRESS).write(told_of.append)
    return to


def test_pages_are_whole_light_and_ask_nothing_of_others(site: Path) -> None:
    """No script, no address of another machine, each link and anchor leads somewhere."""
    pages = [page for page in sorted(site.rglob("*.html")) if page.parent.name != "notes"]
    policies = [name for name in open_reference(reference_folder()).figures.scenarios if name != "baseline"]
    weight = sum(path.stat().st_size for path in [site / "style.css", *site.glob("fonts/*.woff2")])
    assert len(pages) == 2 * (len(PAGES) + len(policies))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(text.encode()) + weight <= MOST
        assert "<script" not in text
        style = "style.css" if page.parent == site else "../style.css"
        assert ASKED.findall(text) == [f'<link rel="stylesheet" href="{style}"'], page.name
        ids = re.findall(r'id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), page.name
        for link in re.findall(r'href="([^"]+)"', text):
            if link.startswith("https://"):
                continue
            file, _, anchor = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            assert target.is_file(), (page.name, link)
            assert target.is_relative_to(site)
            assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), (page.name, link)
        for picture in re.findall(r'property="og:image" content="([^"]+)"', text):
            assert (site / picture.removeprefix(ADDRESS)).is_file()
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
    (site / "stale.html").write_text("of a policy that is shipped no more", encoding="utf-8")
    Site(open_reference(reference_folder()), site, {}, ADDRESS).write(lambda _: None)
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    assert [path.name for path in site.parent.iterdir()] == [site.name]

    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError) as refused:
        Site(open_reference(reference_folder()), tmp_path, {}).write(lambda _: None)
    assert "attendu un dossier à faire" in Texts("fr").problem(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt"]


def test_a_site_stopped_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    """Stopped between two pages, it leaves no half of a site, and the one of before as it was."""

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Site(open_reference(reference_folder()), tmp_path / "half", {}).write(stop)
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "before").mkdir()
    (tmp_path / "before" / MARKER).write_text("{}", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        Site(open_reference(reference_folder()), tmp_path / "before", {}).write(stop)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [MARKER]


def test_each_picture_has_its_numbers_its_file_and_the_code_that_shows_it(site: Path) -> None:
    """Six pictures a question: an SVG that stands alone with its letters, a CSV that a spreadsheet sums, code to paste."""
    page = unescape((site / "fill_vacant_posts.html").read_text(encoding="utf-8"))
    for name in PICTURES:
        stem = f"fill_vacant_posts-{name}-fr"
        drawn = (site / "pictures" / f"{stem}.svg").read_text(encoding="utf-8")
        assert "base64" in drawn
        assert "sortie" in "".join(ET.fromstring(drawn).itertext())  # noqa: S314 (made here)
        assert f'<img src="{ADDRESS}pictures/{stem}.svg"' in unescape(page)
        table = pd.read_csv(site / "data" / f"{stem}.csv", sep=";", decimal=",", encoding="utf-8-sig")
        assert len(table.select_dtypes("number").columns) >= 1
        english = pd.read_csv(site / "data" / f"fill_vacant_posts-{name}-en.csv")
        assert table.select_dtypes("number").sum().tolist() == pytest.approx(english.select_dtypes("number").sum().tolist())


def test_the_numbers_of_causes_add_up_to_the_total_beside_them(site: Path) -> None:
    table = pd.read_csv(site / "data" / "fill_vacant_posts-causes-en.csv")
    assert table["difference"][:-1].sum() == pytest.approx(table["difference"].iloc[-1], abs=1)


def test_notes_hold_all_they_need(site: Path) -> None:
    """A note is one file: its letters and picture are inside."""
    notes = sorted((site / "notes").iterdir())
    assert len(notes) == 2 * len(list((site / "en").glob("*.html"))) - 2 * len(PAGES)
    for note in notes:
        asked = ASKED.findall(note.read_text(encoding="utf-8"))
        assert [found for found in asked if not found.startswith("url(data:font/woff2;base64,")] == [], note.name


def test_every_door_says_the_same_numbers(site: Path) -> None:
    """For each policy and language: sentence and numbers of the page are those of its note, of the axis and of its CSV."""
    reference = open_reference(reference_folder())
    figures = reference.figures
    for lang in ("fr", "en"):
        t = Texts(lang)
        root = site if lang == "fr" else site / "en"
        index = unescape((root / "index.html").read_text(encoding="utf-8"))
        for policy in figures.scenarios[1:]:
            found = finding(t, figures, policy)
            page, note = (
                unescape(path.read_text(encoding="utf-8"))
                for path in (root / f"{policy}.html", site / "notes" / f"{policy}-{lang}.html")
            )
            for text in (found.head, found.body, *(number.text for number in found.numbers)):
                assert fine(text, lang) in page, (policy, text)
                assert fine(text, lang) in note, (policy, text)
            rate = change_of(figures, policy, RATE, settled(figures))
            assert rate is not None
            row = index[index.index(f'href="{policy}.html"', index.index('class="strip"')) :]
            assert told(t, rate.difference, "share") in row[: row.index("</li>")], policy
            table = pd.read_csv(site / "data" / f"{policy}-causes-en.csv")
            dry = change_of(figures, policy, DRY, settled(figures))
            assert dry is not None
            assert table["difference"].iloc[-1] == pytest.approx(dry.difference, rel=1e-4)


def test_previews_are_images_of_the_size_that_others_show(site: Path) -> None:
    for lang in ("fr", "en"):
        image = (site / "previews" / f"fill_vacant_posts-{lang}.png").read_bytes()
        assert image[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", image[16:24]) == (1200, 630)


def test_months_published_since_the_base_date_stand_beside_the_model(site: Path) -> None:
    """Every month of the later tables is there, with its source; what is counted inside is what the table says."""
    figures = open_reference(reference_folder()).figures
    table = pd.read_csv(site / "data" / "since-base.csv")
    with observed_file(LATER).open(encoding="utf-8", newline="") as file:
        later = [row for row in csv.DictReader(file) if row["series"] == "regime_densite_MA"]
    mine = table[table["figure"] == "density_MA"].set_index("date")
    assert {row["date"] for row in later} <= set(mine.index)
    for row in later:
        assert mine.loc[row["date"], "published"] == pytest.approx(float(row["value"]) / 100)
        assert mine.loc[row["date"], "source"] == row["source_title"]
    assert ((table["published"] >= table["low"]) & (table["published"] <= table["high"])).equals(table["inside"])
    told = f"{table['inside'].sum()} mois publiés sur {len(table)}"
    assert told in (site / "real.html").read_text(encoding="utf-8")
    assert [len(months(figures, held)) for held in HELD] == table.groupby("figure", sort=False).size().tolist()


def test_what_weighs_is_sorted_by_weight() -> None:
    found = weights(open_reference(reference_folder()))
    moved = [abs(shares[1] - shares[0]) for _, _, shares in found]
    assert len(found) > 3
    assert moved == sorted(moved, reverse=True)


def test_a_reference_without_calibration_or_months_says_what_is_missing(tmp_path: Path) -> None:
    """Of a poorer reference, the pages are whole: no table of weights, no months, and a policy that is shipped no more."""
    shipped = reference_folder()
    folder = tmp_path / "poorer"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("validation.json"))
    manifest = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    manifest["scenarios"] = [row for row in manifest["scenarios"] if row["name"] in {"baseline", "fewer_ddse"}]
    manifest["scenarios"][1]["question"] = manifest["scenarios"][1]["asked_by"] = None
    frame = pd.read_parquet(folder / "figures.parquet")
    frame = frame[(frame["period"].astype(str).str.len() != len("2026-02-01")) & (frame["indicator"] != "cost")]
    frame.to_parquet(folder / "figures.parquet")
    digest = hashlib.sha256((folder / "figures.parquet").read_bytes()).hexdigest()
    manifest["files"]["figures.parquet"]["sha256"] = digest
    (folder / "reference.json").write_text(json.dumps(manifest), encoding="utf-8")

    Site(open_reference(folder), tmp_path / "site", {}).write(lambda _: None)

    assert "Aucun mois publié" in (tmp_path / "site" / "real.html").read_text(encoding="utf-8")
    limits = (tmp_path / "site" / "limits.html").read_text(encoding="utf-8")
    assert "<table" not in limits
    assert 'id="limit8"' in limits
    page = (tmp_path / "site" / "fewer_ddse.html").read_text(encoding="utf-8")
    assert "cost-fr.svg" not in page
    assert "Moins de DDSE" in page
