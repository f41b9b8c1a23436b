"""Who is in front of a page: the same browser after a reload, and never somebody else who has the same address."""

from __future__ import annotations

import hashlib
import secrets

import streamlit as st

_COOKIE = "_streamlit_xsrf"
"""Set by Streamlit to protect uploads; the only cookie there is."""


def names() -> frozenset[str]:
    """Names of the visitor on this server: that of the session, and that of the browser where it has one.

    They say nothing of the person: a number drawn for the session, the hash of a cookie drawn for the browser.
    """
    session = st.session_state.setdefault("visitor", secrets.token_hex(16))
    cookie = st.context.cookies.get(_COOKIE, "")
    return frozenset({session} | ({hashlib.sha256(cookie.encode()).hexdigest()} if cookie else set()))
