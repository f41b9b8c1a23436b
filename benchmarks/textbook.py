"""The model written as textbooks do it: a SimPy process for each person, who queues at ``Resource`` objects.

What it leaves out is switched off by :data:`REDUCED`, a scenario like any other, so that the engine lives the same small
world: no boards, returns, transfers, withdrawals, appeals, reductions nor further sentences, hours of counsellors that never
run out. What is left is the core: a committal, remand, a counsellor whose caseload is held until the cell is left, a file, a
docket whose sittings hear so many requests, a decision, a place for the measure, and the end of the sentence, which closes
all of it.

Everything else is the engine's own: the scenario's values (read off the tables of :class:`World`), the cohorts, each
person's luck (``draws``), and the law (``first_day``). Each thing happens at the moment of the day that decision 0002 gives it:
by kind, then by identifier. So the two forms agree person by person, and day by day.
"""

from __future__ import annotations

from math import ceil, exp, log
from typing import TYPE_CHECKING, Any, NamedTuple

import simpy

from sim.dates import add_months, first_of_next_month
from sim.institutions.parameters import read_parameters
from sim.institutions.placements import pool_number
from sim.institutions.prisons import home_shares
from sim.institutions.state import lognormal_at
from sim.institutions.world import World
from sim.law.calendar import released_on
from sim.law.reckoning import first_day
from sim.law.statutes import Statutes
from sim.population.attributes import STREAMS, Stream
from sim.population.entrants import Entrants
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Records
from sim.scenario import Scenario, read_scenario
from sim.simulation.run import codebook, geography

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.population.entrants import Cohort

    Life = Generator[simpy.Event, Any, Any]

_NOBODY = dict.fromkeys(("homicide", "sexual", "violence", "drugs"), 0.0)

REDUCED: dict[str, Any] = {
    "flows.committals.ab_initio": 0.0,
    "flows.committals.free_convict": 0.0,
    "flows.returns.prison_share": 0.0,
    "flows.returns.expected_per_year": [0.0] * 15,
    "population.person.minor": 0.0,
    "stock.remand": 0.0,
    "stock.serving": 0.0,
    "stock.free_convicts": 0.0,
    "stock.measures.SL": 0.0,
    "stock.measures.PE": 0.0,
    "stock.measures.DDSE": 0.0,
    "means.probation_service.week_hours": 1e4,
    "means.probation_service.report_hours": 0.0,
    "means.probation_service.turnover": 0.0,
    "means.enforcement_courts.panel_slots": 0.0,
    "means.placements.fittings_a_week": 1e6,
    "means.open_setting.survey_power": 0.0,
    **{f"population.long_sentences.{name}": _NOBODY for name in ("life", "listed", "ssj_incurred", "surety")},
    "population.on_officials": {"violence": 0.0, "homicide": 0.0},
    "population.further.per_year": dict.fromkeys(STREAMS, 0.0),
    "practices.remission.share": 0.0,
    "practices.remission.work_gain": 0.0,
    "practices.remission.spread": 0.0,
    "practices.files.asked_housed": {"DDSE": 0.73, "SL": 0.07, "LC": 0.17, "PE": 0.03},
    "practices.files.asked_unhoused": {"DDSE": 0.73, "SL": 0.07, "LC": 0.17, "PE": 0.03},
    "practices.files.long_release_share": 0.0,
    "practices.files.pressed_days": 0.0,
    "practices.leave.asking_share": 0.0,
    "practices.leave.with_file_share": 0.0,
    "practices.early_release.reduction_a_week": 0.0,
    "practices.early_release.home_a_week": 0.0,
    "practices.hearings.suspensive_appeal_share": 0.0,
    "practices.hearings.referral_share": 0.0,
    "practices.hearings.adjourned_share": 0.0,
    "practices.hearings.season": [1.0] * 12,
    "practices.hearings.decision": {"level": -0.4, "months": 0.3, "score": 0.2}
    | dict.fromkeys(("housing", "occupation", "care", "seen", "removal", "felony", "requisition"), 0.0),
    "practices.hearings.court_spread": 0.0,
    "practices.hearings.extraction_cancelled_share": 0.0,
    "practices.hearings.groups": dict.fromkeys(
        ("property", "violence", "drugs", "sexual", "road", "homicide", "other", "foreign", "female", "under_25"), 0.0
    ),
    "practices.contact.most_interviews": 0.0,
    "practices.remission.credit_withdrawn": 0.0,
    "practices.remission.foreseen": 0.0,
    "practices.measures.after_probation": 0.0,
    "practices.boards.examined_with_counsellor": 0.0,
    "practices.boards.examined_without_counsellor": 0.0,
    "practices.boards.examined_ahead_days": 0.0,
    "practices.boards.requests_decided_share": 0.0,
    "practices.boards.same_standard": 0.0,
    "practices.hearings.two_thirds_bonus": 0.0,
    "practices.placements.external_agreed_share": 1.0,
    "practices.measures.withdrawn": dict.fromkeys(("DDSE", "SL", "PE", "LC"), 0.0),
    "practices.measures.probation_share": 0.0,
    "practices.allocation.transfers_per_week": 0.0,
}
"""What the textbook's form leaves out, as a scenario says it."""

