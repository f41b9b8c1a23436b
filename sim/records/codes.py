"""Codes of the columns: what each small integer of a table means.

Codes that the law decides (adjustments, regimes) and those of the run's own lists (streams, sites, quarters) are not
here: they are positions in the lists of a :class:`~sim.records.tables.Codebook`, which travels with the tables.
"""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Status(IntEnum):
    """Where a person stands on a day."""

    AT_LIBERTY = 0
    """Not under committal (before, after, or on conditional release once it has ended)."""
    REMAND = 1
    """*Prévenu*: held before a final judgment."""
    SENTENCED = 2
    """*Condamné détenu*: serving in a cell."""
    MEASURE_INSIDE = 3
    """Serving a measure that sleeps in prison (*semi-liberté*, hosted *placement à l'extérieur*): detained."""
    MEASURE_OUTSIDE = 4
    """Serving a measure at home or in an association (DDSE, unhosted PE): under committal, not detained."""
    CONDITIONAL_RELEASE = 5
    """Serving a measure that ended the committal (*libération conditionnelle*, also as a form of LSC)."""


@unique
class Movement(IntEnum):
    """What a row of ``events`` tells. ``detail`` and ``value`` are explained kind by kind in ``docs/data.md``."""

    COMMITTED = 0
    """*Mise sous écrou*. detail: stream; value: days of remand expected, 0 if none."""
    CONVICTED = 1
    """Final judgment while held. value: firm part in days."""
    CHARGES_ENDED = 2
    """Remand ends without a sentence to serve: release. value: days held."""
    ASSIGNED = 3
    """A probation counsellor takes the file. value: days waited."""
    FILE_OPENED = 4
    """The counsellor starts to prepare the file."""
    FILE_READY = 5
    """The file is complete enough to be lodged. value: hours of work, times 10."""
    REQUESTED = 6
    """Request lodged with the judge. detail: adjustment."""
    HEARD = 7
    """Decision of the judge. detail: outcome (:class:`Outcome`); value: days since the request."""
    EXAMINED = 8
    """Examined by the board (CAP). detail: outcome; value: adjustment."""
    PLACED = 9
    """A measure begins. detail: regime; value: adjustment."""
    WITHDRAWN = 10
    """Measure withdrawn, back to the cell. detail: regime."""
    TRANSFERRED = 11
    """Moved to another quarter. value: quarter left."""
    REMITTED = 12
    """Remission granted, or withdrawn for misconduct. value: days, negative if withdrawn."""
    RELEASED = 13
    """End of committal (*levée d'écrou*). detail: regime running, -1 if none; value: cause + 1 if dry, else 0."""
    REOFFENDED = 14
    """New offence that will lead to a reconviction. value: days since release."""
    FURTHER = 15
    """A further sentence is put into execution during the stay. value: days it adds to the firm part, 0 if it is absorbed."""
    INCIDENT = 16
    """A measure meets an incident that does not end in a cell for good. detail: regime; value: answer (:class:`Answer`)."""
    CONVERTED = 17
    """A measure from liberty that found no tag is converted into another sentence. value: days it was waited for."""
    LEAVE_DECIDED = 18
    """A permission to go out is decided. detail: purpose (:class:`Purpose`); value: :class:`LeaveEnd`."""


@unique
class Answer(IntEnum):
    """What the judge decides at an incident of a measure."""

    WITHDRAWN = 0
    REMINDED = 1
    """A reminder of the rules: the measure goes on."""
    HOURS = 2
    """More hours out of the home."""
    REMISSION = 3
    """Days of remission are withdrawn: the measure goes on, and ends later."""
    SUSPENDED = 4
    """In a cell while the judge decides, then on the measure again."""
    TURNED = 5
    """Turned into another measure."""
    SEARCH = 6
    """Time given to find another measure, the host having left."""


@unique
class Outcome(IntEnum):
    """What the judge or the board decided."""

    GRANTED = 0
    REFUSED_PROJECT = 1
    REFUSED_RISK = 2
    NO_HOUSING = 3
    NO_PLACE = 4
    REMOVAL_MEASURE = 5
    EXCLUDED = 6
    DECLINED = 7
    NOT_EXAMINED = 8
    NOT_INFORMED = 9
    """Not told in time of a release as of right, and on no list."""


