"""The page that says which test holds each finding of the review of first contact: all findings, and tests that exist."""

from __future__ import annotations

import ast
import re

FINDINGS = [*(str(n) for n in range(1, 15)), *(f"A{n}" for n in range(1, 10)), "A3b"]
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_finding_has_its_test_and_every_test_exists(root):
    rows = [line.split("|") for line in (root / "docs" / "first_contact.md").read_text(encoding="utf-8").splitlines()]
    table = {row[1].strip(): NAMED.findall(row[3]) for row in rows if len(row) == 5}
    assert set(FINDINGS) <= set(table)
    assert not [name for name in FINDINGS if not table[name]]
    known: dict[str, set[str]] = {}
    missing = []
    for file, test in (pair for pairs in table.values() for pair in pairs):
        if file not in known:
            tree = ast.parse((root / "tests" / file).read_text(encoding="utf-8"))
            known[file] = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        if test not in known[file]:
            missing.append(f"{file}::{test}")
    assert not missing, missing
