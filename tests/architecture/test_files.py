"""What must be true of the files around the code."""

from __future__ import annotations

import csv
import re
import runpy
import tomllib
from datetime import date

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from .conftest import ROOT, name_of

TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".lock", ".cff", ".cfg", ".txt", ".ipynb", "", ".json"}

# Written so that this file does not match itself.
OUTSIDE = re.compile(r"\.\./shared")
REGISTRIES = re.compile(r"(pypi|pythonhosted|npmjs|deb\.debian|proxy\.golang)\.(org|com)")


def texts(files):
    for path in files:
        if path.suffix in TEXT:
            yield path, path.read_text(encoding="utf-8", errors="replace")  # some scenarios are broken on purpose


@pytest.mark.parametrize("pattern", [OUTSIDE, REGISTRIES], ids=["outside the project", "a package registry"])
def test_nothing_points_to(files, pattern):
    assert [name_of(path) for path, text in texts(files) if pattern.search(text)] == []


def test_no_file_is_too_large_for_a_reader_of_the_repository(files):
    assert [name_of(path) for path in files if path.stat().st_size > 1_500_000] == []


LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(lock):
    """Entries of a lock: name and version → the number of its hashes."""
    entries: dict[tuple[str, str], int] = {}
    current = None
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if opening := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            current = (canonicalize_name(opening[1]), opening[2])
            entries[current] = 0
        elif line.lstrip().startswith("--hash=sha256:"):
            assert current is not None
            entries[current] += 1
        else:
            assert line.lstrip().startswith("#") or not line.strip(), f"not an entry, a hash or a comment: {line}"
    return entries


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_for_every_entry_and_names_no_host(lock):
    entries = locked(lock)
    assert len(entries) > 20
    assert [entry for entry, hashes in entries.items() if not hashes] == []
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_what_users_install_is_of_the_versions_that_are_tested_and_holds_no_tool():
    users, everybody = (locked(lock) for lock in LOCKS)
    assert users.keys() < everybody.keys()
    assert {"mypy", "pytest", "ruff", "playwright", "hypothesis", "emcee", "ipython"} & {name for name, _ in users} == set()


