"""No line of ``sortie law …`` is in English for a reader of French, whatever is asked, what is refused and the help included.

Asked of every command, over facts drawn at random and every kind of refusal. A line is English if one of the common words below
stands in it, none of which is a French word; names of options, of rules and of files are left out.
"""

from __future__ import annotations

import contextlib
import io
import random
import re
from pathlib import Path

import pytest
import yaml

from sim.cli import boundary
from sim.cli.command_tree import built, commands_of
from sim.cli.fitting import app
from sim.cli.language import speak

ENGLISH = re.compile(
    r"\b(the|of|is|are|was|to|and|by|with|from|no|such|rule|days?|months?|years?|judge|judgment|hearing|since|not|must|may|expected"
    r"|only|board|approval|examination|order|opinion|before|after|between|read|memory|practice|derived|given|less|more|than|at|in"
    r"|it|its|which|for|or|as|this|that|first|last|never|here|who|whole|suspended|enforced|pronounced|served|none|below|nothing"
    r"|sentence is|unknown|needs?)\b"
)
NAMES = re.compile(r"\b[\w-]+(?:\.[\w-]+)+\b|--[a-z-]+|https?://\S+|\b[a-z]+_[a-z_]+\b|/\S+")
DAYS = (
    "2003-05-01",
    "2008-01-01",
    "2010-03-01",
    "2013-02-01",
    "2016-03-01",
    "2019-11-01",
    "2021-02-01",
    "2024-05-01",
    "2026-01-10",
)
QUANTA = ("1 mois", "45 jours", "6 mois", "12 mois", "24 mois 1 jour", "40 mois", "6 ans", "12 ans", "16 ans", "perpétuité")
FLAGS = (
    *((), ("--recidive",), ("--felony",), ("--terrorism",), ("--removal",), ("--excluded",), ("--on-officials",)),
    *(
        ("--felony", "--ssj"),
        ("--felony", "--listed"),
        ("--removal", "--felony", "--ssj"),
        ("--felony", "--mobile-tag", "--ssj"),
    ),
)
FILES = yaml.safe_load((Path(__file__).parent / "law_files.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def told():
    """What a command answers, on both streams, in a language."""
    roots = {}
    for lang in ("en", "fr"):
        speak(lang)
        roots[lang] = built(app)

    def _told(*arguments, lang="fr"):
        speak(lang)
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            try:
                roots[lang].main(args=["law", *arguments], prog_name="sortie", standalone_mode=False)
            except Exception as problem:  # noqa: BLE001 (told as the command line tells it)
                boundary.tell(problem)
        return out.getvalue() + errors.getvalue()

    yield _told
    speak("en")


def english(text):
    """Lines of a text that have an English word."""
    return [line for line in text.splitlines() if ENGLISH.search(NAMES.sub("", line))]


def lives(count):
    """Facts of one sentence, drawn: half of them of a file that could be, the others as they come."""
    drawn = random.Random(18)  # noqa: S311 (facts, no secret)
    pick = drawn.choice
    optional = {
        "--child-born": DAYS, "--child-due": DAYS, "--facts": DAYS, "--judged": DAYS, "--surety-end": DAYS,
        "--remand": ("30", "400", "3000"), "--born": ("1940-01-01", "1994-05-01", "2004-05-01", "2012-01-01"),
        "--suspended": ("6 mois", "2 ans"), "--detained": ("2019-01-05:2019-03-01", "2019-03-01:2019-01-05"),
    }  # fmt: skip
    for _ in range(count):
        asked = ["timeline", "--committed", pick(DAYS), "--quantum", pick(QUANTA), *pick(FLAGS)]
        asked += ["--place", pick(("MA", "CD", "SAS", "MC", "CSL")), "--share-granted", pick(("0", "0.65", "1"))]
        for option, values in optional.items():
            if drawn.random() < 0.2:
                asked += [option, pick(values)]
        yield asked


def questions():
    """What the other commands are asked, on every day: before the texts too."""
    for day in DAYS:
        yield ["show", "--at", day]
        for firm in ("20 jours", "1 mois", "6 months", "18 months", "3 years", "life", "x"):
            for more in ((), ("--recidive", "--remand", "40"), ("--facts", "2019-01-01")):
                yield ["ab-initio", "--judged", day, "--firm", firm, *more]
                yield ["free-convict", "--judged", day, "--firm", firm, *more]
        for years in ("2", "5", "10", "30"):
            for more in (
                (),
                ("--felony",),
                ("--grave", "--abroad"),
                ("--organised",),
                ("--age", "15"),
                ("--age", "17", "--felony"),
            ):
                yield ["remand", "--from", day, "--incurred", years, *more]
        for decision in ("order", "judgment", "court", "jugement", "x"):
            for more in ((), ("--appealed", day), ("--appealed", "2031-01-01")):
                yield ["appeal", "--notified", day, "--decision", decision, *more]
        for of in ("examination", "order", "judgment", "court", "hearing", "opinion", "approval", "nominatif", "x"):
            yield ["silence", "--of", of, "--since", day]
            yield ["silence", "--of", of, "--since", day, "--end", "2029-01-01"]
        for more in (
            ("--quantum", "3 years"),
            ("--granted", "2024-05-01", "--days", "40"),
            ("--quantum", "x"),
            ("--enforced", day),
        ):
            yield ["withdrawal", "--committed", day, "--misconduct", "2024-06-01", *more]
            yield ["withdrawal", "--committed", day, "--misconduct", day, *more]
    yield from (["show", notion] for notion in ("LC", "lsc-pd", "foo"))
    yield from (
        ["diff", "2003-01-01", "2026-11-30"],
        ["diff", "2023-03-01", "2023-04-01"],
        ["diff", "2024-01-01", "2023-01-01"],
    )
    yield from (["diff", "x", "2023-01-01"], ["diff"], ["timeline"], ["silence"], ["foo"], ["show", "--foo"], [])
    one = ["timeline", "--committed", "2024-01-01", "--quantum"]
    for more in (("1 an", "--place", "X"), ("1 an", "--remand", "-4"), ("1 an", "--share-granted", "4"), ("0 an",), ("-1 an",)):
        yield [*one, *more]
    for more in (
        ("1 an", "--scenario", "nope"),
        ("81 ans",),
        ("2 ans", "--detained", "x"),
        ("2 ans", "--committed", "2023-01-01"),
    ):
        yield [*one, *more]
    yield from (["remand", "--from", "2024-01-01", "--incurred", years] for years in ("x", "40"))


def test_no_answer_of_the_law_is_in_english(told):
    found = {line: asked for asked in (*lives(80), *questions()) for line in english(told(*asked))}
    assert found == {}


@pytest.mark.parametrize("number", range(len(FILES)))
def test_no_answer_about_a_file_is_in_english(told, tmp_path, number):
    path = tmp_path / "dossier.yaml"
    path.write_text(FILES[number], encoding="utf-8")
    assert english(told("sentence", str(path)).replace(str(path), "")) == []


def test_no_help_of_the_law_is_in_english(told):
    law = next(command for name, command in commands_of(built(app)) if name.endswith("law"))
    for name in ("", *law.commands):
        shown = told(*filter(None, (name, "--help")))
        assert english(shown) == [], name
        assert not re.search(r"<(str|int|float|path|list)\b", shown), name


def test_english_would_be_seen(told):
    """The words above find the English of every command: a test that cannot fail would say nothing."""
    for asked in (next(lives(1)), *([*each] for each in questions() if each)):
        if asked[0] != "show" or "--at" in asked:
            assert english(told(*asked, lang="en")), asked
