"""The note of one question: the finding as its title, the numbers of the page, and files that programs open."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from sim.library.read import open_reference, reference_folder
from sim.presentation.one_page import CHANGES, LONGEST, one_page, one_page_html
from sim.presentation.one_page_odt import MIMETYPE, one_page_odt
from sim.presentation.question.finding import finding
from sim.presentation.question.shown import changes_in_words, of_reference
from sim.presentation.question.svg import fine
from sim.presentation.texts import LANGUAGES, Texts


@pytest.fixture(scope="module")
def reference():
    return open_reference(reference_folder())


def note_of(reference, policy, lang):
    t = Texts(lang)
    return one_page(of_reference(t, reference, policy, changes_in_words(policy, lang)), reference.manifest)


def plain(page):
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_note_opens_on_its_finding_and_holds_the_numbers_of_its_page(reference, lang):
    for policy in reference.figures.scenarios[1:]:
        note, found = note_of(reference, policy, lang), finding(Texts(lang), reference.figures, policy)
        page = one_page_html(note)
        heading = re.search(r"<h1>(.*?)</h1>", page)
        assert heading is not None
        assert unescape(heading[1]) == fine(found.head, lang)
        for text in (
            found.body,
            *(part for n in found.numbers for part in (n.text, n.what, n.interval)),
            *note.leans,
            note.cite,
        ):
            assert fine(text, lang) in plain(page), (policy, text)
        assert all(check.head in plain(page) for check in found.checks)
        assert len(note.changes) <= CHANGES + 2
        assert all(len(line) <= LONGEST + 2 for line in note.leans)
        assert note.command in plain(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_office_opens_the_text_and_finds_the_same_in_it(reference, lang):
    note = note_of(reference, "fill_vacant_posts", lang)
    content = one_page_odt(note)
    assert content == one_page_odt(note_of(reference, "fill_vacant_posts", lang))
    with zipfile.ZipFile(BytesIO(content)) as packed:
        assert packed.testzip() is None
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type, packed.read("mimetype").decode()) == (
            "mimetype",
            zipfile.ZIP_STORED,
            MIMETYPE,
        )
        listed = set(re.findall(r'full-path="([^"]+)"', packed.read("META-INF/manifest.xml").decode())) - {"/"}
        assert listed == set(packed.namelist()) - {"mimetype", "META-INF/manifest.xml"}
        parts = {name: ET.fromstring(packed.read(name)) for name in packed.namelist() if name.endswith(".xml")}  # noqa: S314
        assert packed.read("Pictures/why.png")[:4] == b"\x89PNG"
    told = "".join(parts["content.xml"].itertext())
    for text in (note.title, note.body, *(number.text for number in note.numbers), *note.leans, note.cite, note.command):
        assert fine(text, lang) in told
    styles = {value for key, value in _attributes(parts["styles.xml"]) if key.endswith("}name")}
    asked = {value for key, value in _attributes(parts["content.xml"]) if key.endswith("}style-name")}
    assert asked - styles == {f"n-{number.tone}" for number in note.numbers}


def _attributes(root):
    return [pair for node in root.iter() for pair in node.items()]


def test_what_a_file_says_is_escaped(reference):
    t = Texts("fr")
    evil = "<script>alert(1)</script> & co"
    note = one_page(of_reference(t, reference, "fill_vacant_posts", [evil]), reference.manifest)
    assert "<script" not in one_page_html(note)
    with zipfile.ZipFile(BytesIO(one_page_odt(note))) as packed:
        ET.fromstring(packed.read("content.xml"))  # noqa: S314
