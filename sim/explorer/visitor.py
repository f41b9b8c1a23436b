"""Who is in front of a page: the same browser after a reload, and never somebody else who has the same address."""

from __future__ import annotations

import hashlib
import itertools

import streamlit as st

_COOKIE = "_streamlit_xsrf"
"""Set by Streamlit to protect uploads; the only cookie there is."""
_SESSIONS = itertools.count(1)
"""Numbers of the sessions of this server: they stay on it, so that nobody can say that of another."""


def names() -> frozenset[str]:
    """Names of the visitor on this server: that of the session, and that of the browser where it has one.

    They say nothing of the person: the number of the session, the hash of a number drawn for the browser.
    """
    session = f"session {st.session_state.setdefault('visitor', next(_SESSIONS))}"
    browser = browser_of(st.context.cookies.get(_COOKIE, ""))
    return frozenset({session} | ({browser} if browser else set()))


def browser_of(cookie: str) -> str:
    """Name of a browser by its cookie, ``2|mask|masked number|time`` in hexadecimal; empty if it has none.

    The mask is another in each answer of the server (so that compression tells nothing of the number), the number stays.
    """
    try:
        version, mask, masked, _ = cookie.strip("\"'").split("|")
        key, hidden = bytes.fromhex(mask), bytes.fromhex(masked)
    except ValueError:
        return ""
    if version != "2" or not key or len(hidden) < 16:
        return ""
    number = bytes(one ^ other for one, other in zip(hidden, itertools.cycle(key), strict=False))
    return hashlib.sha256(number).hexdigest()
