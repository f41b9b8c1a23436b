"""What DuckDB refuses is told in our words, and in French: no English word of its own is left around the names."""

from __future__ import annotations

import re

import duckdb
import pytest

from sim.experiments.query_refusals import refusal
from sim.presentation.messages import french

ENGLISH = re.compile(
    r"\b(error|column|clause|table|syntax|near|name|found|mean|function|string|cast|type|must|appear)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def asked():
    connection = duckdb.connect()
    connection.execute("create view exits as select 1 as day, 'dry' as regime_name")

    def refused(question):
        with pytest.raises(duckdb.Error) as problem:
            connection.execute(question).fetchall()
        return str(problem.value)

    return refused


@pytest.mark.parametrize(
    ("question", "told", "in_french"),
    [
        ("select dey from exits", "no column 'dey' in what is read. Close to it: day", "aucune colonne « dey »"),
        ("select e.x from exits e", "no column 'x' in 'e'", "aucune colonne « x » dans « e »"),
        ("select * from exitz", "no view 'exitz'. Close to it: exits", "aucune vue « exitz ». Proches : exits"),
        ("selec * from exits", "the statement cannot be read from 'selec' on", "ne se lit plus à partir de « selec »"),
        ("select (select 1", "the statement cannot be read from '1' on", "à partir de « 1 »"),
        ("select 'abc", "a text is opened by ' and never closed", "jamais fermé"),
        ("select sum(regime_name) from exits", "nothing computes sum(VARCHAR)", "rien ne calcule sum(VARCHAR)"),
        ("select day, count(*) from exits", "'day' is neither in group by nor inside a sum", "n'est ni dans group by"),
        ("select cast('x' as integer)", "no INT32 can be made of 'x'", "aucun INT32 ne peut se faire de « x »"),
        ("select day::date from exits", "a INTEGER cannot be made a DATE", "ne peut devenir un DATE"),
        ("select nofun(day) from exits", "no function 'nofun'", "aucune fonction « nofun »"),
        ("select * from exits where max(day) > 1", "a sum, an average … cannot stand in where: use having", "employer having"),
    ],
)
def test_a_refusal_is_told_in_our_words_and_in_french(asked, question, told, in_french):
    said = refusal(asked(question))
    assert said.startswith(told)
    answer = french(said) or ""
    assert in_french in answer
    assert not ENGLISH.search(re.sub(r"Ici : .*|«[^»]*»|Proches : .*", "", answer, flags=re.DOTALL)), answer


def test_what_is_not_known_keeps_the_words_of_duckdb_named_as_such():
    assert refusal("Internal Error: x") == "DuckDB: Internal Error: x"
    assert french("DuckDB: Internal Error: x") == "DuckDB, en anglais : Internal Error: x"