END, TRIAL, EFFECT, FILE, LODGE, LIST, PLAN, SITTING, COMMITTAL = range(9)
"""What happens to people in a day, in the order of decision 0002."""
_WEEK = 7
_DAYS_PER_MONTH = 365.25 / 12


def reduced(fraction: float, *, start: str = "2026-01-01", end: str = "2029-12-31") -> Scenario:
    """Return the small world both forms can live: after the reforms, so that no date is reckoned again."""
    text = f"""extends: baseline.yaml
title: {{fr: Petit monde du manuel, en: The textbook's small world}}
question: {{fr: mesure, en: a measurement}}
start: {start}
measure_from: {start}
end: {end}
sampling_fraction: {fraction}
"""
    return read_scenario(text, name="reduced", overrides=REDUCED)


class Exit(NamedTuple):
    """Somebody leaves a cell: what the engine's table of exits says of them."""

    person: int
    day: int
    regime: int
    """Position of the regime, -1 if dry."""
    assigned_day: int
    opened_day: int
    requested_day: int
    heard_day: int


class Decision(NamedTuple):
    """A request is decided."""

    person: int
    day: int
    adjustment: int
    granted: bool


class Person:
    """One individual: what the law reads, and what has been done so far."""

    terrorism = life = mobile_tag = ssj_incurred = listed_felony = False
    surety_end_day = probation_from_day = -1

    def __init__(self, number: int, day: int, **drawn: Any) -> None:
        self.id, self.committed_day = number, day
        self.__dict__.update(drawn)
        self.assigned_day = self.opened_day = self.requested_day = self.heard_day = -1
        self.end_day, self.hearings = 1 << 20, 0
        self.counsellor: Any = None


