"""What each indicator is: label, unit, definition. The list is the data dictionary of ``indicators.csv``."""

from __future__ import annotations

from sim.indicators.catalogue_of_costs import COSTS, Entry

CATALOGUE: dict[str, Entry] = {
    "dry_rate_exits": Entry(
        "Dry releases, definition (a) exits from detention",
        "share",
        "Exits of people sentenced for a délit with no measure, over all exits of such people from detention; the "
        "passage "
        "to SL, PE, DDSE or LC is the exit (the ministry's IRJ). class=crime: the same for felonies.",
    ),
    "exits_per_year": Entry(
        "Exits of sentenced people from detention", "people/year", "Denominator of dry_rate_exits, group by group."
    ),
    "dry_rate_ends": Entry(
        "Dry releases, definition (b) levées d'écrou",
        "share",
        "Ends of committal of sentenced people with no measure running on the day, over all ends of committal of "
        "sentenced "
        "people whose committal did not begin at home; entry into an LC is an end, adjusted.",
    ),
    "ends_per_year": Entry("Ends of committal of sentenced people", "people/year", "Denominator of dry_rate_ends."),
    "bridge_people": Entry(
        "Bridge between the definitions: people", "people/year", "People added (+) or left out (−) by each step."
    ),
    "bridge_dry": Entry("Bridge between the definitions: dry", "people/year", "Dry ones among bridge_people."),
    "bridge_rate": Entry("Bridge between the definitions: rate", "share", "Dry rate once the step is made."),
    "releases": Entry(
        "Exits from detention by route",
        "people/year",
        "Exits with or without sentence by one route each: unsentenced, dry, or a regime; with procedure=, which "
        "procedure "
        "granted the regime.",
    ),
    "adjusted_by_procedure": Entry(
        "Exits to a measure by procedure",
        "people/year",
        "The adjusted exits again, by the procedure that granted them.",
    ),
    "adjusted_by_route": Entry(
        "Exits to a measure of people sentenced for a délit, by route",
        "people/year",
        "Adjusted exits of definition (a) by regime: felonies left out, LSC counted with the regime it leads to.",
    ),
    "dry_releases": Entry("Dry releases of sentenced people", "people/year", "Délits and crimes; class=délit for délits."),
    "dry_cause": Entry(
        "Dry releases by binding cause",
        "people/year",
        "One cause for each dry release: the stage its race with the end of the sentence was lost at. Adds up to dry_releases.",
    ),
    "stock": Entry(
        "People on the first of the month",
        "people",
        "Mean of the monthly censuses of the period (or the census of that day), by status; 'under committal' = écroués.",
    ),
    "places": Entry("Operational places", "people", "Mean of the first of each month."),
    "held": Entry("Détenus", "people", "Mean of the first of each month, by kind of quarter or establishment."),
    "density": Entry("Density", "people/place", "Détenus over operational places, both added over the months of the period."),
    "over_capacity": Entry(
        "People above capacity",
        "people",
        "Détenus above the operational places of their quarter, added over quarters, mean of the months.",
    ),
    "share_in_crowded_quarters": Entry(
        "Détenus in crowded quarters",
        "share",
        "Share of détenus in quarters at or above a density, all months together.",
    ),
    "flow": Entry(
        "Flows",
        "people/year",
        "entries and exits: detention; home_starts: measures begun from liberty; returns: entries of people the "
        "model had "
        "released; recalls: returns to the cell from a measure withdrawn or suspended; converted, enforced: measures from "
        "liberty that found no tag, turned into another sentence or enforced in a cell (in entries too); removed: put out "
        "of the country at the end of their sentence.",
    ),
    "on_measure": Entry(
        "People on a measure",
        "people",
        "Mean of the first of each month, by regime and origin; with procedure=, those granted it in a cell by that procedure "
        "(people found on a measure on the first day have none).",
    ),
    "quasi_dry_rate": Entry(
        "Dry and quasi-dry releases",
        "share",
        "Exits of people sentenced for a délit that are dry, or to a measure with fewer days= than this left to serve, over "
        "all their exits; days= are a threshold the reader chooses.",
    ),
    "by_design_rate": Entry(
        "Releases by design",
        "share",
        "Exits of people sentenced for a délit that a policy released to make room, without a decision on them: neither dry, "
        "nor quasi-dry, nor prepared, whatever the days of the measure.",
    ),
    "prepared_rate": Entry(
        "Prepared releases",
        "share",
        "Exits of people sentenced for a délit to a measure with at least days= left to serve and, with=, a file a counsellor "
        "worked on, a permission to go out before it, a lodging on the day, or all three; over all their exits.",
    ),
    "leaves_decided": Entry(
        "Permissions to go out, decided",
        "people/year",
        "Requests for a permission decided, granted or not; by nationality, removal measure, purpose, kind of quarter, "
        "interregion and, over the measured window, establishment.",
    ),
    "leaves_granted": Entry("Permissions to go out, granted", "people/year", "Of leaves_decided, those granted."),
    "leaves_grant_rate": Entry("Permissions to go out, share granted", "share", "leaves_granted over leaves_decided."),
    "leave_people": Entry(
        "People who had a permission to go out",
        "people/year",
        "People granted at least one in a year, counted once a year; whole years of the period only, none if it is shorter.",
    ),
    "leaves_against": Entry(
        "Unfavourable opinions on permissions", "share", "Of requests decided, by who gave it: counsellor, prosecutor."
    ),
    "leaves_not_back": Entry("Permissions not come back from in time", "share", "Of those granted."),
    "leaves_put_off": Entry(
        "Sessions a request for a permission was put off", "sessions", "Mean over those the board decided."
    ),
    "waiting_for_place": Entry("People waiting for a place", "people", "Granted or due, no place yet; mean of the months."),
    "measure_places": Entry("Places or devices", "people", "Mean of the first of each month; absent if not limited."),
    "hearing_wait_mean": Entry(
        "Wait for a hearing, mean",
        "days",
        "From request to decision at a hearing, decisions of the period; without releases under constraint and requests that "
        "a board decides at two thirds (art. 720 § I).",
    ),
    "hearing_wait_median": Entry("Wait for a hearing, median", "days", "The same, median."),
    "hearing_wait_p90": Entry("Wait for a hearing, 9 in 10 within", "days", "The same, 90th percentile."),
    "hearing_past_legal_delay": Entry(
        "Hearings past the legal delay",
        "share",
        "Of the same decisions, those later after the request than the law gives, in calendar months: four to the judge, six "
        "to the court of three, and the assessment it asks before for the longest sentences.",
    ),
    "grant_rate": Entry(
        "Granted",
        "share",
        "Granted over examined, by procedure, cases not examined left out: at hearings for what is asked of the judge, "
        "without requests that a board decides at two thirds; at boards for releases under constraint.",
    ),
    "decisions": Entry("Decisions", "people/year", "By procedure and outcome, whether a court or a board decided."),
    "assignment_wait_mean": Entry(
        "Wait for a counsellor, mean", "days", "Days waited by those assigned in the period, over their number."
    ),
    "waiting_for_counsellor": Entry("People without a counsellor", "people", "Mean of the first of each month."),
    "posts": Entry("Counsellors in post (CPIP, closed setting)", "posts", "Mean of the months."),
    "caseload": Entry("People per counsellor", "people/post", "People held on a caseload over counsellors in post."),
    "hours_offered": Entry("Hours for files, offered", "hours/year", "Hours counsellors had for files."),
    "hours_used": Entry("Hours for files, used", "hours/year", "Hours they spent on files."),
    "hours_used_share": Entry("Hours for files, share used", "share", "hours_used over hours_offered."),
    "hours_by_task": Entry(
        "Counsellors' hours by task",
        "hours/year",
        "Hours spent on each task of the week, and those of counsellors present that no task asked for (unused): they add up to"
        " the hours of presence.",
    ),
    "interviews_per_person": Entry(
        "Follow-up interviews per person held",
        "interviews/person/year",
        "Interviews held with the hours left, over people held by a counsellor; arrivals and files apart.",
    ),
    "files_lost": Entry(
        "Files taken up again", "files/year", "Open files whose counsellor left, part of the work being done again."
    ),
    "open_setting_load": Entry(
        "People per counsellor, open setting",
        "people/post",
        "People followed outside prisons (measures outside, conditional releases, and a background) over counsellors "
        "in post who hold cases.",
    ),
    "open_setting_posts": Entry(
        "Counsellors in post (CPIP, open setting)", "posts", "Those who hold cases; mean of the months."
    ),
    "open_setting_followed": Entry(
        "People of the model followed outside",
        "people",
        "On a measure outside or on conditional release; mean of the first of each month.",
    ),
    "on_probation": Entry(
        "People on probation without a committal",
        "people",
        "On probation or community work begun in the run, a sentence converted or replaced; mean of the first of each month. "
        "against=unchanged: how many more than in the world without the changes of the scenario, which moves the load.",
    ),
    "probation_flow": Entry(
        "Probation, movements",
        "people/year",
        "began: probation, community work, day-fines; failed: sentences put into execution in a cell; came_back: committals "
        "for a new offence. The last two of people a scenario puts there: the others are in the published committals.",
    ),
    "community_work_hours": Entry("Community work ordered", "hours/year", "Hours of those who began."),
    "community_work_waiting": Entry(
        "Community work waiting for a host", "hours", "Hours beyond those hosts usually take, not done yet; mean of the months."
    ),
    "community_work_not_done": Entry(
        "Community work not done in time", "share", "Of the people who began a measure, those whose work passes the law's time."
    ),
    "first_appointment_days": Entry(
        "Wait for the first appointment outside", "days", "The usual wait, in proportion to the load of the open setting."
    ),
    "hearings_put_off_share": Entry("Hearings put off", "share", "Of the files called at a sitting of the judge."),
    "files_done": Entry("Files completed", "files/year", "Files made ready for the judge."),
    "hearing_slots": Entry("Hearing slots offered", "hearings/year", "Files that the sittings held could have taken."),
    "hearings_held": Entry(
        "Requests heard",
        "hearings/year",
        "Requests called at a sitting of the judge, those put off included: a hearing put off is called twice.",
    ),
    "hearings_not_brought": Entry(
        "Hearings put off, person not brought", "hearings/year", "Extractions cancelled, among the hearings put off."
    ),
    "hearings_beyond_slots": Entry(
        "Hearings held beyond the slots",
        "hearings/year",
        "What a deadline that is kept takes from the judges of establishments; 0 where none is.",
    ),
    "judges": Entry(
        "Enforcement judges",
        "posts",
        "In post (use=in_post), and those whose whole year the hearings of a place take: in prisons, of these beyond the slots "
        "for a deadline (use=deadline), and of free convicts; the rest is the open setting, not simulated.",
    ),
    "free_convict_wait_mean": Entry(
        "Wait of free convicts for the judge, mean", "days", "From conviction to decision, decisions of the period (723-15)."
    ),
    "free_convicts_decided": Entry(
        "Free convicts, what becomes of them",
        "people/year",
        "By outcome: a measure, a conversion, the sentence put into execution in prison; lapsed without a hearing.",
    ),
    "free_convicts_absent_share": Entry("Free convicts who do not come", "share", "Of those decided by the judge."),
    "requests_waiting": Entry("Requests waiting for a hearing", "requests", "Mean of the months."),
    "unmet_slots": Entry(
        "Hearing slots missing",
        "requests",
        "Requests waiting beyond what one month of the court's sittings takes, added over courts, mean of the months.",
    ),
    "waiting_list": Entry(
        "People on a waiting list",
        "people",
        "By list (counsellor, judge, court-of-three, chamber, semi-liberty, external-place, device, detention-centre, "
        "central-prison, release-unit, lodging-request, lodging, job, care), for the country, each interregion and each "
        "establishment: on 1 January (period= the date), or mean of the first of each month. Establishments on 1 January and "
        "over the measured window only.",
    ),
    "waiting_list_days": Entry(
        "Days already waited by people on a list",
        "days",
        "Mean over the same people on the same days: since arrival (counsellor), the request (judge, court of three, chamber), "
        "the day the grant was due and fitted (places, tags), the judgment (transfers). Not the wait of those served.",
    ),
    "wait_quantile": Entry(
        "Wait, those who left first included",
        "days",
        "Days by which that share has reached the step, Kaplan–Meier: step=hearing from the request, step=counsellor from the "
        "committal, step=file from its opening. A stay that ends first is a wait cut short, as is one for a hearing "
        "that a board decides at two thirds; absent if never reached.",
    ),
    "wait_served": Entry("Served within so many days", "share", "The same curve read at a number of days."),
    "wait_unserved": Entry(
        "Never served",
        "share",
        "Of the waits that the step or the end of the stay ended in the period, those that the end of the stay cut short.",
    ),
    "days_above_capacity": Entry(
        "Person-days above capacity",
        "person-days/year",
        "Détenus above the places of their quarter on the first of each month, times the days of the year; by kind of quarter.",
    ),
    "days_on_the_floor": Entry(
        "Person-days on the floor",
        "person-days/year",
        "on_the_floor times the days of the year; an estimate from the people above capacity.",
    ),
    "on_the_floor": Entry(
        "People on the floor",
        "people",
        "Square of the people above capacity over the places of crowded quarters, times a factor fitted on published counts.",
    ),
    "days_past_eligibility": Entry(
        "Days in prison past eligibility",
        "person-days/year",
        "From the first day the law opened a measure to the exit, added over sentenced leavers; by route.",
    ),
    "days_past_eligibility_mean": Entry(
        "Days past eligibility, mean", "days", "The same, per leaver the law opened a measure for."
    ),
    "days_past_legal_delay": Entry(
        "Days past the judge's legal delay",
        "person-days/year",
        "Beyond the calendar months the law gives (four, six for the court of three) from the request, to the decision, at a "
        "hearing or by a board at two thirds; beyond four, to the end of a stay never heard.",
    ),
    "measures_begun": Entry("Measures begun", "people/year", "From a cell, by regime."),
    "measures_ended": Entry(
        "Measures ended", "people/year", "By regime and origin, those suspended apart; denominator of the two next."
    ),
    "measure_length_mean": Entry("Length of a measure, mean", "days", "Of measures that ended in the period."),
    "incidents": Entry(
        "Incidents of measures",
        "per year",
        "By what the judge decided: reminder, other hours out of the home, remission withdrawn, suspension, another measure, "
        "withdrawal.",
    ),
    "second_measure_share": Entry(
        "Second measures",
        "share",
        "Of the stays with a measure that ended in the period, those with a second one; a conditional release a measure led "
        "to is no second one.",
    ),
    "end_error": Entry(
        "Error of the expected end",
        "days",
        "End of the sentence less the one expected at the judgment, at the mean share of remission (or when the last sentence "
        "was added); mean, absolute mean and 90th percentile, by regime of reductions: credited at the judgment (before 2023) "
        "or reviewed. People whose committal ended by conditional release are left out. Without expected= the two regimes are "
        "of sentences of very different length and do not compare: expected= is the time from the committal to the end "
        "that was expected.",
    ),
    "measure_withdrawn_share": Entry("Measures withdrawn", "share", "Of measures that ended in the period."),
    "little_ratio": Entry(
        "Little's law",
        "ratio",
        "Flow times mean time over the stock: 1 in a steady state. Détenus: entries and stays of first exits (nights in prison "
        "on a measure and stays after a withdrawal are in the stock only); measures: those that ended; counsellor: those "
        "assigned.",
    ),
    "time_inside_mean": Entry("Time in prison, leavers' mean", "days", "From committal to first exit, exits of the period."),
    "time_inside_implied": Entry("Time in prison implied by the stock", "days", "Mean stock over entries (Little's law)."),
    "stays_per_person": Entry(
        "Stays that end for one person",
        "stays/person",
        "First exits of sentenced people over the people they are of; sentence=≤6 months: of those with a firm part of six "
        "months at most.",
    ),
    "people_with_stays": Entry("People with several stays", "share", "Of the same people, those with so many such exits."),
    "days_free": Entry(
        "Days free before a return",
        "days",
        "Mean, over entries that are returns of people who left a cell in the run, since they left it.",
    ),
    "entries_within_a_year": Entry(
        "Entries of people who left less than a year ago",
        "share",
        "Of all entries into detention; those who left before the run are not known, so that it is a least.",
    ),
    "reconviction": Entry(
        "Reconviction expected",
        "share",
        "Mean probability that a person who first left in the period as sentenced is reconvicted for an act within "
        "that many "
        "months, under one causal assumption; the three are read together or not at all.",
    ),
    "reconvicted_per_year": Entry(
        "People reconvicted, expected", "people/year", "The same probabilities added up, for the leavers of one year."
    ),
    "acts_per_year": Entry(
        "Acts leading to a reconviction, expected",
        "people/year",
        "First new acts expected in the period itself of people who left in the run, at most one a release and within 60 "
        "months of it: an earlier release brings them forward. People released before the run are not in it.",
    ),
    "reconviction_gap": Entry(
        "Gap in reconviction between adjusted and dry",
        "share",
        "Share expected to be reconvicted among people who left adjusted less that among those who left dry, at the months of "
        "the published gap; gap=raw, or gap=adjusted at equal observed score without conditional release. An association "
        "that the joint solution reproduces, not an effect.",
    ),
    "lodging_at_exit": Entry(
        "Where people who leave go to live",
        "share",
        "Sentenced people who leave detention: nowhere, a home all along, one found by a search, a place reached through the "
        "SIAO.",
    ),
    "lodging_requests": Entry(
        "Requests for a place to live in under way",
        "people",
        "Mean of the first of each month: to be written (to_file), examined by the SIAO (with_siao), on the line of an "
        "interregion for a place (waiting).",
    ),
    "lodging_flow": Entry(
        "Requests for a place to live in, and what becomes of them",
        "people/year",
        "Asked, filed, given up before they were written (unwritten) or after (dropped), refused by a host (who proposes the "
        "person to another), admitted (a place is kept), kept in vain (expired) or given back at the exit (returned), moved "
        "in; unclaimed: places offered when nobody waited.",
    ),
    "lodging_places": Entry(
        "Places to live in, and who has them",
        "places",
        "Mean of the first of each month: places, those of people from elsewhere (rivals), of people who left prison (lodged), "
        "kept for people still inside (kept), empty.",
    ),
    "lodging_wait": Entry(
        "Wait for a place to live in",
        "days",
        "Days on the line of the interregion, once the SIAO has directed the person, of those for whom a place is kept.",
    ),
    "lodging_cost": Entry(
        "Cost of places to live in",
        "euros/year",
        "Places of people who left prison, kept for people inside, or reserved for them and empty, at the price of a day; "
        "price= low, central, high. Part of cost_of_means (item=lodging), which holds all places: what adding some costs.",
    ),
    "never_visited": Entry(
        "Sentenced people who leave without ever a visit", "share", "Over exits of sentenced people from detention; by sex."
    ),
    "working_share": Entry(
        "People held who have a job",
        "share",
        "Jobs had over people held, first of each month; by kind of quarter. Absent where nobody waits for one.",
    ),
    "job_seekers_share": Entry(
        "People held who wait for a job", "share", "On the line of their quarter over people held, first of each month."
    ),
    "job_wait": Entry("Wait for a job", "days", "Days on the line of the quarter of those who began one; by kind of quarter."),
    "never_worked": Entry(
        "Sentenced people who leave without ever a job inside",
        "share",
        "Over exits of sentenced people from detention; by sex.",
    ),
    "care_wait": Entry(
        "Wait for care inside", "days", "Days on the line of the establishment of those who began a treatment of an addiction."
    ),
    "care_at_exit": Entry(
        "People in need of care, by how far it had come at the exit",
        "share",
        "Sentenced people in need of care for an addiction who leave detention: none, waiting, under way (broken off by the "
        "exit), completed.",
    ),
    **COSTS,
}
"""Indicators in the order in which reports show them."""
