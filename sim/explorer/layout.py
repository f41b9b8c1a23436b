"""Page set-up, navigation, language, footer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sim.errors import RunFolderError
from sim.explorer.data import reference
from sim.presentation.texts import LANGUAGES, Texts
from sim.records.manifest import package_version

_HERE = Path(__file__).parent
PAGES = (
    ("overview", "vue-d-ensemble", ":material/home:"),
    ("compare", "comparer", ":material/compare_arrows:"),
    ("build", "construire", ":material/tune:"),
    ("life", "une-vie", ":material/timeline:"),
    ("howmany", "combien", ":material/my_location:"),
    ("sites", "etablissements", ":material/location_on:"),
    ("sources", "sources", ":material/menu_book:"),
    ("method", "methode", ":material/info:"),
)
"""File, address and icon of each page; its title is the text ``nav.<file>``."""


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
    pages = [
        st.Page(page_file(name), title=t(f"nav.{name}"), icon=icon_of, url_path=path, default=name == PAGES[0][0])
        for name, path, icon_of in PAGES
    ]
    page = st.navigation(pages, position="top")
    st.html(_STYLE)
    _language(t)
    try:
        told = reference()
    except RunFolderError as problem:
        st.title(t("app.title"), anchor=False)
        st.error(t("app.no_reference", problem=t.problem(problem)))
        return
    if float(told.manifest["fraction"]) < 1:
        share, n = t.percent(float(told.manifest["fraction"])), t.number(told.manifest["replications"])
        st.info(t("app.sampled", share=share, n=n), icon=":material/science:")
    if told.manifest["version"] != package_version():
        st.info(t("app.older", made=told.manifest["version"], own=package_version()), icon=":material/history:")
    page.run()
    _footer(t)


def _language(t: Texts) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
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
[data-testid="stMainBlockContainer"] { padding-top: 4rem; max-width: 90rem; }
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
.timeline .when { font-variant-numeric: tabular-nums; font-weight: 600; margin-right: .5rem; }
</style>
"""
