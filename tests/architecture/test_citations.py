"""What the code and the pages cite can be found: evidence by section, decisions by number."""

from __future__ import annotations

import re

import pytest

from sim.scenario.numbering import numbers

from .conftest import ROOT, name_of

EVIDENCE = ROOT / "docs" / "evidence"

# "recidivism.md §1.2, §7", also over a line break inside a comment or a docstring.
MENTION = re.compile(r"(?<![\w/.-])([a-z_]+)\.md((?:[\s#>,;]|and)*§\s?\d+(?:\.\d+)*(?:, §\s?\d+(?:\.\d+)*)*)")
DECISION = re.compile(r"\bdecisions? (\d{4})\b")

CITING = ("sim/", "scenarios/", "tests/", "docs/", "benchmarks/", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
TEXT = {".py", ".md", ".yaml"}


def sections(text):
    """Numbers of the sections of a page: those of its headings, and of numbered points marked in bold."""
    return set(re.findall(r"^(?:#+ |- \*\*)(\d+(?:\.\d+)*)\b", text, re.MULTILINE))


def mentions(text):
    """Pairs (page, section) a text cites."""
    for page, told in MENTION.findall(text):
        for number in re.findall(r"\d+(?:\.\d+)*", told):
            yield f"{page}.md", number


def citing(files):
    for path in files:
        if path.suffix in TEXT and name_of(path).startswith(CITING):
            yield path, path.read_text(encoding="utf-8", errors="replace")  # some scenarios are broken on purpose


@pytest.fixture(scope="module")
def pages():
    return {path.name: sections(path.read_text(encoding="utf-8")) for path in EVIDENCE.glob("*.md")}


def test_every_citation_of_evidence_names_a_page_and_a_section_of_it(files, pages):
    found = [(name_of(path), *mention) for path, text in citing(files) for mention in mentions(text)]
    assert len(found) > 50
    assert {page for _, page, _ in found} >= {"recidivism.md", "law.md", "figures.md", "model.md"}
    assert [row for row in found if row[2] not in pages.get(row[1], set())] == []


def test_a_citation_that_leads_nowhere_is_seen():
    text = "# A (recidivism.md §1.3, §5.2), law.md\n    §9 and docs/model.md §4; recidivism.md alone"
    # Written in two pieces so that this file does not cite what does not exist.
    assert list(mentions(text)) == [("recidivism.md", "1.3"), ("recidivism.md", "5.2"), ("law.md", "9")]
    assert list(mentions("law" + ".md §99")) == [("law.md", "99")]
    assert sections("# Title\n## 1. One\n### 1.2 Two\n#### Not numbered\n- **7.4** point\n7.5 text") == {"1", "1.2", "7.4"}


def test_every_decision_cited_is_written(files):
    written = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    cited = {(name_of(path), number) for path, text in citing(files) for number in DECISION.findall(text)}
    assert len(cited) > 3
    assert [row for row in sorted(cited) if row[1] not in written] == []


def test_evidence_says_its_date_and_names_no_file_of_its_making():
    readme = (EVIDENCE / "README.md").read_text(encoding="utf-8")
    assert "21 November 2026" in readme
    for path in EVIDENCE.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert f"({path.name})" in readme or path.name == "README.md"
        assert re.findall(r"\bseeds?\b|\b\d{3}_[0-9a-f]{16}\b|prototype/|(?<![\w.:/])/(?:home|root|tmp|work)\b", text) == []


def test_the_short_names_of_sources_are_written_out():
    text = (ROOT / "scenarios" / "baseline.yaml").read_text(encoding="utf-8")
    announced = re.findall(r"^#   (\S.*?)  +\S", text.split("\nparameters:")[0], re.MULTILINE)
    assert "OIP 2025" in announced
    rows = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    written = {name.strip() for row in re.findall(r"^\| ([^|]+) \|", rows, re.MULTILINE) for name in row.split(";")}
    assert set(announced) - written == set()
    # Names of the field used over and over in 'source:' and 'why:'.
    used = [name for name in ("DAP", "SSER", "CGLPL", "CPP", "SPIP 82", "CGT IP", "DAP code") if name in text]
    assert len(used) > 3
    assert set(used) - written == set()


def test_an_assumption_quoted_by_its_number_is_the_one_of_the_path_beside_it(files):
    quoted = 0
    for path in files:
        if path.suffix not in {".md", ".py", ".yaml"} or path.name == "assumptions.yaml" or name_of(path).startswith("tests/"):
            continue
        text = re.sub(r"\s*\n#?\s*", " ", path.read_text(encoding="utf-8", errors="replace"))
        for code, beside in re.findall(r"(HYP-\d+)(?: `([a-z][\w.]+)`)?", text):
            assert code in numbers().values(), f"{name_of(path)}: {code}"
            assert not beside or numbers().get(beside) == code, f"{name_of(path)}: {beside} is not {code}"
            quoted += bool(beside)
    assert quoted > 3


_BESIDE = re.compile(
    r"`((?:means|practices|costs|flows|population|reconviction|stock)\.[a-z_.*]+)`[^`()]{0,40}?HYP-(\d+)(?: to HYP-(\d+))?"
)


def test_what_changed_quotes_the_numbers_of_what_it_names(root):
    """All numbers beside a group are of that group: a merge may renumber what a branch had quoted."""
    of = {code: path for path, code in numbers().items()}
    text = re.sub(r"\s+", " ", (root / "CHANGELOG.md").read_text(encoding="utf-8"))
    quoted = [
        (path.rstrip(".*"), of.get(f"HYP-{number}", "")) for path, first, last in _BESIDE.findall(text)
        for number in range(int(first), int(last or first) + 1)
    ]  # fmt: skip
    assert len(quoted) > 40
    assert [(path, found) for path, found in quoted if not found.startswith(path)] == []