@pytest.mark.parametrize(("lock", "extras"), [(LOCKS[0], ("app", "build")), (LOCKS[1], None)])
def test_a_lock_answers_the_pyproject(lock, extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    asked = [Requirement(line) for line in project["dependencies"]]
    asked += [Requirement(line) for extra in extras or optional for line in optional[extra]]
    versions: dict[str, list[Version]] = {}
    for name, version in locked(lock):
        versions.setdefault(name, []).append(Version(version))
    for requirement in asked:
        name = canonicalize_name(requirement.name)
        if name != "sortie":
            assert versions.get(name), f"{name} is not in the lock: make lock"
            assert all(version in requirement.specifier for version in versions[name]), name
            assert any(s.operator in {">=", "=="} for s in requirement.specifier), f"{name} has no lower bound"


def test_every_exception_to_the_linter_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = text.split("\nignore = [\n")[1].split("\n]")[0].splitlines()
    assert len(ignored) > 5
    assert [line for line in ignored if "#" not in line] == []


@pytest.mark.parametrize("table", sorted((ROOT / "scenarios" / "observed").rglob("*.csv")), ids=name_of)
def test_every_observed_table_says_where_it_comes_from(table):
    beside = table.with_suffix(".source.yaml")
    assert beside.is_file(), f"{table.name} needs {beside.name} beside it"
    source = yaml.safe_load(beside.read_text(encoding="utf-8"))
    for key in ("title", "publisher", "publication", "licence", "vintage", "retrieved", "columns"):
        assert source.get(key), f"{beside.name}: {key}"
    assert source["file"] == table.name
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(source["columns"]) == list(rows[0])
    if isinstance(source["vintage"], list):
        assert {date.fromisoformat(row["date"]) for row in rows} == set(source["vintage"])
    for check in source.get("checks", []):
        of_day = [row[check["column"]] for row in rows if row["date"] == check["date"].isoformat()]
        assert sum(int(value) for value in of_day if value) == check["sum"], check


PAGES = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_say_what_the_code_says(page):
    written = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert written == PAGES[page](), f"docs/{page} is out of date: python docs/generate.py"


def links(text):
    """Relative links of a Markdown page, without their anchors."""
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if "://" not in target and not target.startswith("#"):
            yield target.split("#")[0]


def test_links_between_pages_lead_somewhere(files):
    pages = [path for path in files if path.suffix == ".md"]
    assert len(pages) >= 10
    broken = [
        (name_of(page), link)
        for page in pages
        for link in links(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def anchors(text):
    """Anchors of the headings of a page, as forges make them."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.+)$", plain, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", heading).lower()).replace(" ", "-")


def test_links_into_a_page_find_their_heading(files):
    pages = [path for path in files if path.suffix == ".md"]
    lost = []
    for page in pages:
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
            there = page if not target else page.parent / target
            if "://" not in target and there.suffix == ".md" and anchor not in set(anchors(there.read_text(encoding="utf-8"))):
                lost.append((name_of(page), f"{target}#{anchor}"))
    assert lost == []


STRESS = [f"{part}.{item}" for part, items in {1: 3, 2: 5, 3: 4, 4: 3, 5: 4, 6: 1}.items() for item in range(1, items + 1)]


ODD = (
    "Purpose and patterns",
    "Entities, state variables, scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
CONCEPTS = (
    "basic principle",
    "emergence",
    "adaptation",
    "objectives",
    "learning",
    "prediction",
    "sensing",
    "interaction",
    "stochasticity",
    "collectives",
    "observation",
)


def test_the_page_of_the_model_answers_every_item_of_stress_des_and_odd():
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert len(STRESS) == 20
    assert [item for item in STRESS if not re.search(rf"^\*\*{re.escape(item)} ", text, re.MULTILINE)] == []
    assert [heading for heading in ODD if heading not in text] == []
    concepts = text.split("**Design concepts** (ODD 4).")[1].split("\n\n")[0].lower()
    assert [concept for concept in CONCEPTS if concept not in concepts] == []


def test_what_more_counsellors_do_is_two_clicks_from_the_readme():
    first = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](results/README.md)" in first.split("## ")[0], "the answers are in the head of the page"
    second = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    (link,) = re.findall(r"## \[2\. [^]]+\]\((notebooks/[^)]+)\)", second)
    notebook = (ROOT / "results" / link).read_text(encoding="utf-8")
    for part in (
        "## Part de sorties sèches",
        "## Les causes, une par une",
        "## Sur quoi cela repose",
        "## Ce qui le renverserait",
    ):
        assert part in notebook
    assert re.search(r"change la part de sorties sèches de .+ \(de .+ à .+\)", second), "the answer and how sure it is"


def test_the_index_leads_to_every_page_of_the_documentation():
    index = ROOT / "docs" / "index.md"
    reached = {(index.parent / link).resolve() for link in links(index.read_text(encoding="utf-8"))}
    pages = {path.resolve() for path in (ROOT / "docs").rglob("*.md")} - {index.resolve()}
    assert pages - reached == set()


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=name_of)
def test_a_decision_says_what_it_costs_and_when_it_is_wrong(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {int(page.name[:4])}. ")
    headings = [line for line in lines if line.startswith("## ")]
    assert headings == ["## Context", "## Decision", "## What it costs", "## How we would know it is wrong"]
    assert len(lines) <= 60, "one page"


def test_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_changelog_is_sorted_by_kind_with_one_open_release():
    changelog = runpy.run_path(str(ROOT / "docs" / "changelog.py"))
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text == changelog["arranged"](), "python docs/generate.py puts it in order"
    releases = changelog["releases"](text)[1:]
    assert [heading for heading, _ in releases if ", open since " in heading] == [releases[0][0]]
    assert all(entries for _, entries in releases)
    with pytest.raises(
        ValueError, match=r"CHANGELOG.md: met '- \*\*fix\*\* a thing', expected '- \*\*kind\*\* ', kind one of model"
    ):
        changelog["kind_of"]("- **fix** a thing")


def test_the_targets_that_pages_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"setup", "setup-dev", "run", "quick", "required", "test", "app", "bench", "lock", "results"} <= targets
    pages = [path.read_text(encoding="utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]]
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)(?:`|$)", "\n".join(pages), re.MULTILINE))
    assert "run" in named
    assert named <= targets
