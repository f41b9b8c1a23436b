"""Choices that the address of a page holds: a link opens what its sender saw, and one that asks for nothing known says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.presentation.texts import Texts

LONGEST = 60
"""Characters of what an address asked for that are said back: somebody else may have written it."""


def unknown(t: Texts, asked: str) -> None:
    """Say that an address asks for something that is not there."""
    st.warning(t("address.unknown", name=asked[:LONGEST].replace("`", "'")))


def listed(
    t: Texts,
    part: str,
    label: str,
    options: Sequence[str],
    *,
    key: str,
    told: Callable[[str], str],
    default: str | None = None,
    draw: Callable[..., Any] = st.selectbox,
    **more: Any,
) -> str:
    """Ask for one of a list; ``part`` is the word of the address that holds the choice, in the words of files.

    The address wins when it changes by itself (a link, back, forward), the list when the visitor uses it.
    """
    first = options[0] if default is None else default
    asked, kept = st.query_params.get(part), f"address-{part}"
    if asked is not None and asked not in options:
        unknown(t, asked)
    if asked in options and st.session_state.get(kept) != asked:
        st.session_state[key] = asked
    if st.session_state.get(key) not in options:
        st.session_state[key] = asked if asked in options else first
    chosen = str(draw(label, options, key=key, format_func=told, **more))
    st.session_state[kept] = chosen
    if chosen != first:
        st.query_params[part] = chosen
    elif part in st.query_params:
        del st.query_params[part]
    return chosen
