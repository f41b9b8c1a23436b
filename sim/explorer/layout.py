"""Page set-up, navigation, language, footer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from sim.errors import RunFolderError
from sim.explorer.data import reference
from sim.presentation.texts import LANGUAGES, Texts
from sim.records.manifest import package_version

if TYPE_CHECKING:
    from sim.library.read import Reference

_HERE = Path(__file__).parent
PAGES = (
    ("questions", "questions", ":material/home:"),
    ("question", "question", ":material/help:"),
    ("compare", "comparer", ":material/compare_arrows:"),
    ("build", "construire", ":material/tune:"),
    ("howmany", "combien", ":material/my_location:"),
    ("overview", "vue-d-ensemble", ":material/flag:"),
    ("real", "reel-contre-modele", ":material/monitoring:"),
    ("life", "une-vie", ":material/timeline:"),
    ("sites", "etablissements", ":material/location_on:"),
    ("sources", "sources", ":material/menu_book:"),
    ("method", "methode", ":material/info:"),
)
"""File, address and icon of each page; its title is the text ``nav.<file>``. The first is where people arrive."""
PLACES = {
    "questions": ("questions",),
    "question": ("question", "compare"),
    "build": ("build", "howmany"),
    "understand": ("overview", "real", "life", "sites", "sources", "method"),
}
"""Pages by place, as they are offered; a place is named by the text ``place_of.<key>``."""
DRAWN = ("questions", "question", "real")
"""Pages drawn whole by :mod:`sim.presentation.question`, heading included."""


def page_file(name: str) -> str:
    """File of a page, wherever the script that Streamlit runs is."""
    return str(_HERE / "pages" / f"{name}.py")


def texts() -> Texts:
    """Texts in the language chosen in this session."""
    return Texts(st.session_state.get("lang") or st.query_params.get("lang"))


def main() -> None:
    """Draw the page asked for."""
    # A local file: page_icon=":material/…" would be fetched from an outside host by each visitor.
    t = texts()
    icon = str(_HERE / "assets" / "favicon.png")
    st.set_page_config(page_title=t("app.title"), page_icon=icon, layout="wide")
    # Pages are files, not functions: AppTest only knows files.
    pages = {
        name: st.Page(page_file(name), title=t(f"nav.{name}"), icon=icon_of, url_path=path, default=name == PAGES[0][0])
        for name, path, icon_of in PAGES
    }
    # Streamlit's own menus by section are no list for a screen reader, and hide behind a sign on a telephone.
    page = st.navigation(list(pages.values()), position="hidden")
    if page.url_path:  # each page is told apart in tabs, histories and by readers of screens
        st.set_page_config(page_title=f"{page.title} · sortie")
    st.html(_STYLE)
    _places(t, page.url_path)
    try:
        told = reference()
    except RunFolderError as problem:
        st.title(t("app.title"), anchor=False)
        st.error(t("app.no_reference", problem=t.problem(problem)))
        return
    if float(told.manifest["fraction"]) < 1:
        share, n = t.percent(float(told.manifest["fraction"])), t.number(told.manifest["replications"])
        st.info(t("app.sampled", share=share, n=n), icon=":material/science:")
    older = told.manifest["version"] != package_version()
    if older:  # in a line before the answer, in full after it
        st.html(f'<p class="older">{t("app.older_short", made=told.manifest["version"])}</p>')
    page.run()
    if older:
        _older(t, told)
    _footer(t)


def _older(t: Texts, told: Reference) -> None:
    st.info(t("app.older", made=told.manifest["version"], own=package_version()), icon=":material/history:")


def _places(t: Texts, here: str) -> None:
    """Offer the places, the language, and the pages of the place where one is."""
    address = {name: "" if name == PAGES[0][0] else path for name, path, _ in PAGES}
    mine = next(place for place, names in PLACES.items() if here in {address[name] for name in names})
    with st.container(horizontal=True, gap=None, vertical_alignment="center", key="nav-places"):
        for place, names in PLACES.items():
            label = t(f"place_of.{place}")
            st.page_link(page_file(names[0]), label=f"**{label}**" if place == mine else label)
    with st.container(horizontal=True, gap=None, vertical_alignment="center", key="nav-pages"):
        for name in PLACES[mine] if len(PLACES[mine]) > 1 else ():
            label = t(f"nav.{name}")
            st.page_link(page_file(name), label=f"**{label}**" if address[name] == here else label)
        _language(t)


def _language(t: Texts) -> None:
    with st.container(horizontal=True, width="content", key="nav-language"):
        # No format_func: a bound selection puts the displayed text in the address, and a link must work in both languages.
        st.segmented_control(
            "Langue · Language",
            LANGUAGES,
            default="fr",
            required=True,
            key="lang",
            bind="query-params",
            persist_state="session",
            label_visibility="collapsed",
        )
    # Streamlit writes <html lang="en">: a screen reader would read French with English sounds.
    st.html(f"<script>document.documentElement.lang = '{t.lang}';</script>", unsafe_allow_javascript=True)


def _footer(t: Texts) -> None:
    manifest = reference().manifest
    st.divider()
    st.markdown(
        t(
            "app.footer",
            version=manifest["version"],
            source=manifest["source"][:12],
            seed=manifest["seed"],
            n=manifest["replications"],
            draws=manifest["draws"],
            share=t.percent(float(manifest["fraction"])),
        )
    )


_STYLE = """
<style>
[data-testid="stMetricValue"] { font-size: 1.9rem; }
[data-testid="stMetricDelta"] { color: #1A1F24; }
[data-testid="stMarkdownContainer"] p { max-width: 75rem; }
[data-testid="stMainBlockContainer"] { padding-top: 1rem; max-width: 78rem; }
[data-testid="stHeader"] { background: transparent; pointer-events: none; }
.st-key-nav-places { border-bottom: 1px solid #DCDAD3; column-gap: 1.5rem; row-gap: 0; }
.st-key-nav-pages { margin-top: -.8rem; column-gap: 1.2rem; row-gap: 0; }
.st-key-nav-pages a p { font-size: .88rem; }
:is(.st-key-nav-pages, .st-key-nav-places) a { padding: .15rem 0; background: transparent; white-space: nowrap; }
.st-key-nav-places a:has(strong) { box-shadow: 0 2px 0 #1A1F24; border-radius: 0; }
div:has(> .st-key-nav-language) { margin-left: auto; }
.st-key-nav-language button { min-height: 1.8rem; padding: 0 .6rem; }
[data-testid="stHeading"] :is(h1, h2, h3) { font-family: "Source Serif", "Source Serif 4", Georgia, serif; font-weight: 600; }
[data-testid="stHeading"] h1 { font-size: 2.4rem; line-height: 1.15; }
[data-testid="stHeading"] h2 { font-size: 1.65rem; }
[data-testid="stHeading"] h3 { font-size: 1.3rem; }
.older { font-size: .82rem; line-height: 1.3; margin: -.6rem 0 0; color: #525C66; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-top: .4rem; }
  [data-testid="stHeading"] h1 { font-size: 1.85rem; }
  .st-key-nav-places { column-gap: .7rem; }
  .st-key-nav-places a p { font-size: .84rem; }
  .st-key-nav-pages { column-gap: .9rem; }
}
.scroll { overflow-x: auto; border: 1px solid #D5DADF; border-radius: .5rem; }
.scroll table { border-collapse: collapse; width: 100%; font-size: .92rem; line-height: 1.35; }
.scroll th, .scroll td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #E6E9EC; vertical-align: top; }
.scroll th { color: #37414A; font-weight: 600; background: #F7F8F9; }
.scroll tr:last-child td { border-bottom: 0; }
@media (max-width: 640px) { .scroll table { min-width: 42rem; } .st-key-diagram { display: none; } }
@media (min-width: 641px) { .st-key-diagram-list { display: none; } }
.lead { font-size: 1.35rem; line-height: 1.45; margin: 0 0 .4rem; }
.small { font-size: .92rem; line-height: 1.4; margin: 0; color: #37414A; }
.verdict { font-weight: 600; }
.timeline { border-left: 3px solid #0072B2; margin-left: .5rem; padding-left: 1.1rem; list-style: none; }
.timeline li { margin: 0 0 .55rem; position: relative; }
.timeline li::before { content: ""; position: absolute; left: -1.62rem; top: .45rem; width: .7rem; height: .7rem;
  border-radius: 50%; background: #0072B2; }
.timeline li.law::before { background: #fff; border: 3px solid #5B6670; width: .45rem; height: .45rem; }
.timeline li.lost { color: #A8480B; font-weight: 600; }
.timeline li.lost::before { background: #A8480B; }
.timeline .when { font-variant-numeric: tabular-nums; font-weight: 600; margin-right: .5rem; }
</style>
"""
