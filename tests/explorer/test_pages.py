"""Every page in both languages, and the logic of their controls, without a browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.dates import day_of
from sim.errors import ScenarioError
from sim.explorer.data import baseline, reference
from sim.explorer.layout import DRAWN, PAGES, PLACES
from sim.explorer.scenario_form import DATES, Draft, changeable, loaded
from sim.library.families import FAMILIES
from sim.presentation.featured import IN_FRONT, by_family, featured, label, ordered
from sim.presentation.question.question_page import question_body
from sim.presentation.question.shown import changes_in_words, of_reference
from sim.presentation.texts import Texts

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900
"""Seconds after which a page is taken for one that never ends, on a machine however busy."""


@pytest.fixture
def app(monkeypatch, tmp_path):
    """Open a page of the explorer."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SORTIE_RUNS", str(tmp_path))

    def open_page(name: str = "overview", **query: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        if name != PAGES[0][0]:
            at.switch_page(f"sim/explorer/pages/{name}.py").run()
        assert not at.exception, [item.value for item in at.exception]
        return at

    return open_page


def words(at):
    """Everything a page says in text."""
    kinds = (at.title, at.header, at.subheader, at.markdown, at.info, at.warning, at.error, at.success)
    return "\n".join(str(item.value) for kind in kinds for item in kind)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", [name for name, *_ in PAGES])
def test_every_page_opens_in_both_languages(app, page, lang):
    at = app(page, lang=lang)
    if page in DRAWN:
        assert drawn_html(at).count("<h1>") == 1
        assert not at.title
    else:
        assert len(at.title) == 1
        assert len(words(at)) > 150
    assert not at.error


def drawn_html(at):
    """The page that was drawn as a string."""
    (component,) = at.get("bidi_component")
    return json.loads(component.proto.json)["html"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_question_is_the_one_its_address_names(app, lang):
    """The same page as the static site's, and its own title; a link to another stays in the session."""
    address = "question?politique=fill_vacant_posts" + ("" if lang == "fr" else "&amp;lang=en")
    assert f'href="{address}"' in drawn_html(app("questions", lang=lang))
    at = app("question", lang=lang, politique="semi_liberty_1000_places")
    html = drawn_html(at)
    told = of_reference(
        Texts(lang), reference(), "semi_liberty_1000_places", changes_in_words("semi_liberty_1000_places", lang)
    )
    assert html == question_body(told)
    assert not at.warning


@pytest.mark.parametrize("asked", ["zzz", "baseline", "<script>alert(1)</script>", "x" * 5_000])
def test_a_question_that_is_unknown_says_so_and_shows_another(app, asked):
    """Whatever the address says: a sentence, the first question, and the list of all; nothing of it becomes markup."""
    at = app("question", politique=asked)
    assert not at.exception
    assert asked[:40] in at.warning[0].value
    assert len(at.warning[0].value) < 400
    assert "<script" not in drawn_html(at)
    assert drawn_html(at).count("<h1>") == 1


def test_another_question_is_chosen_in_the_list(app):
    """The address follows."""
    at = app("question", politique="fill_vacant_posts")
    at.selectbox[0].select("population_cap_130").run()
    assert at.query_params["politique"] == "population_cap_130"
    assert Texts("fr").title(reference().scenario("population_cap_130")["question"]).split(" ")[0] in drawn_html(at)


def test_every_page_is_in_one_place():
    """Four places, each page in one of them."""
    assert len(PLACES) == 4
    listed = [name for names in PLACES.values() for name in names]
    assert sorted(listed) == sorted(name for name, *_ in PAGES)


def test_the_page_of_today_shows_six_figures_of_the_reference(app):
    at = app()
    assert len(at.metric) == 6
    figure = reference().figures.get("baseline", "dry_rate_exits")
    assert at.metric[2].value == f"{100 * figure.mean:.1f}".replace(".", ",") + "\u00a0%"


def test_a_preset_shows_the_paired_difference_at_once(app):
    name = featured(reference())[0]
    at = app(politique=name)
    figure = reference().figures.get(name, "stock", "status=detained")
    assert at.radio[0].value == name
    assert at.metric[0].delta == f"{figure.difference:+,.0f}".replace(",", "\u202f").replace("-", "−")
    at.radio[0].set_value("").run()
    assert at.metric[0].delta == ""


def test_with_many_policies_some_are_one_click_away_and_the_others_in_a_list(app, monkeypatch):
    monkeypatch.setattr("sim.presentation.featured.FEATURED", 1)
    at = app(lang="fr")
    (near,) = featured(reference())
    far = next(name for name in ordered(reference()) if name != near)
    assert len(at.radio[0].options) == 2
    at.selectbox[0].set_value(far).run()
    assert at.metric[0].delta
    at.radio[0].set_value(near).run()
    assert at.selectbox[0].value == ""
    figure = reference().figures.get(near, "stock", "status=detained")
    assert at.metric[0].delta == f"{figure.difference:+,.0f}".replace(",", "\u202f").replace("-", "−")


def test_a_library_of_many_policies_is_told_by_family_and_each_family_has_one_in_front():
    told = reference()
    names = [name for name in told.figures.scenarios if name != told.figures.base]
    assert sorted(ordered(told)) == sorted(names)
    assert featured(told) == list(IN_FRONT)
    assert set(featured(told, 9)) > set(IN_FRONT)
    many = replace(told, manifest={**told.manifest, "scenarios": [told.scenarios[0], *_policies(20)]})
    families = by_family(many)
    assert list(families) == [family for family in FAMILIES if family != "other"]
    assert {next(f for f, kept in families.items() if name in kept) for name in featured(many, 5)} == set(families)
    assert len(featured(many)) == 6
    assert len(set(ordered(many))) == 20
    first = ordered(many)[0]
    assert label(Texts("fr"), many, first).startswith("Moyens · ")


def _policies(many):
    kinds = [family for family in FAMILIES if family != "other"]
    return [{"name": f"p{n}", "title": {"fr": f"P {n}", "en": f"P {n}"}, "family": kinds[n % len(kinds)]} for n in range(many)]


def test_the_comparison_can_speak_of_one_year(app):
    told = reference()
    year = told.years()[-1]
    name = ordered(told)[0]
    at = app("compare", p=name, periode=year)
    figure = told.figures.over(year).get(name, "dry_releases")
    other = told.figures.get(name, "dry_releases")
    assert figure.mean != other.mean
    page = "".join(str(item.proto) for item in at.main)
    assert f"{figure.difference:+,.0f}".replace(",", "\u202f").replace("-", "−") in page


@pytest.mark.parametrize("section", ["table", "causes", "routes", "changes", "waits", "occupation", "reconviction", "costs"])
def test_every_section_of_the_comparison_is_drawn(app, section):
    at = app("compare")
    at.radio[0].set_value(section).run()
    assert not at.exception, [item.value for item in at.exception]
    assert at.header


def test_the_address_chooses_the_policies_compared(app):
    at = app("compare")
    at.multiselect[0].set_value(["fewer_ddse"]).run()
    assert at.query_params["p"] in ("fewer_ddse", ["fewer_ddse"])  # AppTest unpacks a list of one
    assert "fewer_ddse" not in words(at)  # people read titles


def test_without_a_policy_the_comparison_asks_for_one(app):
    at = app("compare")
    at.multiselect[0].set_value([]).run()
    assert at.info


def test_a_behavioural_lever_is_switched_on_with_its_settings_and_goes_into_the_address(app):
    at = app("build")
    at.toggle(key="policy-population_cap").set_value(True).run()
    assert at.session_state["policies"] == [{"name": "population_cap", "on": "2026-07-01"}]
    at.number_input(key="policy-population_cap-density").set_value(1.2).run()
    assert at.session_state["policies"][0]["with"] == {"density": 1.2}
    assert "1,2" in words(at)
    assert at.query_params["x"]
    at.toggle(key="policy-population_cap").set_value(False).run()
    assert at.session_state["policies"] == []


def test_levers_say_what_changes_and_can_be_undone(app):
    at = app("build")
    run = next(button for button in at.button if button.key == "go")
    assert run.disabled
    at.slider(key="counsellors").set_value(300).run()
    assert "1\u202f020 → 1\u202f320" in words(at)
    assert not next(button for button in at.button if button.key == "go").disabled
    next(button for button in at.button if str(button.key).startswith("undo-lever")).click().run()
    assert at.slider(key="counsellors").value == 0
    assert "→" not in words(at)


def test_any_other_number_can_be_changed_and_goes_into_the_address(app):
    at = app("build")
    path = at.selectbox(key="more-path-fr").value  # the first that is offered: any of them may change on the day chosen
    box = at.number_input(key=f"more-{path}")
    box.set_value(0.9 * box.value or 0.5).run()  # possible for a share as for a count
    at.button(key="more-add").click().run()
    assert at.session_state["extras"][0]["set"] == path
    assert at.query_params["x"]
    at.button(key="undo-all").click().run()
    assert at.session_state["extras"] == []


def test_a_number_that_cannot_be_is_told_and_the_page_stays_as_it_was(app):
    at = app("build")
    path = "means.probation_service.report_hours"
    at.selectbox(key="more-path-fr").set_value(path).run()
    at.number_input(key=f"more-{path}").set_value(-5.0).run()
    at.button(key="more-add").click().run()
    assert "-5" in at.error[0].value
    assert at.session_state["extras"] == []
    assert "x" not in at.query_params
    assert at.slider(key="n").value  # what comes below is still there


def test_what_is_offered_may_change_and_what_may_not_is_not_offered(app):
    on = day_of(date.fromisoformat(DATES[0]))
    world = baseline()
    offered = changeable(world, on)
    numbers = [path for path, leaf in world.parameters().items() if leaf.shape == ("number",)]
    at = app("build")
    assert len(at.selectbox(key="more-path-fr").options) == len(offered) < len(numbers)
    for path in numbers:
        leaf = world.parameters()[path]
        # An order of service is one of three, and no number between them.
        tried = (1.0,) if path.endswith(".order") else (0.9 * leaf.at(on), 0.5)
        moved = next(value for value in tried if value != leaf.at(on))
        text = Draft({}, DATES[0], [{"on": DATES[0], "set": path, "to": moved}], ()).text({"fr": "Essai", "en": "Trial"})
        if path in offered:
            assert loaded(text).changes
        else:
            with pytest.raises(ScenarioError, match=r"read once|no run|no code"):
                loaded(text)


def test_an_address_sets_the_levers(app):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    at.query_params.update({"slots": "5000", "fourmonths": "true", "n": "6"})
    at.run()
    at.switch_page("sim/explorer/pages/build.py").run()
    assert at.slider(key="slots").value == 5000
    assert at.toggle(key="fourmonths").value is True
    assert "--replications 6" in at.code[0].value


def test_the_life_of_a_person_is_told_and_denied(app):
    at = app("life")
    assert "n'existe pas" in at.warning[0].value
    at.selectbox[0].set_value("changed").run()
    assert not at.exception
    assert len(at.header) == 2  # with and without the policy that changes the route


def test_a_target_out_of_reach_is_said_to_be(app):
    at = app("howmany")
    at.number_input[0].set_value(1.0).run()
    assert not at.exception
    assert "Aucune dose essayée" in "".join(str(item.proto) for item in at.main)


def test_the_registry_is_searched_without_accents(app):
    at = app("sources")
    at.text_input[0].set_value("semi-liberte").run()
    whole = "".join(str(item.proto) for item in at.main)
    assert not at.exception
    assert "costs.per_day.SL" in whole
    assert "costs.per_day.LC" not in whole
    at.text_input[0].set_value("zzzz").run()
    assert not at.exception
    assert "0 valeurs sur" in "".join(str(item.proto) for item in at.main)


def test_without_a_reference_the_page_says_how_to_make_it(app, monkeypatch, tmp_path):
    monkeypatch.setenv("SORTIE_REFERENCE", str(tmp_path / "nothing"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()
    assert "sortie reference" in at.error[0].value
    assert not at.exception


NEVER = ("numba", "llvmlite", "simpy", "emcee", "duckdb", "IPython", "vl_convert", "scipy.stats", "sim.simulation")


def test_the_first_screen_loads_neither_the_engine_nor_what_exports_need(tmp_path):
    """Most of what a server that has just started makes people wait for is what it loads."""
    program = (
        "import sys\nfrom streamlit.testing.v1 import AppTest\n"
        f"at = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout={PATIENCE}).run()\n"
        f"print(len(at.get('bidi_component')), *(name for name in {NEVER} if name in sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SORTIE_RUNS": str(tmp_path)}
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert said.stdout.split() == ["1"], said.stderr


def test_figures_of_another_version_are_said_to_be(app, monkeypatch):
    made = reference().manifest["version"]
    for own, said in ((made, 0), ("9.9", 1)):
        monkeypatch.setattr("sim.explorer.layout.package_version", lambda own=own: own)
        told = [each.value for each in app("compare").info if f"version {made}" in each.value]
        assert len(told) == said, own
