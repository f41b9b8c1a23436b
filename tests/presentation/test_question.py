"""A question as it is shown: verdicts from figures; sentences and pictures that agree with them, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from math import nan

import pandas as pd
import pytest

from sim.indicators.context import MEASURED
from sim.library.read import Figures, open_reference, reference_folder
from sim.presentation.headlines import CAUSES, Outcome
from sim.presentation.question.causes import LANES, causes, hundred, race
from sim.presentation.question.change import change_of, step_of, told
from sim.presentation.question.finding import DRY, HELD, RATE, finding, growing, settled, years_of
from sim.presentation.question.over_time import path, queue
from sim.presentation.question.question_page import question_body
from sim.presentation.question.questions_page import AXES, Asked, axis, questions_body
from sim.presentation.question.routes_and_cost import cost, passages, routes
from sim.presentation.question.shown import ENOUGH, changes_in_words, of_reference, of_runs
from sim.presentation.question.svg import NARROW, WIDE, fine, wrapped
from sim.presentation.texts import LANGUAGES, Texts
from sim.scenario import load_scenario

FR = Texts("fr")
COLUMNS = {"half_width": 0.0, "n": 20, "low": nan, "q25": nan, "median": nan, "q75": nan, "high": nan, "both_low": nan,
           "both_high": nan, "share_parameters": nan, "below_zero": nan}  # fmt: skip


def figures(
    *rows: tuple[str, str, float, float, float], period: str = "2030", both: tuple[float, float] | None = None
) -> Figures:
    """Figures of a base and a policy: indicator, group, level of the base, difference, half-width."""
    listed = []
    for indicator, group, level, difference, width in rows:
        for when in (period, MEASURED):
            one = {**COLUMNS, "period": when, "indicator": indicator, "group": group}
            listed.append({**one, "scenario": "baseline", "mean": level, "difference": nan, "difference_half_width": nan})
            drawn = (
                dict(zip(("both_low", "both_high"), both, strict=True))
                if both and when == MEASURED and indicator == RATE.indicator
                else {}
            )
            listed.append(
                {
                    **one,
                    **drawn,
                    "scenario": "policy",
                    "mean": level + difference,
                    "difference": difference,
                    "difference_half_width": width,
                }
            )
    return Figures(pd.DataFrame(listed), "baseline", {"baseline": {"fr": "b", "en": "b"}, "policy": {"fr": "p", "en": "p"}})


def plain(
    rate: float, width: float = 0.001, dry: float = -600, held: float = 0, both: tuple[float, float] | None = None
) -> Figures:
    """Return figures in which only the dry rate, dry releases and people detained move."""
    return figures(
        ("dry_rate_exits", "all", 0.55, rate, width),
        ("dry_releases", "all", 34_000, dry, 50),
        ("stock", "status=detained", 93_000, held, 100),
        both=both,
    )


@pytest.mark.parametrize(
    ("told_of", "kind"),
    [
        (plain(-0.012), "less"),
        (plain(+0.012, dry=600), "more"),
        (plain(0.0005, dry=20, held=-2_000), "freed"),
        (plain(0.0005, dry=20, held=2_000), "filled"),
        (plain(-0.0005, dry=-20), "none"),
        (plain(-0.012, width=0.02), "uncertain"),
        (plain(-0.012, both=(-0.03, 0.004)), "uncertain"),
        (plain(-0.012, both=(-0.03, -0.0004)), "uncertain"),
        (plain(-0.012, both=(-0.03, -0.004)), "less"),
        (plain(-0.012, width=nan), "unknown"),
    ],
)
def test_the_verdict_follows_from_the_figures(told_of: Figures, kind: str) -> None:
    """An interval that holds zero, or is shown as ending at 0.0, proves nothing; without one nothing is said."""
    for lang in LANGUAGES:
        found = finding(Texts(lang), told_of, "policy")
        assert found.kind == kind
        assert found.head == fine(found.head, lang)
        assert "{" not in found.head + found.body


def test_a_queue_that_moves_is_told_as_such() -> None:
    """3,100 fewer for want of a file, 3,400 more not heard, next to nothing in all."""
    moved = figures(
        ("dry_rate_exits", "all", 0.55, 0.001, 0.004),
        ("dry_releases", "all", 34_000, 300, 50),
        ("dry_cause", "cause=FILE_NOT_READY", 6_000, -3_100, 50),
        ("dry_cause", "cause=NOT_HEARD", 5_000, 3_400, 50),
    )
    found = finding(FR, moved, "policy")

    assert found.kind == "queue"
    assert found.head == fine("Presque rien : la file passe des dossiers aux juges.", "fr")
    assert "3\u202f100 sorties sèches de moins" in found.body
    assert "3\u202f400 de plus" in found.body
    assert "+300 sur 34\u202f000" in found.body


@pytest.mark.parametrize(
    ("total", "file", "judge", "said"),
    [
        (300, -3_100, 3_400, "Ce qui est gagné sur"),
        (6_000, -1_100, 6_400, "6\u202f400 sorties sèches de plus pour"),
        (-3_000, -3_400, 400, "3\u202f400 sorties sèches de moins pour"),
    ],
)
def test_what_is_won_is_lost_only_where_little_is_left(total: float, file: float, judge: float, said: str) -> None:
    """A picture never says that a gain is lost beside a sentence of six thousand more."""
    moved = figures(
        ("dry_rate_exits", "all", 0.55, 0.02, 0.001),
        ("dry_releases", "all", 34_000, total, 50),
        ("dry_cause", "cause=FILE_NOT_READY", 6_000, file, 50),
        ("dry_cause", "cause=NOT_HEARD", 5_000, judge, 50),
    )
    assert said in causes(FR, moved, "policy", "2030", WIDE, "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_title_of_causes_tells_the_story_of_the_verdict(lang: str) -> None:
    """In every policy of the library: a queue in one is a queue in the other."""
    told_of, t = open_reference(reference_folder()).figures, Texts(lang)
    won = t("chart.causes.queue", less="", more="")[:10]
    for policy in told_of.scenarios[1:]:
        found, title = finding(t, told_of, policy), causes(t, told_of, policy, settled(told_of), WIDE, "")
        if found.kind == "queue":
            assert won in title, policy
        if found.kind in {"less", "more"}:
            assert won not in title, policy


def test_a_sketch_of_few_replications_proves_nothing() -> None:
    """The same figures: a verdict from 20 replications on, none from 19; from 4 where the parameters are drawn."""
    few = plain(-0.012)
    few.frame["n"] = 19
    assert finding(FR, plain(-0.012), "policy").kind == "less"
    assert finding(FR, few, "policy").kind == "uncertain"
    drawn = plain(-0.012, both=(-0.03, -0.004))
    drawn.frame["n"] = 4
    assert finding(FR, drawn, "policy").kind == "less"


def test_digits_are_those_of_the_interval() -> None:
    """±70 is told to the ten, ±350 to the hundred, ±8 to the unit; a difference that rounds to nothing has no sign."""
    assert [told(FR, -383.0, "people", width) for width in (70, 350, 8)] == ["−380", "−400", "−383"]
    assert told(FR, 3.0, "people", 70) == "0"
    assert step_of(12, nan) == 1
    assert told(FR, 12_345.0, "people", sign=False) == "12\u202f300"
    assert told(FR, -0.0119, "share") == "−1,2"


def test_whether_the_last_year_still_moves() -> None:
    """More than 1.2 times the year before: not settled."""

    def two_years(before: float, last: float) -> Figures:
        frames = [
            figures(("dry_releases", "all", 34_000, moved, 10), period=year).frame
            for year, moved in (("2029", before), ("2030", last))
        ]
        return replace(plain(0), frame=pd.concat(frames))

    assert years_of(two_years(-200, -380)) == ["2029", "2030"]
    assert growing(two_years(-200, -380), "policy")
    assert not growing(two_years(-350, -380), "policy")
    assert settled(two_years(-350, -380)) == "2030"


def test_a_hundred_people_are_a_hundred() -> None:
    """Largest remainders: three equal lanes and those who leave adjusted make 100; every cause has a lane, once."""
    equal = figures(
        *(("dry_cause", f"cause={cause}", 100, 0, 0) for cause in ("DECLINED", "FILE_NOT_READY", "NOT_HEARD")),
        ("releases", "route=LC", 700, 0, 0),
    )
    lanes, total = hundred(equal, "baseline", "2030")

    assert (sum(lanes), total) == (100, 1_000)
    assert lanes[-1] == 70
    listed = [cause for lane in LANES for cause in lane.causes]
    assert sorted(listed) == sorted(CAUSES)


def test_passages_split_those_who_escape_and_those_who_fall() -> None:
    """Sorted by size; what is under the least is not drawn."""
    changes = {("dry", "LC"): 390.0, ("dry", "SL"): 400.0, ("dry", "PE"): 4.0, ("SL", "dry"): 370.0, ("SL", "LC"): 999.0}

    assert passages(changes) == ([("SL", 400.0), ("LC", 390.0)], [("SL", 370.0)])
    drawn = routes(FR, changes, WIDE, "source")
    assert "790 personnes par an échappent à la sortie sèche, 370 y tombent" in drawn
    assert routes(FR, {}, WIDE, "source") == ""


def test_a_measure_whose_cost_is_not_known_says_so() -> None:
    """An older reference has no cost of means: the first account is said to be missing, never zero."""
    rows = [("cost", f"place=places,price={price}", 4e9, -1.6e7, 1e6) for price in ("low", "central", "high")]
    drawn = cost(FR, figures(*rows), "policy", "2030", WIDE, "s")
    assert FR("chart.cost.unknown") in drawn
    assert "−16 M€ de journées" in drawn.replace("\u00a0", " ")
    paid = [("cost_of_means", f"item=all,price={price}", 1e9, 4.1e7, 0) for price in ("low", "central", "high")]
    assert "+41 M€ par an pour la mesure" in cost(FR, figures(*rows, *paid), "policy", "2030", WIDE, "s").replace("\u00a0", " ")
    assert cost(FR, plain(0), "policy", "2030", WIDE, "s") == ""


class Checked(HTMLParser):
    """Every element that is opened is closed, in order; ids are met once."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is opened and what would be fetched."""
        of = dict(attrs)
        if "id" in of:
            self.ids.append(str(of["id"]))
        self.asked += [str(of[name]) for name in ("src", "href") if name in of]
        if tag not in {"input", "meta", "link", "br", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed at once."""

    def handle_endtag(self, tag: str) -> None:
        """Hold against what was opened last."""
        assert self.open.pop() == tag


def checked(html: str) -> Checked:
    """Read a page."""
    found = Checked()
    found.feed(html)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    return found


@pytest.fixture(scope="module")
def reference():
    """The library's own figures."""
    return open_reference(reference_folder())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_pictures_and_numbers_agree_for_every_policy(reference, lang: str) -> None:
    """The number of the page is that of the reference; pictures are well formed at both widths; nothing is left unfilled."""
    t = Texts(lang)
    told_of = reference.figures
    period = settled(told_of)
    for policy in [name for name in told_of.scenarios if name != told_of.base]:
        found = finding(t, told_of, policy)
        change = change_of(told_of, policy, DRY, period)
        assert change is not None
        assert found.numbers[0].text == told(t, change.difference, "people", change.half_width)
        if found.kind in {"less", "more"}:
            rate = change_of(told_of, policy, RATE, period)
            assert rate is not None
            assert told(t, rate.difference, "share") in found.body
        page = question_body(of_reference(t, reference, policy), {"questions": "index.html"})
        assert "{" not in re.sub(r"<code>.*?</code>", "", page)
        assert {asked for asked in checked(page).asked if not asked.startswith("#")} <= {"index.html"}
        for width in (NARROW, WIDE):
            for drawn in (
                causes(t, told_of, policy, period, width, "s"),
                race(t, told_of, policy, period, width, "s"),
                path(t, told_of, policy, width, "s"),
                queue(t, told_of, policy, width, "s"),
            ):
                checked(drawn)
                assert f'width="{width}"' in drawn
                assert 'aria-label=""' not in drawn
                sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn)]
                assert min(sizes) >= 12.5
                inside = [float(x) for x in re.findall(r' x="(-?[\d.]+)"', drawn)]
                assert -1 <= min(inside) <= max(inside) <= width + 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_policy_stands_on_each_axis_in_order(reference, lang: str) -> None:
    """Sorted by the difference, each once, with its number in its label."""
    t = Texts(lang)
    told_of = reference.figures
    asked = [Asked(name, name, name) for name in told_of.scenarios if name != told_of.base]
    offered = [outcome for outcome in AXES if told_of.get(told_of.base, outcome.indicator, outcome.group) is not None]
    assert {outcome.key for outcome in offered} >= {"dry_rate", "detained", "wait_mean"}
    for outcome in offered:
        drawn = axis(t, told_of, asked, outcome, "{}.html".format)
        listed = re.findall(r'href="(\w+)\.html"', drawn)
        changes = [change_of(told_of, name, outcome, settled(told_of)) for name in listed]
        assert sorted(listed) == sorted(one.policy for one in asked)
        values = [change.difference for change in changes if change is not None]
        assert values == sorted(values)
        places = [float(place) for place in re.findall(r"left:(-?[\d.]+)%", drawn)]
        assert 0 <= min(places) <= max(places) <= 100
    page = checked(questions_body(t, told_of, asked, [one.policy for one in asked[:3]], "{}.html".format))
    assert page.ids == [f"t{n}" for n, _ in enumerate(offered, 1)]
    assert "Ces figures" in axis(FR, told_of, asked, Outcome("x", "nothing", "all", "people"), str)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_policies_are_put_in_order_by_euros_where_the_figures_hold_them(lang: str) -> None:
    """What means cost is offered as an axis if there is any, and nothing is said of it if there is none."""
    t, asked = Texts(lang), [Asked("policy", "p", "p")]
    priced = figures(
        ("dry_rate_exits", "all", 0.55, -0.01, 0.001), ("cost_of_means", "item=all,price=central", 4.4e9, 40.6e6, 1e5)
    )
    page = questions_body(t, priced, asked, ["policy"], str)
    assert t("axis.means") in page
    assert told(t, 40.6e6, "euros", 1e5) in page
    assert t("axis.means") not in questions_body(t, plain(-0.01), asked, ["policy"], str)