class Prison:
    """The small world: what is scarce, and the processes of those who want it."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        places = geography()
        self.draws = Draws(seed, replication)
        host = World(scenario, self.draws, Records(codebook(places)), places, sampled_returns(scenario))
        self.state = host.state
        self.parameters = read_parameters(scenario, scenario.start_day, host.adjustments, host.regimes)
        self.law = Statutes.load().amended(scenario.amendments).at(scenario.start_day)
        self.entrants = Entrants(scenario, self.draws, home_shares(places))
        self.hearings = [int(code) for code in self.state.hearing_codes]
        self.site_of = [int(quarter.site) for quarter in self.state.quarters]
        self.start, self.end = scenario.start_day, scenario.end_day + 1
        self.env = simpy.Environment()
        self.counsellors = [self.places(int(office.capacity)) for office in self.state.offices]
        self.pools = [self.places(int(pool.places)) for pool in self.state.pools]
        self.dockets = [simpy.Container(self.env) for _ in self.state.offices]
        self.exits: list[Exit] = []
        self.decisions: list[Decision] = []
        for site, docket in enumerate(self.dockets):
            self.env.process(self.sittings(self.state.courts[site], docket))
        self.env.process(self.committals())

    def run(self) -> None:
        """Live every day."""
        self.env.run(until=self.end - self.start)

    def events(self) -> int:
        """Events SimPy has been given so far."""
        return int(next(self.env._eid))  # noqa: SLF001 (SimPy counts them, and does not say)

    def places(self, number: int) -> simpy.Resource:
        """So many places, first come first served; SimPy has no resource of none, so that one place is taken for good."""
        found = simpy.Resource(self.env, max(1, number))
        if not number:
            found.request()
        return found

    def form(self, adjustment: int) -> int:
        """Regime an adjustment takes the form of."""
        return int(self.state.adjustments[adjustment].first_regime)

    def draw(self, decision: str, person: Person) -> float:
        """Luck of a person at a decision point, for the request under way."""
        return self.draws.of(decision, person.luck, person.hearings)

    # ---- who acts ----------------------------------------------------------------------------------------------------

    def committals(self) -> Life:
        """Each month's cohort; each person is a process."""
        day = self.start
        while day < self.end:
            yield self.wait(day - self.start)
            for person in people_of(self.entrants.month(day)):
                self.env.process(self.life(person))
            day = first_of_next_month(day)

    def sittings(self, court: Any, docket: simpy.Container) -> Life:
        """Sittings of a court: so many hearings, those nobody is ready for are lost."""
        interval, slots = int(court.interval), float(court.per_day * court.interval)
        day, credit = self.start + int(court.board_offset % interval), 0.0
        while day < self.end:
            yield self.wait(self.moment(day, SITTING, 0))
            credit += slots
            number = int(credit)
            credit -= number
            if number:
                yield docket.put(number)
                if docket.level:
                    yield docket.get(docket.level)
            day += interval

    def life(self, person: Person) -> Life:
        """A stay: a measure, if one comes before the end of the sentence."""
        yield self.wait(self.moment(person.committed_day, COMMITTAL, person.id))
        site = person.site = self.site_of[person.home_quarter]
        with self.counsellors[site].request() as person.counsellor:
            if person.remand_days:
                yield self.wait(self.moment(person.committed_day + person.remand_days, TRIAL, person.id))
            end = add_months(person.committed_day, person.total_months)
            if not person.convicted or end <= self.today():
                self.leave(person, -1)
                return
            self.convict(person, end)
            regime = (yield from self.ask(person)) if person.consents else -1
            pool = pool_number(self.state, regime, person.home_quarter) if regime >= 0 else -1
            place = self.pools[pool].request() if pool >= 0 else None
            if place is not None and not (yield from self.served(person, place)):
                place.cancel()
                regime, place = -1, None
            if regime < 0:
                yield self.wait(self.over(person))
            self.leave(person, regime)
        if regime >= 0:
            yield self.wait(self.over(person))
        if place is not None:
            place.resource.release(place)

    def ask(self, person: Person) -> Life:
        """Ask for adjustments, one after the other, until one is granted and worth beginning; its regime, or -1."""
        parameters = self.parameters
        opens = min(first_day(code, person, self.law) for code in self.hearings)
        if opens >= person.end_day or not (yield from self.comes(person, opens - parameters["files"]["lead_days"], FILE)):
            return -1
        while person.end_day - self.today() >= parameters["files"]["shortest_remaining_days"]:
            if not ((yield from self.prepare(person)) and (yield from self.be_heard(person))):
                return -1
            if self.is_granted(person):
                in_time = yield from self.comes(person, person.effect_day, EFFECT)
                regime = self.form(person.asked)
                worth = parameters["placements"]["shortest_measure_days"][regime]
                return regime if in_time and person.end_day - self.today() >= worth else -1
            barred = min(
                self.today() + parameters["hearings"]["bar_days"],
                add_months(self.today(), self.law.procedure.bar_hearing_months),
            )
            if person.end_day - barred < parameters["files"]["shortest_remaining_days"]:
                return -1
            if not (yield from self.comes(person, max(barred, self.today() + 1), FILE)):
                return -1
        return -1

    def prepare(self, person: Person) -> Life:
        """Wait for a counsellor, who prepares the file, so many hours a week, and lodges the request; whether in time."""
        parameters = self.parameters
        if not ((yield from self.served(person, person.counsellor)) and (yield from self.reaches(person, self.met(person)))):
            return False
        if person.end_day - self.today() < parameters["files"]["shortest_remaining_days"]:
            return False
        person.asked = self.choose(person)
        if person.asked < 0:
            return False
        person.opened_day = self.today()
        weeks = ceil(
            lognormal_at(parameters["files"]["hours"][person.asked], self.draw("file.hours", person))
            / parameters["files"]["most_hours_a_week"]
        )
        answered = self.today() + int(
            lognormal_at(parameters["files"]["external_days"][person.asked], self.draw("file.external", person))
        )
        if not (yield from self.reaches(person, self.plan(person.site, self.env.now) + _WEEK * (weeks - 1))):
            return False
        near = first_day(person.asked, person, self.law) - parameters["files"]["lodged_ahead_days"]
        if not (yield from self.comes(person, max(self.today() + 1, answered, near), LODGE)):
            return False
        person.requested_day = self.today()
        return True

    def be_heard(self, person: Person) -> Life:
        """Wait for the instruction, the notice and a sitting; whether they came in time."""
        days = 1 + int(lognormal_at(self.parameters["hearings"]["instruction"], self.draw("hearing.instruction", person)))
        if not (yield from self.comes(person, self.today() + days + self.law.procedure.notice_days, LIST)):
            return False
        hearing = self.dockets[person.site].get(1)
        if (yield from self.served(person, hearing)):
            return True
        hearing.cancel()
        return False

    # ---- what they decide ----------------------------------------------------------------------------------------------

    def choose(self, person: Person) -> int:
        """Adjustment a person asks for: drawn by weight among those the law opens soon enough, -1 if none."""
        parameters = self.parameters
        latest = self.today() + min(person.end_day - self.today(), parameters["files"]["lead_days"] + 4 * _WEEK)
        luck, weights, codes = self.draw("file.asked", person), parameters["files"]["asked_housed"], list(self.hearings)
        while codes:
            edge, chosen = luck * sum(weights[code] for code in codes), codes[-1]
            for code in codes:
                edge -= weights[code]
                if edge < 0:
                    chosen = code
                    break
            if first_day(chosen, person, self.law) < latest:
                return chosen
            codes.remove(chosen)
        return -1

    def is_granted(self, person: Person) -> bool:
        """Decide on a request; date the measure if it is granted."""
        parameters, today = self.parameters, self.today()
        weights = parameters["hearings"]["decision"]
        months = max(0.5, (person.end_day - today) / _DAYS_PER_MONTH)
        logit = weights["level"] + weights["months"] * log(months) - weights["score"] * person.score
        opens = first_day(person.asked, person, self.law)
        granted = opens < person.end_day and self.draw("hearing.grant", person) < 1.0 / (1.0 + exp(-logit))
        fitting = int(parameters["placements"]["fitting_days"][self.form(person.asked)])
        person.effect_day = max(today + parameters["hearings"]["deliberation_days"] + 1, opens) + fitting
        person.heard_day = today
        person.hearings += 1
        self.decisions.append(Decision(person.id, today, person.asked, granted))
        return granted

    def convict(self, person: Person, end: int) -> None:
        """Date the sentence: it began with the committal."""
        person.sentenced_day, person.start_day, person.end_day = self.today(), person.committed_day, end
        person.total_days = end - person.start_day

    def leave(self, person: Person, regime: int) -> None:
        """Leave the cell: dry (0), or for a measure."""
        assigned = person.counsellor.triggered and self.met(person) <= self.env.now
        self.exits.append(
            Exit(
                person.id,
                self.today(),
                regime,
                self.start + int(self.met(person)) if assigned else -1,
                person.opened_day,
                person.requested_day,
                person.heard_day,
            )
        )

    # ---- time --------------------------------------------------------------------------------------------------------

    def today(self) -> int:
        """Day it is."""
        return self.start + int(self.env.now)

    def moment(self, day: int, kind: int, number: int) -> float:
        """When a thing of a kind happens to a person on a day: exact in binary, as ``number`` is below 2 to the 30."""
        return day - self.start + kind / 16 + number / 2**34

    def wait(self, moment: float) -> simpy.Timeout:
        """Wait for a moment."""
        return self.env.timeout(moment - self.env.now)

    def over(self, person: Person) -> float:
        """When the sentence ends."""
        return self.moment(released_on(person.end_day), END, person.id)

    def reaches(self, person: Person, moment: float) -> Life:
        """Wait for a moment, or for the end of the sentence; whether the moment came first. A past one is no wait."""
        if moment > self.env.now:
            yield self.wait(min(moment, self.over(person)))
        return moment < self.over(person)

    def comes(self, person: Person, day: int, kind: int) -> Life:
        """Wait for what happens on a day, or for the end of the sentence; whether it came first."""
        return (yield from self.reaches(person, self.moment(day, kind, person.id)))

    def served(self, person: Person, asked: Any) -> Life:
        """Wait to be served, or for the end of the sentence; whether one was served."""
        if not asked.triggered:
            yield asked | self.wait(self.over(person))
        return asked.triggered

    def plan(self, site: int, moment: float) -> float:
        """Next weekly plan of an establishment from a moment on."""
        first = site % _WEEK + PLAN / 16
        return first + _WEEK * max(0, ceil((moment - first) / _WEEK))

    def met(self, person: Person) -> float:
        """When the counsellor who has room takes the person: at a weekly plan, once the arrival unit is over."""
        unit_over = person.committed_day - self.start + self.parameters["probation_service"]["arrival_days"]
        return self.plan(person.site, max(person.counsellor.usage_since, unit_over))


def people_of(cohort: Cohort) -> list[Person]:
    """Persons of a cohort."""
    columns = {name: column.tolist() for name, column in cohort.drawn.items()}
    found = []
    for row, (number, day, stream) in enumerate(
        zip(*(c.tolist() for c in (cohort.ids, cohort.days, cohort.stream)), strict=True)
    ):
        person = Person(number, day, **{name: column[row] for name, column in columns.items()})
        if stream == Stream.SENTENCED:
            person.remand_days, person.convicted = 0, True
        found.append(person)
    return found
