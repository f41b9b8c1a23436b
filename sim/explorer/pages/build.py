"""Construire un scénario: levers, what changes in words, a run in the background, the file and the command."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import RequestError, ScenarioError
from sim.experiments.forking import parting_day
from sim.experiments.run_options import adapted
from sim.explorer import scenario_form, visitor
from sim.explorer.behaviours import day_of_levers, policy_switches, policy_told
from sim.explorer.data import baseline, day_number, reference
from sim.explorer.jobs import Job, Jobs, Request
from sim.explorer.kept_runs import limits_of
from sim.explorer.layout import texts
from sim.explorer.scenario_form import DATES, FRACTIONS, NAME, SEED, Draft, Lever, levers, loaded
from sim.explorer.sections.own_run import own_run
from sim.explorer.widgets import duration, small
from sim.presentation.outside import outside_told
from sim.presentation.texts import Texts
from sim.scenario.describe import told_of_prison, unit_in_words, value_in_words, where_in_words
from sim.scenario.effects_of_changes import changes_told
from sim.scenario.numbering import numbers
from sim.scenario.ranges import outside_ranges
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from sim.scenario import ChangeTold, Scenario

POLL_SECONDS = 0.5
REPLICATIONS = (2, 20)
_SECONDS_TO_START = 4.0
"""Of a run, whatever it is: to start processes, read the scenarios and load the compiled engine."""
_SECONDS_AT_REST = 1.0
"""Of a replication, whatever the fraction: to build the first day and write the tables."""
_SECONDS_OF_THE_COUNTRY = 10.0
"""Of a replication of the whole country, on one core of the machine of November 2026; used while the reference is a sample."""


@st.cache_resource(on_release=lambda jobs: jobs.close(), show_spinner=False)
def jobs() -> Jobs:
    """Jobs of this server, for all its users."""
    return Jobs(limits=limits_of(os.environ))


def output_folder() -> Path:
    """Folder of the runs people ask for: ``SORTIE_RUNS``, else ``results/explorer`` of the working directory."""
    return Path(os.environ.get("SORTIE_RUNS") or Path.cwd() / "results" / "explorer").resolve()


def page() -> None:
    """Draw the page."""
    t = texts()
    st.title(t("build.title"), anchor=False)
    st.markdown(t("build.lead"))
    _from_address(t)
    answer = st.container()  # before what was asked: it is what people come back for
    left, right = st.columns([1, 1.5], gap="large")
    with left:
        draft = _controls(t)
    with right:
        try:
            scenario = loaded(draft.text(_title()))
        except ScenarioError as problem:
            st.error(t("build.bad", problem=t.problem(problem)))
            return
        said = outside_told(t, (), {"outside": outside_ranges(scenario), "file": f"{NAME}.yaml"})
        if said:
            small(said)
        _what_changes(t, draft, scenario)
        made = _run(t, draft, scenario)
        _files(t, draft)
    if made is not None:
        with answer:
            own_run(t, scenario, made)


_LONGEST_TOLD = 300
"""Characters of a message about an address that somebody else wrote."""


def _title() -> dict[str, str]:
    return {"fr": Texts("fr")("build.name"), "en": Texts("en")("build.name")}


def _from_address(t: Texts) -> None:
    """Take what levers cannot say from the address, once."""
    text = st.query_params.get("x", "")
    if text and "extras" not in st.session_state:
        try:
            extras, policies, whole = scenario_form.from_address(text, _title())
        except ScenarioError as problem:
            st.warning(f"{t('build.cut_address')} ({t.problem(problem)[:_LONGEST_TOLD]})")
            extras, policies, whole = [], [], ""
        st.session_state.update(extras=extras, policies=policies, whole=whole)
    for key, empty in (("extras", []), ("policies", []), ("whole", "")):
        st.session_state.setdefault(key, empty)


def _controls(t: Texts) -> Draft:
    on = day_of_levers(t)
    settings: dict[str, int] = {}
    locked = bool(st.session_state["whole"])
    if locked:
        st.info(t("build.whole"))
    for group in ("flows", "rules", "means"):
        st.subheader(t(f"build.group.{group}"), anchor=False)
        for lever in levers():
            if lever.group == group:
                settings[lever.key] = _lever(t, lever, disabled=locked)
        if group == "rules":
            policy_switches(t, str(on), disabled=locked)
    with st.expander(t("build.more")):
        _more(t, str(on), disabled=locked)
    st.file_uploader(t("build.upload"), type=["yaml", "yml"], key="file", on_change=_uploaded, max_upload_size=1)
    told = st.session_state.get("upload")
    if told is not None:
        name, problem = told
        if problem:
            st.error(t("build.upload_bad", name=name, problem=problem))
        else:
            st.success(t("build.upload_good", name=name))
    session = st.session_state
    packed = scenario_form.packed(session["extras"], session["policies"], session["whole"])
    if packed:
        st.query_params["x"] = packed
    elif "x" in st.query_params:
        del st.query_params["x"]
    return Draft(settings, str(on), session["extras"], session["policies"], session["whole"])


def _lever(t: Texts, lever: Lever, *, disabled: bool) -> int:
    label, about = t(f"lever.{lever.key}"), _about(t, lever)
    if lever.to is not None:
        switched = st.toggle(label, key=lever.key, help=about, bind="query-params", persist_state="session", disabled=disabled)
        return int(bool(switched))
    formats = {"percent": "%+d %%", "number": "%+d", "law": t(f"lever.format.{lever.key}") if lever.by == "law" else ""}
    value = st.slider(
        label,
        lever.low,
        lever.high,
        lever.rest,
        lever.step,
        format=formats[lever.by],
        key=lever.key,
        help=about,
        bind="query-params",
        persist_state="session",
        disabled=disabled,
    )
    own = f"lever.today.{lever.key}"
    small(t(own) if t.has(own) else t("lever.today", value=_today(t, lever)))
    return int(value)


def _today(t: Texts, lever: Lever) -> str:
    """Value today of what a lever moves."""
    world, day = baseline().parameters(), day_number(DATES[0])
    first = lever.paths[0]
    if first in world:
        leaf = world[first]
        values = [world[path].at(day) for path in lever.paths]
        unit = unit_in_words(leaf.unit, t.lang)
        if isinstance(values[0], dict):
            words = ", ".join(
                f"{t.name('stream', name).lower()} {t.short(float(number))}" for name, number in values[0].items()
            )
            return f"{words} ({unit})"
        total = math.fsum(float(value) for value in values)  # type: ignore[arg-type]
        return t.percent(total) if leaf.unit == "probability" else f"{t.number(total)} {unit}".strip()
    parent, _, entry = first.rpartition(".")
    return f"{t.number(float(entries_of(world[parent].at(day))[entry]))} {unit_in_words(world[parent].unit, t.lang)}".strip()


def _about(t: Texts, lever: Lever) -> str:
    """Source, range, date and grade of what a lever moves, for its help."""
    own = f"lever.about.{lever.key}"
    if t.has(own):
        return t(own)
    world = baseline().parameters()
    lines = []
    for path in lever.paths:
        leaf = world.get(path) or world[path.rpartition(".")[0]]
        label = leaf.label[t.lang] if leaf.label else path
        grade = " ".join(text for text in (t(f"grade.{leaf.kind}"), numbers().get(leaf.path, "")) if text)
        lines.append(t("lever.about", label=label, grade=grade, source=leaf.why or leaf.source or "", date=leaf.date or "–"))
    return "\n\n".join(lines)


def _more(t: Texts, on: str, *, disabled: bool) -> None:
    """Change any other number of the world that may change on the day chosen."""
    numbers = scenario_form.changeable(baseline(), day_number(on))
    names = {path: leaf.label[t.lang] if leaf.label else path for path, leaf in numbers.items()}
    path = st.selectbox(
        t("more.which"),
        list(names),
        format_func=lambda key: names[key],
        key=f"more-path-{t.lang}",
        disabled=disabled,
    )
    leaf = numbers[path]
    today = float(leaf.at(day_number(on)))  # type: ignore[arg-type]
    bounds = leaf.bounds(day_number(on))
    reach = "" if bounds is None else t("more.range", low=t.short(bounds[0]), high=t.short(bounds[1]))
    small(f"{path} · {t('lever.today', value=t.short(today))} {unit_in_words(leaf.unit, t.lang)}. {reach}")
    value = st.number_input(t("more.value"), value=today, key=f"more-{path}", disabled=disabled)
    if st.button(t("more.add"), disabled=disabled or value == today, key="more-add"):
        kept = [extra for extra in st.session_state["extras"] if extra.get("set") != path]
        extras = [*kept, {"on": on, "set": path, "to": float(value)}]
        try:
            loaded(Draft({}, on, extras, st.session_state["policies"]).text(_title()))
        except ScenarioError as problem:  # a number that cannot be: said, and the page stays as it is
            st.error(t("build.bad", problem=t.problem(problem)))
            return
        st.session_state["extras"] = extras
        st.rerun()


def _uploaded() -> None:
    """Put a file on the page; a bad one leaves the page as it is, with a message."""
    file = st.session_state.get("file")
    if file is None:
        st.session_state.pop("upload", None)
        return
    try:
        draft, on = scenario_form.read_draft(file.getvalue(), file.name)
    except ScenarioError as problem:
        st.session_state["upload"] = (file.name, texts().problem(problem))
        return
    except (UnicodeDecodeError, RecursionError, ValueError) as problem:
        st.session_state["upload"] = (file.name, f"{type(problem).__name__}: {problem}")
        return
    _put(draft, on)
    st.session_state["upload"] = (file.name, "")


def _put(draft: Draft, on: str) -> None:
    for lever in levers():
        value = draft.setting(lever)
        st.session_state[lever.key] = bool(value) if lever.to is not None else value
    st.session_state.update(on=on, extras=list(draft.extras), policies=list(draft.policies), whole=draft.whole)


def _undo(draft: Draft, what: str, position: int) -> None:
    if what == "lever":
        lever = levers()[position]
        st.session_state[lever.key] = False if lever.to is not None else lever.rest
    elif what == "all":
        _put(Draft({}, draft.on, (), ()), draft.on)
        st.session_state.pop("upload", None)
    else:
        st.session_state[what] = [item for n, item in enumerate(st.session_state[what]) if n != position]


def _what_changes(t: Texts, draft: Draft, scenario: Scenario) -> None:
    st.header(t("build.changes"), anchor=False)
    if draft.is_empty:
        st.markdown(t("build.nothing"))
        return
    every = changes_told(scenario)
    told = {(item.change.path, item.change.on_day): item for item in every}

    def sentence(path: str, on: str) -> str:
        item = told.get((path, day_number(on)))
        return path if item is None else sentence_of(item)

    def sentence_of(item: ChangeTold) -> str:
        before, after = (value_in_words(value, t.lang, 4) for value in (item.before, item.after))
        unit = unit_in_words(item.unit, t.lang)
        made = t("build.change", what=item.label[t.lang], before=before, after=after, unit=unit, day=t.day(item.change.on_day))
        return made if item.change.place is None else f"{made} ({where_in_words(item.change.place, t.lang)})"

    rows: list[tuple[str, str, int]] = []
    for position, lever in enumerate(levers()):
        made = lever.changes(draft.setting(lever), draft.on)
        if made and not draft.whole:
            rows.append((" ; ".join(sentence(path, draft.on) for path in lever.paths), "lever", position))
    for position, extra in enumerate(draft.extras):
        path = next(str(extra[word]) for word in ("set", "scale", "add") if word in extra)
        rows.append((sentence(path, str(extra["on"])), "extras", position))
    for position, call in enumerate(draft.policies):
        rows.append((policy_told(t, call), "policies", position))
    if draft.whole:
        rows += [(sentence_of(item), "", 0) for item in every]
        rows += [(told_of_prison(each, t.lang), "", 0) for each in scenario.establishments]
    for number, (text, what, position) in enumerate(rows):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"- {text}", width="stretch")
            if what:
                about = t("build.undo_help", n=number + 1)
                key = f"undo-{what}-{position}"
                st.button(t("build.undo"), key=key, on_click=_undo, args=(draft, what, position), help=about)
    st.button(t("build.undo_all"), key="undo-all", on_click=_undo, args=(draft, "all", 0))


def _run(t: Texts, draft: Draft, scenario: Scenario) -> Request | None:
    """Offer the run; return it once it is made."""
    st.header(t("run.title"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = int(st.slider(t("run.replications"), *REPLICATIONS, 4, key="n", bind="query-params", persist_state="session"))
        part = str(st.selectbox(t("run.fraction"), FRACTIONS, key="fraction", bind="query-params", persist_state="session"))
    small(t("run.fraction_help", share=t.percent(float(part))))
    request = _request(scenario, draft.text(_title()), n, part)
    ready = request.finished()
    job = jobs().get(request.key)
    is_open = job is not None and job.is_open
    if ready is None:
        small(t("run.estimate", time=duration(t, _estimate(scenario, n, float(part)))))
    if st.button(
        t("run.go"),
        type="primary",
        key="go",
        disabled=draft.is_empty or is_open or ready is not None,
        icon=":material/play_arrow:",
    ):
        mine = st.session_state.get("mine")
        if isinstance(mine, Job) and mine.is_open:
            st.warning(t("run.one_at_a_time"))
        else:
            try:
                job = st.session_state["mine"] = jobs().submit(request, visitor.names())
                is_open = job.is_open
            except RequestError as problem:
                st.error(t.problem(problem))
    st.fragment(_progress, run_every=POLL_SECONDS if is_open else None)(t, job)
    return None if ready is None else request


def _request(scenario: Scenario, text: str, n: int, part: str) -> Request:
    base, policy = (adapted(world, days={}, fraction=float(part)) for world in (baseline(), scenario))
    return Request(text, policy.name, scenario_form.run_id(policy), scenario_form.run_id(base), n, part, SEED, output_folder())


def _estimate(scenario: Scenario, n: int, part: float) -> float:
    """Seconds the two scenarios would take here, from what a replication of the reference took where it was made."""
    manifest = reference().manifest
    whole = float(manifest["made"]["unit_seconds"]) if float(manifest["fraction"]) == 1 else _SECONDS_OF_THE_COUNTRY
    one = _SECONDS_AT_REST + max(whole - _SECONDS_AT_REST, 0.0) * part
    shared = (parting_day(baseline(), scenario) - scenario.start_day) / (scenario.end_day - scenario.start_day)
    workers = jobs().workers
    # Base and policy live their common past once; where there are too few replications for all workers, they part at once.
    rounds = -(-n // workers) * (2 - shared) if n >= workers else 1.0
    return _SECONDS_TO_START + one * rounds


def _progress(t: Texts, job: Job | None) -> None:
    if job is None:
        return
    state = job.state
    if state == "queued":
        st.info(t("run.queued", n=jobs().ahead(job)))
    elif state == "running":
        if job.compiling:
            st.info(t("run.compiling"), icon=":material/hourglass_top:")
        left = t("run.starting") if job.remaining is None else t("run.left", time=duration(t, job.remaining))
        st.progress(min(job.share, 1.0), text=f"{t.percent(job.share)} · {left}")
    if job.is_open:
        who = visitor.names()
        if not job.asked_by(who):
            small(t("run.of_another"))
        elif st.button(t("run.cancel"), key="cancel", icon=":material/cancel:"):
            jobs().leave(job, who)
            st.session_state.pop("mine", None)
            st.rerun()
        return
    if state == "cancelled":
        st.warning(t("run.cancelled"))
    elif state == "failed":
        st.error(t("run.failed", message=t.problem(job.message) if job.message else t("run.died")))
    else:
        st.success(t("run.done", seconds=t.number(job.seconds)))
    if st.session_state.get("seen") != (job.request.key, state, job.began):
        st.session_state["seen"] = (job.request.key, state, job.began)
        st.rerun()  # the whole page, once: show the results and stop asking


def _files(t: Texts, draft: Draft) -> None:
    st.header(t("files.title"), anchor=False)
    st.download_button(
        t("files.yaml"), draft.text(_title()), file_name=f"{NAME}.yaml", mime="application/yaml", on_click="ignore", key="yaml"
    )
    st.markdown(t("files.command"))
    st.code(
        scenario_form.command(f"{NAME}.yaml", int(st.session_state["n"]), str(st.session_state["fraction"])),
        language=None,
        wrap_lines=True,
    )
    st.markdown(t("files.link"))


page()
