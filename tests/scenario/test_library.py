"""Finding scenarios by name or path, and reading files that are hardly files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import available_scenarios, load_scenario, read_scenario
from sim.scenario.document import MAX_BYTES

WORLD = Path(__file__).parent / "world.yaml"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A working directory whose ``scenarios`` hides the package's own where names are the same."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    shutil.copy(WORLD, folder / "small.yaml")
    (folder / "cap.yaml").write_text(
        "extends: small.yaml\ntitle: {fr: Plafond, en: Cap}\nquestion: {fr: Q ?, en: Q?}\nasked_by: CGLPL\n"
        "source: Rapport annuel\npolicies:\n  - {name: population_cap, on: 2026-07-01}\n"
    )
    (folder / "half.yaml").write_text("title: {fr: À moitié}\n", encoding="utf-8")
    (folder / "notes.txt").write_text("not a scenario")
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_name_a_relative_and_an_absolute_path_are_one_scenario(library):
    by_name = load_scenario("cap")
    assert by_name == load_scenario("scenarios/cap.yaml") == load_scenario(library / "cap.yaml")
    assert by_name.name == "cap"


def test_cards(library):
    cards = {card.name: card for card in available_scenarios()}
    assert cards["small"].extends is None
    assert cards["small"].problem is None
    assert (cards["cap"].title["en"], cards["cap"].asked_by) == ("Cap", {"fr": "CGLPL", "en": "CGLPL"})
    assert cards["cap"].source == {"title": "Rapport annuel"}
    assert "half.yaml:1: title.en: missing" in cards["half"].problem
    assert "notes" not in cards
    names = [card.name for card in available_scenarios()]
    assert names.index("small") < names.index("cap")


def test_messages_name_the_file_as_it_is_seen_from_here(library):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("half")
    assert str(caught.value).startswith("scenarios/half.yaml:1: ")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("smal", "no scenario 'smal' (looked in scenarios"),
        ("smal", "Did you mean 'small'?"),
        ("scenarios/cup.yaml", "no file 'scenarios/cup.yaml'. Did you mean 'cap.yaml'?"),
        ("/nowhere/at/all.yaml", "no file '/nowhere/at/all.yaml'."),
        (Path("scenarios"), "this is a directory"),
        ("", "no scenario ''"),
        ("a\0b.yaml", "no file"),
        ("x" * 5000 + ".yaml", "no file"),
    ],
)
def test_what_is_not_found(asked, words):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(asked)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_users_file_extends_a_scenario_of_the_library(library):
    elsewhere = library.parent / "mine.yaml"
    for name in ("small.yaml", "small"):
        elsewhere.write_text(f"extends: {name}\ntitle: {{fr: Mien, en: Mine}}\n")
        assert load_scenario(elsewhere).leaves == load_scenario("small").leaves


@pytest.mark.usefixtures("library")
def test_a_text_without_a_file():
    text = "extends: small\ntitle: {fr: Envoyé, en: Sent}\nchanges: 3\n"
    assert read_scenario(text.replace("changes: 3\n", ""), name="sent").title["en"] == "Sent"
    with pytest.raises(ScenarioError, match=r"^sent:3: changes: expected a list"):
        read_scenario(text, name="sent")


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path, world):
    for position, raw in enumerate([b"\xef\xbb\xbf" + WORLD.read_bytes(), WORLD.read_bytes().replace(b"\n", b"\r\n")]):
        path = tmp_path / f"saved{position}.yaml"
        path.write_bytes(raw)
        assert load_scenario(path).leaves == world.leaves


def test_a_huge_file(tmp_path):
    path = tmp_path / "huge.yaml"
    path.write_bytes(WORLD.read_bytes() + b"#" * MAX_BYTES)
    with pytest.raises(ScenarioError, match=r"larger than 1,000,000 bytes"):
        load_scenario(path)


def test_a_file_one_may_not_read(tmp_path, monkeypatch):
    path = tmp_path / "shut.yaml"
    path.write_bytes(WORLD.read_bytes())

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, whom no permission stops
    with pytest.raises(ScenarioError, match=r"shut\.yaml: cannot be read \(permission denied\)"):
        load_scenario(path)


def test_of_thousands_of_mistakes_one_is_put_into_words(tmp_path, monkeypatch):
    """Names that are near are looked for once: twenty thousand times would take minutes."""
    path = tmp_path / "many.yaml"
    path.write_text("".join(f"k{number}: 1\n" for number in range(20_000)))
    looked_for = []
    monkeypatch.setattr("sim.scenario.problems.suggestion", lambda met, _: looked_for.append(met) or "")
    with pytest.raises(ScenarioError, match=r"many\.yaml:1: k0: no such key"):
        load_scenario(path)
    assert looked_for == ["k0"]


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_bytes(b"")
    with pytest.raises(ScenarioError, match=r"empty\.yaml:1: .*the file is empty"):
        load_scenario(path)


def test_a_long_chain_of_extends(tmp_path):
    shutil.copy(WORLD, tmp_path / "p0.yaml")
    for link in range(1, 18):
        (tmp_path / f"p{link}.yaml").write_text(f"extends: p{link - 1}.yaml\ntitle: {{fr: L, en: L}}\n")
    assert load_scenario(tmp_path / "p15.yaml").name == "p15"
    with pytest.raises(ScenarioError, match=r"more than 16 files extend one another"):
        load_scenario(tmp_path / "p17.yaml")
