"""The penal system of one run: the clock of SimPy, the dated world it lives in, and the tables its steps work on.

:class:`World` is what processes hold. What changes with a person is in :attr:`World.state`, plain tables that
compiled code knows; here is what only Python needs: the scenario, the statutes, the records, and putting into force what
holds on a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim.dates import month_of_year
from sim.engine.compile import PLAIN, entry_point
from sim.institutions.community_supervision import count_followed, provide_community_teams
from sim.institutions.density import jobs_on, set_density, usual_density
from sim.institutions.enforcement_court import BOARD_PERIOD, sitting_interval
from sim.institutions.first_tables import MOST_ROWS, first_tables
from sim.institutions.growth import ROW_BYTES, grow_agenda, grow_open_files, grow_people, pages_wanted
from sim.institutions.lodging import LOTS, search_gained
from sim.institutions.month_of_free_convicts import MonthOfFreeConvicts
from sim.institutions.parameters import as_record, read_means, read_parameters
from sim.institutions.parameters_of_detention import CARE, WORK
from sim.institutions.placements import POOLS, PlaceKind
from sim.institutions.prisons import KINDS, places_on
from sim.institutions.probation_ledger import ProbationLedger
from sim.institutions.state import TABLES, State
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.law.record import law_dtype, law_records
from sim.law.statutes import Statutes
from sim.population.person import ATTRIBUTES, PERSON, blank
from sim.scenario.boards import NO_LIMIT
from sim.scenario.locally import PlacesNamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sim.institutions.parameters import MeansOfDay
    from sim.institutions.prisons import Geography
    from sim.law.adjustments import Adjustment, Regime
    from sim.law.statutes import StatutesInForce
    from sim.randomness import Draws
    from sim.records.tables import Records
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]

_DATING = ("foreigners", "long_sentences", "remission", "sentence", "surety")
"""Notions of the law that date something in a sentence, besides those of the adjustments."""
_FIRST_SLOTS = 1 << 12
_FIRST_PAGES = 1 << 12


class World:
    """What every process receives."""

    def __init__(
        self,
        scenario: Scenario,
        draws: Draws,
        records: Records,
        geography: Geography,
        reconviction: Mapping[str, Any],
    ) -> None:
        self.scenario = scenario
        self.draws = draws
        self.records = records
        self.geography = geography
        self.fraction = scenario.sampling_fraction
        self.start_day = scenario.start_day
        self.end_day = scenario.end_day + 1
        """Day after the last one simulated."""
        self.env = simpy.Environment(initial_time=self.start_day)
        self.adjustments: tuple[Adjustment, ...] = ADJUSTMENTS
        self.regimes: tuple[Regime, ...] = regimes_of(ADJUSTMENTS)
        self.regime_code = {regime.code: index for index, regime in enumerate(self.regimes)}
        self.site_share = geography.site_shares()
        self._usual_density = usual_density(geography)
        self._base = np.array([quarter.base_detainees * self.fraction for quarter in geography.quarters])
        """People of this sample in each quarter on the base date."""
        self.pool_change = [0] * (self.end_day - self.start_day + 1)
        """Change of the number of free convicts awaiting the judge, by day of the run."""
        self.free_convicts = MonthOfFreeConvicts()
        self.probation = ProbationLedger(self.start_day, self.end_day, len(geography.interregions))
        self.usual_statutes = Statutes.load()
        """The dated law without the changes of the scenario."""
        self.extra_free_slots = 0.0
        """Hearings a year of free convicts by extra judges, whole country; below 0 with fewer judges."""
        self.beyond_slots = 0
        """Hearings held in prisons beyond the slots in the month before, of this sample."""
        self._statutes = Statutes.load().amended(scenario.amendments)
        self._law_type = law_dtype(self._statutes)
        self.dating_notions = tuple(dict.fromkeys((*(a.notion for a in self.adjustments), *_DATING)))
        """Notions of the law that date something in a sentence: a change of any other needs no reckoning."""
        self._entries: dict[Callable[..., Any], tuple[State, Callable[..., Any]]] = {}
        """Machine code of what Python calls, and the tables whose types it was made for."""
        self._blank = np.frombuffer(blank().tobytes(), dtype=ROW_BYTES)[0]
        self._states = [self._statutes.at(self.start_day)]
        self._state, totals = first_tables(self, self._as_table(self._states), reconviction)
        self._day, self._pool = totals["day"], totals["pool"]
        self._replace(**grow_people(self._state, _FIRST_SLOTS, self._blank))
        self._replace(**grow_agenda(self._state, _FIRST_PAGES))
        self._tell_places_apart()
        self.apply_parameters()

    @property
    def state(self) -> State:
        """Tables and records of the run: to be asked again after anything that may have replaced one."""
        return self._state

    def _replace(self, **tables: Any) -> None:
        self._state = self._state._replace(**tables).with_addresses()

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function, compiled, on the tables of the run; the arguments are of the same types at every call."""
        known = self._entries.get(function)
        if known is None or known[0] is not self._state:  # tables were replaced: their types are looked at again
            known = self._entries[function] = (self._state, entry_point(function, self._state, *arguments))
        return known[1](self._state, *arguments)

    # ---- what holds on a day ------------------------------------------------------------------------------------------

    @property
    def day(self) -> int:
        """Today."""
        return int(self._day[0])

    @day.setter
    def day(self, day: int) -> None:
        """Begin a day."""
        self._day[0] = day  # a column: Python writes to it faster than to a record

    def count_in_pool(self, people: int) -> None:
        """Count free convicts who begin or end their wait for the judge."""
        self._pool[0] += people

    def survey_load(self) -> float:
        """How much longer than usual the open setting takes, over the country: (load ÷ usual load) to a power."""
        power = self.state.parameters.open_setting.survey_power
        return float(self.open_setting_load() ** power) if power > 0 else 1.0

    def open_setting_load(self) -> float:
        """Load of the open setting over the usual one, in the whole country; 1 without anybody in post."""
        teams: Any = self.state.community_teams
        # By columns: an attribute of a row takes NumPy 3 µs, and this is asked 400 times a run. Added one by one, row by row.
        posts = sum(teams["open_posts"])
        people = sum(teams["background"] + teams["followed"] + teams["on_probation"])
        return float(max(0.0, people) / posts / self.state.parameters.open_setting.usual_load) if posts > 0 else 1.0

    @property
    def statutes(self) -> Statutes:
        """The whole dated law of this run, the scenario's changes included."""
        return self._statutes

    def switch_scenario(self, scenario: Scenario) -> None:
        """Take over a scenario that says the same about every day so far; what differs comes on its day."""
        self.scenario = scenario
        self._statutes = Statutes.load().amended(scenario.amendments)
        self._put_laws()
        self._tell_places_apart()

    def _tell_places_apart(self) -> None:
        """Number the sets of places that the scenario's changes tell apart (0: the country), and say which each of them is."""
        named = PlacesNamed(self.geography, self.scenario.places_named())
        sets = named.sets()
        number = {each: position for position, each in enumerate(sets)}
        self._local = [self.scenario.at(each) for each in sets]
        self._of_site = [number[each] for each in named.sites]
        self._of_region = [number[each] for each in named.regions]
        state = self.state
        quarters, offices, courts, teams = _columns(state)
        quarters.place[:] = [number[each] for each in named.quarters]
        offices.place[:] = self._of_site
        courts.place[:] = [*self._of_site, *self._of_region]
        teams.place[:] = self._of_region
        first: Any = state.local
        if len(first) != len(sets):
            table: Any = np.repeat(first[:1], len(sets)).view(np.recarray)
            self._replace(parameters=table[0], local=table)

    def apply_parameters(self) -> bool:
        """Put today's law, practices and means in place; say whether a rule that dates something changed."""
        day, state = self.day, self.state
        before = self._dating_rules()
        self._put_laws()
        nation: Any = state.nation
        nation.search_extra, nation.search_since_day = search_gained(state), day
        everywhere: Any = state.local
        for row, scenario in zip(everywhere, self._local, strict=True):
            fresh: Any = as_record(read_parameters(scenario, day, self.adjustments, self.regimes))
            for name in everywhere.dtype.names:
                row[name] = fresh[name]
        local = [read_means(scenario, day) for scenario in self._local]
        self._open_places(local)
        self._provide_placements(local)
        self._provide_lodging(local)
        self._open_jobs()
        self._care_slots = np.array([local[place].care_slots for place in self._of_site])
        self._open_care()
        self._staff_sites(local)
        for court, share, place in zip(
            state.courts[len(self.site_share) :], self.geography.region_shares(long=True), self._of_region, strict=True
        ):
            _open_court(court, local[place].panel_slots * share, self.fraction)
        courts: Any = state.courts
        courts.notice[:] = self._states[-1].procedure.notice_days
        provide_community_teams(state, [local[place] for place in self._of_region], self._regional_shares())
        self._grow_open_files()
        self._take_leave()
        return before != self._dating_rules()

    def _staff_sites(self, local: list[MeansOfDay]) -> None:
        """Give each establishment its part of the counsellors and of the judges' time, as they stand there."""
        state = self.state
        places, day = self.geography, self.day
        own_posts, own_slots = places.given("posts", day), places.given("hearing_slots", day)
        quarters = places.site_shares(local[0].slots_by_kind, day, own_slots)
        posts = places.site_shares(local[0].posts_by_kind, day, own_posts)
        support = places.site_shares(local[0].posts_by_kind, day) if own_posts else posts
        for site, share in enumerate(places.site_shares(day=day)):
            means = local[self._of_site[site]]
            office, court = state.offices[site], state.courts[site]
            office.posts = own_posts.get(site, means.posts * posts[site]) * self.fraction
            office.share = support[site] * self.fraction
            office.capacity = int(office.posts * means.caseload_limit)
            _open_court(court, own_slots.get(site, means.hearing_slots * quarters[site]), self.fraction)
            boards = means.board_slots
            court.board_room = boards if boards >= NO_LIMIT else boards * share * self.fraction * BOARD_PERIOD / 365.25
        self.extra_free_slots = local[0].extra_free_slots
        for site, place in enumerate(self._of_site):
            if local[place].extra_free_slots != local[0].extra_free_slots:  # extra judges of one place see its free convicts
                self.extra_free_slots += (local[place].extra_free_slots - local[0].extra_free_slots) * quarters[site]

    def open_month(self) -> None:
        """Set what depends on the month: judges take their leave, the open setting counts the people it follows."""
        teams: Any = self.state.community_teams
        teams.on_probation[:] = self.probation.more(self.day)
        # Compiled: column by column, NumPy would read every person three times.
        self.call(count_followed)
        self._take_leave()
        set_density(self.state, self._usual_density)
        everywhere: Any = self.state.local
        if everywhere.density.takes[:, WORK].any():
            self._open_jobs()
        if everywhere.density.takes[:, CARE].any():
            self._open_care()

    def _take_leave(self) -> None:
        """Let judges sit as much as they do in this month of the year."""
        season = [float(weight) for weight in self.state.parameters.hearings.season]
        mean = sum(season) / len(season)
        self.state.nation.season = season[month_of_year(self.day) - 1] / mean if mean else 1.0

    def _classes(self) -> list[int]:
        """First committal of each class of people the law tells apart today."""
        days = {a.on_day for a in self.scenario.amendments if a.applies_to == "new_committals" and a.on_day <= self.day}
        return [-(2**31), *sorted(days)]

    def _put_laws(self) -> None:
        classes = self._classes()
        states = [self._statutes.at(self.day, first) for first in classes]
        self._states = states
        self._replace(laws=self._as_table(states), law_from=np.array(classes, dtype=np.int64))

    def _as_table(self, states: list[StatutesInForce]) -> Any:
        """States of the law as compiled code reads them: records, numbers for words; as they are for the plain engine."""
        records = law_records(states, self._law_type)
        return states if PLAIN else records

    def _dating_rules(self) -> list[list[Mapping[str, Any]]]:
        return [[vars(getattr(state, notion)) for notion in self.dating_notions] for state in self._states]

    def _open_places(self, local: list[MeansOfDay]) -> None:
        added = [{KINDS.index(kind): places for kind, places in means.extra_places.items() if places} for means in local]
        quarters: Any = self.state.quarters
        places = quarters.place.tolist()
        capacity = places_on(
            self.geography, self.day, added[0], self.fraction, {q: added[place] for q, place in enumerate(places) if place}
        )
        quarters.capacity[:] = capacity
        quarters.closing[:] = [quarter.closed_on(self.day) for quarter in self.geography.quarters]
        opened = any(quarter.opened and quarter.places_on(self.day) for quarter in self.geography.quarters)
        self.state.nation.moved = opened or bool(quarters.closing.any())
        quarters.limit[:] = [
            int(c * local[p].fill[k]) for c, k, p in zip(capacity.tolist(), quarters.kind.tolist(), places, strict=True)
        ]

    def _provide_placements(self, local: list[MeansOfDay]) -> None:
        """Set the places of every kind (:data:`~sim.institutions.placements.POOLS`), by interregion or nationally.

        Those of an interregion follow the population held on the base date: no register of conventions is published. Those of
        the quarters made for them are added where they are.
        """
        quarters: Any = self.state.quarters
        pools: Any = self.state.pools
        regions = len(self.geography.interregions)
        for number, kind in enumerate(POOLS):
            if kind.regional:
                shared = self._shares(_hosts(local[0], number), [_hosts(local[place], number) for place in self._of_region])
            else:
                shared = [round(local[0].places[number] * self.fraction)]
            if kind.quarters is not None:
                own = quarters.kind == kind.quarters
                shared = [int(quarters.limit[own & (quarters.region == r)].sum()) + shared[r] for r in range(regions)]
            pools.places[pools.kind == kind.kind] = shared

    def _open_jobs(self) -> None:
        """Set the jobs of each quarter: a share of the people held there on the base date, less what density takes."""
        quarters: Any = self.state.quarters
        here: Any = self.state.local[quarters.place]
        share = here.establishments.occupation[np.arange(len(quarters)), quarters.kind]
        workshops: Any = self.state.workshops
        workshops.jobs[:] = jobs_on(self.state, self._base, share, here.density.takes[:, WORK])

    def _open_care(self) -> None:
        """Set how many people each establishment can treat, by the people held on the base date, less what density takes."""
        offices: Any = self.state.offices
        everywhere: Any = self.state.local
        left = np.clip(1.0 - everywhere.density.takes[offices.place, CARE] * offices.crowding, 0.0, 2.0)
        exact = self._care_slots * self.fraction * np.asarray(self.site_share) * left
        care_units: Any = self.state.care_units
        care_units.slots[:] = np.diff(np.rint(np.cumsum(exact)), prepend=0.0)

    def _provide_lodging(self, local: list[MeansOfDay]) -> None:
        """Set the places to live in of each interregion, by the population held; on the first day others have all of them."""
        lodgings: Any = self.state.lodgings
        lodgings.places[::LOTS] = self._shares(
            local[0].lodging_places, [local[place].lodging_places for place in self._of_region]
        )
        lodgings.places[1::LOTS] = self._shares(
            local[0].lodging_reserved, [local[place].lodging_reserved for place in self._of_region]
        )
        if self.day <= self.start_day:
            lodgings.rivals[::LOTS] = lodgings.places[::LOTS]

    def _regional_shares(self) -> list[float]:
        """Share of each interregion in the people held on the base date."""
        return self.geography.region_shares()

    def _shares(self, everywhere: float, places: list[float]) -> list[int]:
        """Share national places between interregions by the population held there, rounded in cumulation.

        Where they are others than elsewhere, the difference is added: a place more in one interregion moves none in another.
        """
        exact, given = 0.0, 0
        shares = []
        for there, share in zip(places, self._regional_shares(), strict=True):
            exact += everywhere * self.fraction * share
            shares.append(round(exact) - given + round((there - everywhere) * self.fraction * share))
            given = round(exact)
        return shares

    # ---- people -------------------------------------------------------------------------------------------------------

    def allocate(self, ids: Ints, stream: Ints, drawn: Mapping[str, NDArray[Any]]) -> Ints:
        """Give a slot to each of some people who were drawn as columns: slots, shape of ``ids``."""
        number = len(ids)
        if not number:
            return np.zeros(0, dtype=np.int64)
        self.ensure_capacity(number)
        nation: Any = self.state.nation
        free: Any = self.state.free
        slots = free[nation.free_slots - number : nation.free_slots][::-1].astype(np.int64)
        nation.free_slots -= number
        people: Any = self.state.people
        rows = self._blanks(number)
        rows["slot"], rows["id"], rows["stream"] = slots, ids, stream
        for name in ATTRIBUTES:
            rows[name] = drawn[name]
        people.view(ROW_BYTES)[slots] = rows.view(ROW_BYTES)
        return np.asarray(slots)

    def ensure_capacity(self, people: int = 0) -> None:
        """Make sure there are slots for so many more people, pages for everybody's next steps, and rows for open files."""
        missing = people - int(self.state.nation.free_slots)
        if missing > 0:
            # By an eighth: rows that nobody needs are memory.
            self._replace(**grow_people(self.state, max(missing, len(self.state.people) // 8), self._blank))
        wanted = pages_wanted(self.state)
        if self.state.nation.pages_left < wanted:
            self._replace(**grow_agenda(self.state, max(wanted, len(self.state.pages))))
        self._grow_open_files()

    def _grow_open_files(self) -> None:
        """Make room for every file counsellors may hold."""
        grown = grow_open_files(self.state)
        if grown:
            self._replace(**grown)

    def _blanks(self, number: int) -> NDArray[Any]:
        """Rows for people about whom nothing has happened yet, as bytes: 0.1 ms for a month, 2.6 field by field."""
        return np.full(number, self._blank, dtype=ROW_BYTES).view(PERSON)

    # ---- records ------------------------------------------------------------------------------------------------------

    def collect(self, *, all_rows: bool = False) -> None:
        """Take the rows written so far to the records: when a table is half full, or all of them."""
        written = self.state.written
        if not all_rows and written.max() < MOST_ROWS // 2:
            return
        for table, name in enumerate(TABLES):
            rows = int(written[table])
            self.records.tables[name].rows += getattr(self.state, name)[:rows].view(np.uint8).data
            self.records.tables[name].pack()
            written[table] = 0


def _hosts(means: MeansOfDay, number: int) -> float:
    """Places of a kind declared; those outside are as many as the days paid for at the most."""
    there = means.places[number]
    return min(there, means.external_days_paid / 365.25) if POOLS[number].kind == PlaceKind.EXTERNAL else there


def _columns(state: State) -> tuple[Any, Any, Any, Any]:
    """Tables of what has a place, as arrays."""
    return state.quarters, state.offices, state.courts, state.community_teams


def _open_court(court: Any, slots: float, fraction: float) -> None:
    """Give a court its slots of a year; it sits as often as in the whole country, whatever the sampling fraction."""
    court.per_day = slots * fraction / 365.25
    court.interval = sitting_interval(slots)
