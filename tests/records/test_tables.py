from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.records import codes, tables

LIMITS = {"b": (-(2**7), 2**7 - 1), "h": (-(2**15), 2**15 - 1), "i": (-(2**31), 2**31 - 1)}


def value_of(column):
    if column.code == "f":
        return st.floats(width=32, allow_nan=False)
    return st.integers(*LIMITS[column.code])


@st.composite
def filled(draw):
    name = draw(st.sampled_from(sorted(tables.SCHEMA)))
    row = st.tuples(*(value_of(column) for column in tables.SCHEMA[name]))
    return name, draw(st.lists(row, max_size=5))


@given(filled())
def test_what_is_packed_is_read_back(table_and_rows):
    name, rows = table_and_rows
    table = tables.PackedTable(name)
    for row in rows:
        table.rows += table.row(*row)
    array = table.array()
    assert array.dtype.names == tuple(column.name for column in tables.SCHEMA[name])
    assert [tuple(record) for record in array.tolist()] == rows


def test_a_row_takes_its_bytes_and_no_padding():
    for name, columns in tables.SCHEMA.items():
        size = sum({"b": 1, "h": 2, "i": 4, "f": 4}[column.code] for column in columns)
        table = tables.PackedTable(name)
        assert len(table.row(*([0] * len(columns)))) == size == table.array().dtype.itemsize


@pytest.mark.parametrize("wrong", [(1, 2), (2**31, 0, 0, 0, 0, 0, 0, 0), (0, 0, 2**15, 0, 0, 0, 0, 0)])
def test_a_row_that_does_not_fit_is_refused(wrong):
    with pytest.raises(struct.error):
        tables.PackedTable("events").row(*wrong)


def test_the_array_does_not_move_when_the_table_grows():
    table = tables.PackedTable("measures")
    table.rows += table.row(10, 1, 0, 0, 5, 0, 0)
    before = table.array()
    table.rows += table.row(11, 2, 0, 0, 6, 1, 0)
    assert before["day"].tolist() == [10]
    assert table.array()["withdrawn"].tolist() == [0, 1]


def test_every_column_has_a_known_type_and_a_meaning():
    for name, columns in tables.SCHEMA.items():
        names = [column.name for column in columns]
        assert len(set(names)) == len(names), name
        for column in columns:
            assert column.code in tables._NUMPY, column
            assert column.name.isidentifier(), column
            assert column.meaning.strip(), column


@pytest.mark.parametrize("enum", [codes.Status, codes.Movement, codes.Outcome, codes.Cause, codes.WaitingList, codes.Offence])
def test_codes_are_positions_and_fit_a_byte(enum):
    assert [member.value for member in enum] == list(range(len(enum)))
    assert len(enum) <= 2**7


def codebook():
    return tables.Codebook(
        streams=("fast_track",),
        adjustments=("LC",),
        regimes=("DDSE",),
        kinds=("MA",),
        interregions=("Lille",),
        sites=("A",),
        site_ids=("1",),
        site_interregion=(0,),
        quarters=("A — MA",),
        quarter_kind=(0,),
        quarter_site=(0,),
    )


def test_records_hold_one_table_each_and_share_none():
    one, two = tables.Records(codebook()), tables.Records(codebook())
    one.nation.rows += one.nation.row(0, 1, 2, 3, 4, 5, 6)
    assert one.tables["nation"].array()["detained"].tolist() == [1]
    assert two.nation.array().shape == (0,)
    assert two.nation.array().dtype == one.nation.array().dtype


def test_an_unknown_table_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nations"):
        _ = tables.Records(codebook()).nations
    assert not hasattr(tables.Records(codebook()), "nations")


def test_days_are_the_days_of_numpy():
    table = tables.PackedTable("nation")
    table.rows += table.row(20362, 0, 0, 0, 0, 0, 0)
    assert table.array()["day"].astype("datetime64[D]")[0] == np.datetime64("2025-10-01")


def test_rows_put_away_are_those_that_were_written(monkeypatch):
    monkeypatch.setattr(tables, "ROWS_OF_BLOCK", 3)
    table, whole = tables.PackedTable("events"), tables.PackedTable("events")
    for day in range(8):
        for each in (table, whole):
            each.rows += each.row(day, 7, 0, 1, -1, 2, 5, day * day)
        if day in (1, 3, 6):
            table.pack()
    assert len(table.rows) == 2 * table.dtype.itemsize
    assert len(table) == len(whole) == 8
    assert [len(block) for block in table.blocks()] == [3, 3, 2]
    assert table.array().tolist() == table.view().tolist() == whole.array().tolist()
    assert [block.tolist() for block in whole.blocks()] == [block.tolist() for block in table.blocks()]
    assert [len(block) for block in tables.PackedTable("events").blocks()] == [0]


@pytest.mark.parametrize("rows", [0, 3, 8])
def test_columns_in_the_place_of_rows_hold_what_was_written(monkeypatch, rows):
    monkeypatch.setattr(tables, "ROWS_OF_BLOCK", 3)
    monkeypatch.setattr(tables, "_ROWS_AT_HAND", 2)
    table, whole = tables.PackedTable("events"), tables.PackedTable("events")
    for day in range(rows):
        for each in (table, whole):
            each.rows += each.row(day, 7, 0, 1, -1, 2, 5, day * day)
    table.pack()
    columns = table.turn_into_columns()
    assert list(columns) == [column.name for column in table.columns]
    assert {name: column.tolist() for name, column in columns.items()} == {
        name: whole.array()[name].tolist() for name in columns
    }
    assert table.array().tolist() == table.view().tolist() == whole.array().tolist()
    assert table.array().dtype == whole.array().dtype
    assert len(table) == rows
    given = [{name: block[name].tolist() for name in columns} for block in table.blocks()]
    assert given == [{name: block[name].tolist() for name in columns} for block in whole.blocks()]
    with pytest.raises(AttributeError):
        table.rows += b"0"
