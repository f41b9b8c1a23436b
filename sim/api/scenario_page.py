"""The page of what a scenario may say, from the models of the file, the bounds of its units and the behaviours there are."""

from __future__ import annotations

from sim.policies import POLICIES
from sim.scenario import schema
from sim.scenario.bounds import POSSIBLE

_SCENARIO_HEAD = """# What a scenario may say

<!-- Written by docs/generate.py from sim/scenario/schema.py. Change that, then run it. -->

A scenario is a YAML file. Any other key is an error, told with its line and the nearest key that exists. A question is asked of a world
by `extends: baseline.yaml` and `changes:`; values, units, ranges and sources stand in the baseline ([parameters](parameters.md)).

```yaml
# yaml-language-server: $schema=docs/schemas/scenario.schema.json
extends: baseline.yaml
title: {fr: Audiences dans les trois mois, en: Hearings within three months}
question: {fr: "Que change un délai de trois mois ?", en: "What does a delay of three months change?"}
changes:
  - {on: 2026-07-01, set: means.enforcement_courts.longest_wait_days, to: 90}      # a value
  - {on: 2026-07-01, add: means.probation_service.posts, by: 100}                  # so much more
  - {on: 2026-07-01, scale: flows.committals.fast_track, by: 0.9}                  # so many times
  - {on: 2026-07-01, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: new_committals}
  - {on: 2026-07-01, add: means.probation_service.posts, by: 20, where: {interregion: Lyon}}              # twenty more, there
  - {on: 2026-07-01, set: practices.files.lead_days, to: 250, where: {departement: ["44", "85"]}, until: 2029-07-01}
  - {on: 2026-07-01, scale: means.enforcement_courts.hearing_slots, by: 1.2, where: {court: MA ANGERS}}
  - {on: 2026-07-01, set: practices.release_units.leave_gain, to: 1, where: {kind: SAS, interregion: [Paris, Lille]}}
policies:
  - {name: population_cap, on: 2027-01-01, with: {density: 1.3}}                   # a behaviour
  - {name: population_cap, on: 2028-01-01, until: 2030-01-01, where: {establishment: MA ANGERS}, with: {density: 1}}
```

An editor that knows YAML completes keys and paths, and underlines what no file can say, from the
[schema of scenarios](schemas/scenario.schema.json); [experiments](experiments.md) have [theirs](schemas/experiment.schema.json). Name it in
the first line of a file, as above, or in the settings of the editor, its path or address. A schema knows keys, sorts of values, behaviours
and paths; `sortie check` knows the rest.

A change, or a behaviour that acts on people where they sleep, may say `where` it holds: several words narrow it down, several names of one word widen it. An amount of the whole country that is shared between places
(posts, hearings, places) is changed by what those places have of it: `by: 20` gives them twenty, and `to: 20` leaves them twenty.
What is read once for an establishment (its counsellors, its judge) has the kind of most of its people. A value that a run reads
once for the country, flows, people and the law have no place: `where` is refused there, with what to do instead.
`sortie check` says how many places a change reaches, and what they have before and after.

A scenario may open, close and resize prisons (`establishments:`). Places, posts and hearings are dated steps; what is not given
is its part of the country's, by the places it has. Detention centres and units fill from the queues of transfers; a remand
prison that opens takes the newcomers of its département while it is less crowded than theirs, and people of theirs until it is as
crowded. One that closes is emptied by `practices.allocation.transfers_per_week` moves a week, to a quarter of its kind with room,
else to the least crowded remand prison; requests before the judge go with the people. What is practised there is a change with
`where: {establishment: NAME}`, as in [inserre_arras](../scenarios/inserre_arras.yaml).

A change of the law says whom it reaches: `everyone`, also those already serving, or `new_committals`. A change of flows is about
new committals by nature; a means or a practice is shared by all who are there on a day.

What no run would show is refused: a rule that only the rule book tells ([the law](law.md) says which, and what to change
instead), a pending reform of which a run reads a part, a value changed after it was read ([parameters](parameters.md)). With
`told_only: true`, in the file or the change, `sortie law … --scenario FILE` tells such a law.
"""

_BLOCKS = {
    "FileBlock": "The file",
    "ChangeBlock": "`changes:`, a list of",
    "PolicyBlock": "`policies:`, a list of",
    "EstablishmentBlock": "`establishments:`, a list of",
    "ParameterBlock": "`parameters:`, in a file that extends nothing: each value",
    "Reference": "`source:`",
}


