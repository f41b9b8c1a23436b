"""The probation service outside prisons (*SPIP, milieu ouvert*): how many people each of its counsellors follows.

By interregion: people the model has on a measure outside or on conditional release, and a background of everybody else who is
followed in the open setting (suspended sentences with probation, work orders, judicial control), over the counsellors in post.
The load is counted once a month. Overload makes surveys of the home (*enquêtes de faisabilité*) and first appointments wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.compile import entry
from sim.institutions.state import parameters_of_region
from sim.records.codes import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.compile import Code, Count
    from sim.institutions.parameters import MeansOfDay
    from sim.institutions.state import State
    from sim.population.person import Person


class CommunityTeam:
    """The open setting of one interregion."""

    place: Code
    """What holds there (:func:`~sim.institutions.state.parameters_in`)."""
    open_posts: float
    """Counsellors in post who hold cases."""
    background: float
    """People followed who are not in the model."""
    followed: Count
    """People of the model followed."""
    on_probation: Count
    """People on probation without a committal, more than without the changes of the scenario; below 0, fewer."""
    load: float
    """People for one counsellor."""


def provide_community_teams(state: State, means_of_region: Sequence[MeansOfDay], shares: Sequence[float]) -> None:
    """Set posts and background of each interregion from national ones, as they stand there, by its share of the people held.

    People followed stay as the month counted them: a day on which a text is replaced is not one on which people are counted.
    """
    fraction = state.nation.fraction
    for region, share in enumerate(shares):
        team, means = state.community_teams[region], means_of_region[region]
        team.open_posts = means.posts_outside * share * fraction
        team.background = means.background * share * fraction
        set_load(team)


def set_load(team: CommunityTeam) -> None:
    """Divide the people followed by those who follow them."""
    posts = team.open_posts
    people = max(0.0, team.background + team.followed + team.on_probation)
    team.load = people / posts if posts > 0 else 0.0


@entry(on_tables=True)
def count_followed(state: State) -> None:
    """Count the people on a measure outside and on conditional release, by interregion of home, and the load they make."""
    for team in state.community_teams:
        team.followed = 0
    for person in state.people:
        if person.id >= 0 and (person.status == Status.MEASURE_OUTSIDE or person.status == Status.CONDITIONAL_RELEASE):
            state.community_teams[state.quarters[person.home_quarter].region].followed += 1
    for team in state.community_teams:
        set_load(team)


def survey_factor(person: Person, state: State) -> float:
    """How much longer than usual a survey takes where the person lives: (load ÷ usual load) to a power."""
    region = state.quarters[person.home_quarter].region
    open_setting = parameters_of_region(state, region).open_setting
    load = state.community_teams[region].load
    if open_setting.survey_power <= 0 or load <= 0:
        return 1.0
    return float((load / open_setting.usual_load) ** open_setting.survey_power)
