"""A month that the model is to start from moves the country too: a run that starts there has its published stock."""

from __future__ import annotations

import shutil

import pytest

from sim.cli import main
from sim.errors import DataError
from sim.scenario import load_scenario
from sim.scenario.months.rebase import rebased, stock_of
from tests.ministry import workbook, xlsx
from tests.scenario.test_months_written import JUNE, TAB2, june

PUBLISHED = {"detenus": 88_500, "prevenus_detenus": 22_200, "ecroues_non_detenus": 18_200}


@pytest.fixture
def scenarios(root, tmp_path):
    """A copy of the packaged scenarios with their tables."""
    return shutil.copytree(root / "scenarios", tmp_path / "scenarios")


def test_the_stock_adds_up_to_what_is_published(scenarios):
    baseline = scenarios / "baseline.yaml"
    stock = stock_of(baseline, JUNE, PUBLISHED)
    baseline.write_text(rebased(baseline, JUNE, stock), encoding="utf-8")
    world = load_scenario(baseline)
    day = _day(JUNE)
    hosted = next(world.number(name, day) for name in world.leaves if name.endswith("external_hosted_share"))
    held = world.number("stock.remand", day) + world.number("stock.serving", day) + world.number("stock.measures.SL", day)
    outside = world.number("stock.measures.PE", day)
    assert held + hosted * outside == pytest.approx(88_500, abs=1)
    assert world.number("stock.measures.DDSE", day) + (1 - hosted) * outside == pytest.approx(18_200, abs=1)


def _day(text):
    from sim.dates import parse_day  # noqa: PLC0415

    return parse_day(text)


def test_only_the_stock_moves_and_only_from_that_day(scenarios):
    baseline = scenarios / "baseline.yaml"
    before, text = load_scenario(baseline), baseline.read_text(encoding="utf-8")
    baseline.write_text(rebased(baseline, JUNE, stock_of(baseline, JUNE, PUBLISHED)), encoding="utf-8")
    after = load_scenario(baseline)
    moved = {name for name, leaf in after.leaves.items() if leaf != before.leaves[name]}
    assert moved == {"stock.remand", "stock.serving", "stock.measures.DDSE"}
    for name in moved:
        assert after.number(name, after.start_day) == before.number(name, before.start_day), "a run of today starts as it did"
        assert after.number(name, _day(JUNE) - 1) == before.number(name, _day(JUNE) - 1)
    lines = zip(text.splitlines(), baseline.read_text(encoding="utf-8").splitlines(), strict=True)
    assert sum(one != other for one, other in lines) == 3, "the rest of the file stays to the byte"
    again = rebased(baseline, JUNE, stock_of(baseline, JUNE, PUBLISHED))
    assert again == baseline.read_text(encoding="utf-8"), "twice is once"


def test_what_is_not_published_is_not_made_up(scenarios):
    baseline = scenarios / "baseline.yaml"
    assert stock_of(baseline, JUNE, {"detenus": 88_500}) == {}
    assert set(stock_of(baseline, JUNE, {"detenus": 88_500, "prevenus_detenus": 22_200})) == {"stock.remand", "stock.serving"}
    with pytest.raises(DataError, match="expected some"):
        stock_of(baseline, JUNE, {"detenus": 20_000, "prevenus_detenus": 22_200})


def test_a_baseline_without_dated_values_is_told(scenarios):
    baseline = scenarios / "baseline.yaml"
    for text in ("parameters: {stock: {remand: {value: 3}}}", "[]", "a: [", ""):
        baseline.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"baseline\.yaml"):
            rebased(baseline, JUNE, {"stock.remand": 3})


@pytest.mark.parametrize(("tab2", "moves"), [(TAB2, True), (None, False)])
def test_the_command_moves_the_country_with_the_base_date(scenarios, tmp_path, capsys, tab2, moves):
    file = xlsx(tmp_path / "june.xlsx", workbook(june(), tab2=tab2) if tab2 else workbook(june()))
    before = (scenarios / "baseline.yaml").read_bytes()
    options = ["--into", str(scenarios / "observed"), "--use", "base", "--apply", "--lang", "fr"]
    with pytest.raises(SystemExit) as left:
        main(["data", "refresh", str(file), *options])
    out, err = capsys.readouterr()
    assert left.value.code == 0, err
    assert ((scenarios / "baseline.yaml").read_bytes() != before) is moves, out + err
    if moves:
        assert load_scenario(scenarios / "baseline.yaml").number("stock.remand", _day(JUNE)) == 22_200
    else:
        assert "le stock du premier jour reste" in err
