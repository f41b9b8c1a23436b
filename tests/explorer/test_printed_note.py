"""The note as it is printed: one page of A4, whatever the policies, in letters that can be read."""

from __future__ import annotations

import re

import pytest

from sim.explorer.data import reference
from sim.presentation.one_page import one_page, one_page_html
from sim.presentation.policy_brief import note_html
from sim.presentation.question.shown import changes_in_words, of_reference
from sim.presentation.texts import LANGUAGES, Texts

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

SMALLEST = """() => Math.min(
    ...[...document.querySelectorAll("body *")].filter(e => !e.closest("svg") && e.textContent.trim())
        .map(e => parseFloat(getComputedStyle(e).fontSize)),
    ...[...document.querySelectorAll("svg text")].map(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a))"""


@pytest.mark.parametrize("many", [6, pytest.param(None, marks=pytest.mark.slow)], ids=["the longest", "all"])
def test_every_note_is_one_page_in_letters_of_eight_points(chromium, many):
    told = reference()
    names = told.figures.scenarios[1:]
    longest = sorted(names, key=lambda name: -len(note_html(Texts("fr"), told.figures, [name], told.manifest)))
    reader = chromium.new_page()
    reader.emulate_media(media="print")
    for chosen in [*([name] for name in longest[:many]), longest[:2], longest[:3], longest[1:4]]:
        for lang in ("fr", "en"):
            reader.set_content(note_html(Texts(lang), told.figures, chosen, told.manifest))
            printed = reader.pdf(format="A4", prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, (chosen, lang)
            assert reader.evaluate(SMALLEST) * 72 / 96 >= 7.99, (chosen, lang)
    reader.close()


@pytest.mark.parametrize("many", [6, pytest.param(None, marks=pytest.mark.slow)], ids=["the longest", "all"])
def test_every_note_of_one_question_is_one_page_in_letters_of_eight_points(chromium, many):
    told = reference()
    pages = [
        one_page_html(one_page(of_reference(Texts(lang), told, name, changes_in_words(name, lang)), told.manifest))
        for name in told.figures.scenarios[1:]
        for lang in LANGUAGES
    ]
    reader = chromium.new_page()
    reader.emulate_media(media="print")
    for page in sorted(pages, key=len, reverse=True)[:many]:
        reader.set_content(page)
        printed = reader.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, page[:300]
        assert reader.evaluate(SMALLEST) * 72 / 96 >= 7.99
    reader.close()
