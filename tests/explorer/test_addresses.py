"""What a page shows is in its address: a link opens the same, and one that asks for nothing known says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.explorer.address import LONGEST
from sim.explorer.data import reference
from sim.explorer.layout import PAGES
from sim.presentation.texts import Texts

ROOT = Path(__file__).resolve().parents[2]
FEW_PEOPLE = "no_place"


@pytest.fixture
def page(monkeypatch, tmp_path):
    monkeypatch.setenv("SORTIE_RUNS", str(tmp_path))

    def open_page(name, **query):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
        at.switch_page(f"sim/explorer/pages/{name}.py")
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception, [item.value for item in at.exception]
        return at

    return open_page


def box(at, label):
    """The list with a label, in French."""
    (found,) = [each for each in (*at.selectbox, *at.radio) if each.label == Texts("fr")(label)]
    return found


CHOICES = [
    ("life", "parcours", "life.kind", FEW_PEOPLE),
    ("life", "personne", "life.person", "2"),
    ("life", "avec", "life.beside", "population_cap_130"),
    ("compare", "partie", "compare.section", "causes"),
    ("howmany", "resultat", "howmany.output", "wait"),
    ("sites", "politique", "sites.scenario", "fewer_ddse"),
]


@pytest.mark.parametrize(("name", "part", "label", "value"), CHOICES, ids=[f"{name}-{part}" for name, part, *_ in CHOICES])
def test_a_link_opens_what_it_says_and_a_choice_is_written_in_it(page, name, part, label, value):
    at = page(name, **{part: value})
    assert box(at, label).value == value
    assert at.query_params[part] == value
    others = [index for index, _ in enumerate(box(at, label).options)]
    assert len(others) > 1
    plain = page(name)
    first = box(plain, label).value
    assert first != value
    assert part not in plain.query_params, "an address is short where nothing was chosen"
    box(plain, label).set_value(value).run()
    assert plain.query_params[part] == value
    box(plain, label).set_value(first).run()
    assert part not in plain.query_params


def test_going_back_shows_what_the_address_says_again(page):
    """The list was moved; then the address changes by itself, as back and forward do."""
    at = page("compare", partie="causes")
    box(at, "compare.section").set_value("costs").run()
    at.query_params["partie"] = "causes"
    at.run()
    assert box(at, "compare.section").value == "causes"


BAD = [
    ("question", "politique"), ("overview", "politique"), ("compare", "p"), ("compare", "partie"), ("compare", "periode"),
    ("life", "parcours"), ("life", "personne"), ("life", "avec"), ("howmany", "levier"), ("howmany", "resultat"),
    ("sites", "politique"), ("sites", "etablissement"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "part"), BAD, ids=[f"{name}-{part}" for name, part in BAD])
@pytest.mark.parametrize("asked", ["zzz", "<script>alert(1)</script>" + "x" * 5_000], ids=["a word", "markup"])
def test_an_address_that_asks_for_nothing_known_says_so(page, name, part, asked):
    at = page(name, **{part: asked})
    (told,) = [each.value for each in at.warning if asked[:20] in each.value]
    assert len(told) < LONGEST + 200


def test_an_establishment_has_an_address(page):
    told = reference()
    known = min(told.codebook.site_ids)
    at = page("sites", etablissement=known)
    assert box(at, "sites.find").value == known
    name = told.codebook.sites[told.codebook.site_ids.index(known)]
    assert any(name in each.proto.body and "<table>" in each.proto.body for each in at.get("html"))


def test_the_caption_of_a_comparison_is_of_its_period(page):
    """That of a year holds chance only where no draws were kept for it: it may not say that assumptions are in."""
    year = reference().years()[-1]
    figure = reference().figures.over(year).get("fill_vacant_posts", "dry_rate_exits")
    at = page("compare", p="fill_vacant_posts", periode=year)
    said = " ".join(each.proto.body for each in at.get("html"))
    from sim.presentation.formatting import what_the_interval_holds  # noqa: PLC0415

    t, figures = Texts("fr"), reference().figures
    assert figure is not None
    assert what_the_interval_holds(t, figures.over(year), "fill_vacant_posts") in said
    if what_the_interval_holds(t, figures.over(year), "fill_vacant_posts") != what_the_interval_holds(
        t, figures, "fill_vacant_posts"
    ):
        assert what_the_interval_holds(t, figures, "fill_vacant_posts") not in said


def test_each_page_has_a_name_of_its_own():
    for lang in ("fr", "en"):
        names = [Texts(lang)(f"nav.{name}") for name, *_ in PAGES]
        assert len(set(names)) == len(PAGES)