KEYS = {
    "add": "path of a number to add to, with `by`",
    "applies_to": "`everyone` or `new_committals`; for a change of the law, always said",
    "asked_by": "who asked it in public debate, in both languages; needs `source`",
    "by": "number added, or factor",
    "changes": "values that change on a date",
    "close": "establishment that takes nobody from its day, `on`, and whose people are moved; a quarter of it with `kind`",
    "date": "year, month, day or years of the source",
    "departement": "INSEE code, between quotes, of one that opens; a remand prison receives the people of it",
    "end": "last day of the run",
    "establishments": "establishments that open, close or have other places",
    "extends": "file it starts from, mostly `baseline.yaml`, or a list of files whose changes and behaviours are all made",
    "hearing_slots": "hearings a year of its own by date, beside the country's; by default its part of those",
    "href": "link to the document",
    "interregion": "interregion of one that opens; by default that of its département",
    "kind": "of a value: `law`, `statistic`, `study` or `assumption`; of an establishment: kind of the quarter (MA, CD, MC, SAS, SL, EPM)",
    "label": "name in both languages",
    "measure_from": "first day measured",
    "name": "name; by default that of the file",
    "note": "what a reader should know",
    "on": "day it takes effect",
    "open": "name of an establishment that opens, with its `kind`, where it is, and its `places` by date",
    "overrides": "values drawn for a whole run, on all dates (written by experiments)",
    "parameters": "all values of a complete world",
    "policies": "behaviours that begin on a date",
    "places": "places there are from each date on",
    "posts": "counsellors of its own by date, beside the country's; by default its part of those",
    "prior": "how the entries of a table are drawn together: `normal:` ones, their `correlation:`, those that are a `beta:` share of another (`share_of:`)",
    "question": "question it answers, in both languages",
    "range": "plausible `[low, high]`, or one for each entry of a table",
    "range_is": "`absolute`, or `factor`: the range multiplies the value",
    "resize": "establishment whose places change, with its `places` by date; the quarter with `kind` if it has several",
    "sampling_fraction": "share of the country simulated",
    "scale": "path of a number to multiply, with `by`",
    "set": "path of a value to replace, with `to`",
    "source": "document it comes from",
    "start": "first day of the run",
    "title": "title, in both languages for a scenario",
    "until": "of a change, day on which the value is again what it would have been without it (not for the law); of a behaviour, first day it no longer acts",
    "where": "where alone it holds: `interregion`, `departement` (INSEE code between quotes), `establishment` (name or identifier), `kind` of quarter, `court` (the judge of an establishment); a name or a list for each",
    "to": "new value, of the same sort as the old one",
    "told_only": "`true` for `sortie law` alone: rules of law that no run reads may be changed, and nothing is simulated",
    "total": "sum the entries of a table must have",
    "unit": "unit; in a change, checked against the parameter's",
    "value": "value, the same on every day",
    "values": "values by date: each holds from its date on",
    "why": "why an assumption was made so",
    "with": "settings of the behaviour",
}


_WHAT_CAN_BE = """\
## What a value can be

A unit says which numbers are possible, in parameters, overrides, levers of experiments, target seeking, settings of
behaviours and rules of law, before and after `scale` and `add`; others are refused when the file is read. These bounds are
far above all that has been: a value outside its own `range:` is accepted, and said by `sortie check`, above the results and
in the note. A longer unit is read by its first words (*share of the maximum* is a share). Places can be closed
(`means.establishments.extra_places` below 0) down to those there are. A run lasts from 2010 to 2060 at most.

| unit | from | to |
| --- | --- | --- |"""


def scenario_schema() -> str:
    """Return the text of docs/scenario.md."""
    parts = [_SCENARIO_HEAD]
    for name, title in _BLOCKS.items():
        block = getattr(schema, name)
        parts.append(f"## {title}\n\n{plain((block.__doc__ or '').partition(chr(10))[0])}\n\n| key | |\n| --- | --- |")
        for key, info in block.model_fields.items():
            parts.append(f"| `{info.alias or key}` | {KEYS[info.alias or key]}{'; required' if info.is_required() else ''} |")
        parts.append("")
    parts.append(_WHAT_CAN_BE)
    parts += [f"| {unit} | {limits.low:,.10g} | {limits.high:,.10g} |" for unit, limits in POSSIBLE.items()]
    parts.append("")
    settings = [(policy.name, policy.defaults) for policy in POLICIES.values()]
    parts.append("## Behaviours that exist\n\n| name | settings, with their defaults |\n| --- | --- |")
    parts += [f"| `{name}` | {', '.join(f'`{key}: {value:g}`' for key, value in found.items())} |" for name, found in settings]
    return "\n".join(parts).rstrip() + "\n"


def plain(text: str) -> str:
    """Sphinx roles and literals as Markdown code, table bars escaped."""
    for role in (":class:", ":attr:", ":meth:"):
        text = text.replace(role, "")
    return text.replace("|", "\\|").replace("``", "`").replace("`~", "`")
