"""``a+b``: the world in which several policies are done, and what of them cannot be done together."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.policies import POLICIES
from sim.scenario import load_scenario

POSTS = "means.probation_service.posts"
BASE = "extends: baseline.yaml\ntitle: {{fr: {name}, en: {name}}}\nchanges:\n"


@pytest.fixture
def policies(tmp_path):
    def written(**changes: str) -> str:
        for name, lines in changes.items():
            (tmp_path / f"{name}.yaml").write_text(BASE.format(name=name) + f"  - {lines}\n", encoding="utf-8")
        return "+".join(str(tmp_path / f"{name}.yaml") for name in changes)

    return written


def _load(text):
    return load_scenario(text, known_policies=frozenset(POLICIES))


def test_the_mix_is_the_file_that_extends_both():
    mixed, shipped = _load("fill_vacant_posts+hearings_within_four_months"), _load("fill_posts_and_hear_in_four_months")
    assert mixed.digest() == shipped.digest()
    assert mixed.name == "fill_vacant_posts+hearings_within_four_months"
    assert mixed.title["en"] == "Fill the 700 vacant CPIP posts + Hearings within four months"


def test_the_order_makes_no_difference():
    one, other = (_load(text) for text in ("fill_vacant_posts+population_cap_130", "population_cap_130+fill_vacant_posts"))
    assert one.digest() == other.digest()


def test_what_two_files_add_is_added_and_what_they_scale_is_scaled(policies):
    day = parse_day("2026-10-01")
    alone = load_scenario("baseline").number(POSTS, day)
    added = policies(one=f"{{on: 2026-10-01, add: {POSTS}, by: 10}}", two=f"{{on: 2026-10-01, add: {POSTS}, by: 20}}")
    assert _load(added).number(POSTS, day) == alone + 30
    scaled = policies(three=f"{{on: 2026-10-01, scale: {POSTS}, by: 2}}", four=f"{{on: 2026-10-01, scale: {POSTS}, by: 1.5}}")
    assert _load(scaled).number(POSTS, day) == 3 * alone
    same = policies(five=f"{{on: 2026-10-01, set: {POSTS}, to: 1000}}", six=f"{{on: 2026-10-01, set: {POSTS}, to: 1000}}")
    assert _load(same).number(POSTS, day) == 1000


@pytest.mark.parametrize(
    ("one", "other"),
    [("set: {path}, to: 1000", "set: {path}, to: 1001"), ("add: {path}, by: 10", "scale: {path}, by: 2")],
)
def test_what_cannot_be_done_together_is_told_with_both_lines(policies, one, other):
    text = policies(one=f"{{on: 2026-10-01, {one.format(path=POSTS)}}}", two=f"{{on: 2026-10-01, {other.format(path=POSTS)}}}")
    with pytest.raises(
        ScenarioError, match=r"two\.yaml:4: changes\[0\].*is changed twice on 2026-10-01: here and at .*one\.yaml:4"
    ):
        _load(text)


def test_one_file_still_changes_a_value_once_a_day(tmp_path):
    twice = f"  - {{on: 2026-10-01, add: {POSTS}, by: 10}}\n" * 2
    (tmp_path / "twice.yaml").write_text(BASE.format(name="twice") + twice, encoding="utf-8")
    with pytest.raises(ScenarioError, match="changed twice"):
        _load(tmp_path / "twice.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fill_vacant_posts+baseline", "'baseline' is a complete world"),
        ("fill_vacant_posts++semi_liberty_1000_places", "met nothing beside a '\\+'"),
        ("fill_vacant_posts+fill_vacant_posts", "'fill_vacant_posts' twice, expected each policy once"),
        ("fill_vacant_posts+no_such_policy", "no scenario 'no_such_policy'"),
        ("+".join(["no_release_as_of_right", "release_units_for_5_percent", "external_places_doubled_only",
                   "fill_vacant_posts", "short_sentences_to_probation"]), "characters, 100 at most. Write a file"),
    ],
)  # fmt: skip
def test_what_is_no_mix_is_refused(text, said):
    with pytest.raises(ScenarioError, match=said):
        _load(text)


def test_a_file_whose_name_has_a_plus_is_a_file(tmp_path):
    (tmp_path / "a+b.yaml").write_text(
        BASE.format(name="ab") + f"  - {{on: 2026-10-01, add: {POSTS}, by: 1}}\n", encoding="utf-8"
    )
    assert _load(str(tmp_path / "a+b.yaml")).name == "a+b"
