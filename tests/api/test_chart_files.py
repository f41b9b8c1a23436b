"""A chart that cannot be saved says so in our words, in both languages; one that can is saved."""

from __future__ import annotations

import altair as alt
import pytest

from sim.api.chart_files import told
from sim.errors import RequestError
from sim.presentation.messages import french


@pytest.fixture
def chart():
    bars = alt.Chart(alt.Data(values=[{"a": 1, "b": 2}])).mark_bar().encode(x="a:Q", y="b:Q")
    return told(alt.layer(bars, bars.mark_text()))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere/dry.html", "no such folder"),
        ("dry.docx", "no chart can be saved as 'docx'"),
        ("dry", "no chart can be saved as 'a file without an ending'"),
        ("folder.html", r"cannot be written \(.*\). Save it elsewhere"),
    ],
)
def test_a_path_that_cannot_be_is_refused_with_a_way_out(tmp_path, chart, name, said):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(RequestError, match=said) as refused:
        chart.save(tmp_path / name)
    assert french(str(refused.value)) is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.html"]


def test_what_is_no_path_is_refused(chart):
    with pytest.raises(RequestError, match="expected the path of a file"):
        chart.save(3)


def test_a_chart_is_saved_whatever_is_made_of_it_afterwards(tmp_path, chart):
    chart.properties(title="Dry").save(tmp_path / "dry.html")
    assert "vega" in (tmp_path / "dry.html").read_text(encoding="utf-8")
    with pytest.raises(RequestError, match="no such folder"):
        chart.properties(title="Dry").save(tmp_path / "nowhere" / "dry.json")
    chart.save(str(tmp_path / "dry.json"))
    assert alt.Chart.from_json((tmp_path / "dry.json").read_text(encoding="utf-8")) is not None