@unique
class Cause(IntEnum):
    """The one binding cause of a dry release (model.md §8, the ledger of causes)."""

    CALENDAR_TOO_SHORT = 0
    """No route could have opened in time, even without any queue."""
    NO_COUNSELLOR = 1
    """Every counsellor was full until the end."""
    FILE_NOT_READY = 2
    """The file was not complete when the sentence ended."""
    NOT_HEARD = 3
    """Request lodged, no hearing before the end."""
    REFUSED_PROJECT = 4
    """Heard and refused: the project did not convince."""
    REFUSED_RISK = 5
    """Heard and refused: the risk."""
    NO_HOUSING = 6
    """No lodging: the refusal, or the material impossibility of the LSC."""
    NO_PLACE_SL = 7
    """Granted or due, no semi-liberty place before the end."""
    NO_PLACE_PE = 8
    """Granted or due, no external-placement host before the end."""
    NO_DEVICE = 9
    """Granted, no tag fitted before the end."""
    REMOVAL_MEASURE = 10
    """A removal measure closed the route (OQTF, ITF, expulsion)."""
    EXCLUDED_BY_LAW = 11
    """The law closes every route to this sentence."""
    DECLINED = 12
    """The person did not want a measure: asked for nothing."""
    MEASURE_WITHDRAWN = 13
    """Had a measure, lost it, and left from the cell."""
    GRANTED_TOO_LATE = 14
    """Granted, but the end came before the measure was worth beginning."""
    NOT_INFORMED = 15
    """Not told in time of the release as of right, and on no list."""
    DECLINED_RELEASE = 16
    """Refused the release as of right."""

    DECLINED_EXAMINED = 17
    """Refused the release at two thirds when it was examined."""
    PREFERS_TO_SERVE = 18
    """Did not want a measure for the little that it would have saved."""


@unique
class WaitingList(IntEnum):
    """What people wait for (column ``list`` of ``lists``)."""

    COUNSELLOR = 0
    """A counsellor's name: newcomers of the establishment, by the day they came."""
    JUDGE = 1
    """A hearing of the judge of the establishment, instruction over. Days since the request."""
    COURT_OF_THREE = 2
    """A hearing of the court of three of the interregion. Days since the request."""
    CHAMBER = 3
    """The chamber, seized once the legal delay had lapsed (D422-8). Days since the request."""
    SEMI_LIBERTY = 4
    """A semi-liberty place of the interregion, the measure being granted and due."""
    EXTERNAL_PLACE = 5
    """A place with a host of the interregion, likewise."""
    DEVICE = 6
    """A tag, likewise: one list for the country."""
    DETENTION_CENTRE = 7
    """A transfer from a *maison d'arrêt* to a *centre de détention* of the interregion. Days since the judgment."""
    CENTRAL_PRISON = 8
    """A transfer to a *maison centrale* of the interregion. Days since the judgment."""
    RELEASE_UNIT = 9
    """A transfer to a *structure d'accompagnement vers la sortie* of the interregion. Days since the judgment."""
    LODGING_REQUEST = 10
    """Somebody of the establishment to write the request for a place to live in at the exit."""
    LODGING = 11
    """Such a place in the interregion, the SIAO having directed the person (CHRS and others)."""
    JOB = 12
    """A job in the establishment, by the day the person was put on the line of the quarter."""
    CARE = 13
    """Treatment of an addiction in the establishment."""


@unique
class Offence(IntEnum):
    """Offence family of the main offence."""

    PROPERTY = 0
    VIOLENCE = 1
    DRUGS = 2
    SEXUAL = 3
    ROAD = 4
    HOMICIDE = 5
    OTHER = 6


@unique
class Purpose(IntEnum):
    """What a permission to go out is for."""

    FAMILY = 0
    """Family ties."""
    EMPLOYER = 1
    """An employer, a trainer."""
    HOST = 2
    """A host association that wants to meet the person."""
    LODGING = 3
    """Looking for a lodging on the spot."""
    PAPERS = 4
    """Identity papers and rights."""


@unique
class Lodging(IntEnum):
    """Where somebody goes to live at an exit."""

    NOWHERE = 0
    HOME = 1
    """A home all along."""
    FOUND = 2
    """One found by a search."""
    PLACE = 3
    """A place reached through the SIAO."""


@unique
class Removal(IntEnum):
    """Removal measure a person is under."""

    NONE = 0
    ADMINISTRATIVE = 1
    """The administration's (OQTF, expulsion)."""
    JUDICIAL = 2
    """A court's (*interdiction du territoire français*, ITF)."""


@unique
class LeaveEnd(IntEnum):
    """How a request for a permission to go out ended."""

    REFUSED = 0
    BACK = 1
    """Granted, and the person came back."""
    NOT_BACK = 2
    """Granted, and the person did not come back in time."""