@pytest.mark.parametrize(("n", "said"), [(2, "à ne pas citer"), (ENOUGH, "Votre simulation, 20")])
def test_a_run_of_ones_own_says_whose_it_is_and_whether_it_is_a_sketch(n: int, said: str) -> None:
    """It is no question of the library, and with few replications no figure to quote."""
    page = question_body(of_runs(FR, plain(-0.01), "policy", load_scenario("fill_vacant_posts"), n, "sortie run"))
    assert said in page
    assert FR("page.asked_by_nobody") not in page
    assert ("à ne pas citer" in page) == (n < ENOUGH)


def test_labels_are_escaped() -> None:
    """A title that a user wrote cannot put markup into the page."""
    sly = [Asked("policy", "<script>alert(1)</script>", "“<b>”")]
    page = questions_body(FR, plain(-0.01), sly, ["policy"], str)
    assert "<script" not in page
    assert "<b>" not in page
    assert HELD.indicator == "stock"


def test_lines_break_at_spaces_and_french_spaces_hold() -> None:
    """No word is cut; a colon never begins a line."""
    assert wrapped("un deux trois", 50, 14) == ["un deux", "trois"]
    assert fine("la file : « dossiers » ?", "fr") == "la file\u00a0: «\u00a0dossiers\u00a0»\u00a0?"
    assert fine("the queue: files?", "en") == "the queue: files?"


def test_what_a_policy_changes_is_told_line_by_line() -> None:
    """The 700 posts are four changes; a scenario that is not shipped has none to tell."""
    assert len(changes_in_words("fill_vacant_posts", "fr")) == 4
    assert "1 020 → 1 109" in changes_in_words("fill_vacant_posts", "fr")[0].replace("\u202f", " ").replace("\u00a0", " ")
    assert changes_in_words("no_such_policy", "fr") == []
