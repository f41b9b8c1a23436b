"""Files as the ministry, a spreadsheet or somebody's own hand writes them, made from rows of the packaged tables."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

from sim.scenario.months import COLUMNS, Row, Tables, read_tables
from sim.scenario.months.cells import MONTHS

OBSERVED = Path(__file__).parents[1] / "scenarios" / "observed"
TABLES = read_tables(OBSERVED)
HEAD = ("Etablissement", "Quartier (1)", "Capacité norme circulaire", "Capacité opérationnelle", "Ecroués détenus",
        "Densité carcérale")  # fmt: skip
REGIONS = {
    name: f"Direction Interrégionale de {name}"
    for name in ("Bordeaux", "Dijon", "Lille", "Lyon", "Marseille", "Paris", "Rennes", "Strasbourg", "Toulouse")
} | {"Mom": "Direction d'Outre-Mer"}


def until(day: str) -> Tables:
    """The packaged tables as they were before a month came."""
    later = {known: rows for known, rows in TABLES.later.rows.items() if known < day}
    text = "".join(line for line in TABLES.later.text.splitlines(keepends=True) if line[:10] < day or line.startswith("date"))
    return Tables(TABLES.model, replace(TABLES.later, rows=later, text=text))


def month(day: str) -> list[Row]:
    """Rows of a published month."""
    return list(TABLES.months[day])


def number(value: int | None) -> str:
    """A count as the ministry writes it: thousands apart, ``NC`` where it is masked."""
    return "NC" if value is None else f"{value:,}".replace(",", "\u202f")


def percent(people: int | None, places: int) -> str:
    """A density as the ministry writes it."""
    if people is None:
        return "NC"
    return f"{100 * people / places:.1f} %".replace(".", ",") if places else "Inf" if people else "--"


def in_words(day: str) -> str:
    """A day as the ministry writes it."""
    year, month_, _ = day.split("-")
    return f"1er {MONTHS[int(month_) - 1].replace('fevrier', 'février').replace('aout', 'août')} {year}"


def line(row: Row) -> list[str]:
    """One quarter as a line of a tab."""
    counts = (row.capacity_theoretical, row.capacity_operational, row.detainees)
    return [row.establishment, row.quarter_type, *map(number, counts), percent(row.detainees, row.capacity_operational)]


def sums(rows: list[Row]) -> list[str]:
    """Places and people of lines, as totals write them."""
    columns = ("capacity_theoretical", "capacity_operational", "detainees")
    return [number(sum(getattr(row, column) or 0 for row in rows)) for column in columns]


def workbook(
    rows: list[Row], *, totals: list[Row] | None = None, tab2: list[list[str]] | None = None
) -> dict[str, list[list[str]]]:
    """Sheets of the ministry's workbook; its totals are those of other rows if they are given."""
    day, true = in_words(rows[0].date), totals or rows
    book = {"Sommaire": [["Statistique des établissements et des personnes écrouées en France"], [f"Situation au {day}"]]}
    book |= {f"Tab{at}": [[f"Tableau {at}"], [f"Effectifs actualisés au {day}"]] for at in range(1, 14)}
    if tab2:
        book["Tab2"] += tab2
    book["Tab6"] += [[], ["Quartier", *HEAD[2:5]]]
    for kind in sorted({row.quarter_type for row in true}):
        book["Tab6"].append([kind, *sums([row for row in true if row.quarter_type == kind])])
    book["Tab6"].append(["Ensemble", *sums(true)])
    book["Tab8"] += [[], ["Niveau", *HEAD[2:]]]
    for at, (region, title) in enumerate(REGIONS.items(), start=14):
        own, whole = ([row for row in side if row.interregion == region] for side in (rows, true))
        tab = [[f"Tableau {at} : Répartition des personnes écrouées détenues par établissement - {title}"],
               [f"Effectifs actualisés au {day}"], [f"Capacités actualisées au {day}"], [],
               ["Source : ministère de la Justice/DGAP - GENESIS"], [], list(HEAD)]  # fmt: skip
        tab += [line(row) for row in own]
        for kind in sorted({row.quarter_type for row in whole}):
            tab.append(["Total", kind, *sums([row for row in whole if row.quarter_type == kind]), ""])
        tab.append(["Direction Interrégionale", "", *sums(whole), ""])
        tab += [["(1) MA/QMA : maison d'arrêt et quartier maison d'arrêt ; …"], ["Capacité norme circulaire : …"]]
        book[f"Tab{at}"] = tab
        book["Tab8"].append(["DSPOM" if region == "Mom" else f"DISP {region.upper()}", *sums(whole), ""])
    return book


def xlsx(path: Path, book: dict[str, list[list[str]]]) -> Path:
    """Write a workbook of Excel, every cell a text in place."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    link = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(book, start=1))
        packed.writestr("xl/workbook.xml", f"<workbook {space} {link}><sheets>{names}</sheets></workbook>")
        links = "".join(
            f'<Relationship Id="r{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            for at in range(1, len(book) + 1)
        )
        packed.writestr("xl/_rels/workbook.xml.rels", f"<Relationships {package}>{links}</Relationships>")
        packed.writestr(
            "_rels/.rels",
            f'<Relationships {package}><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        for at, rows in enumerate(book.values(), start=1):
            told = "".join(f'<row r="{r}">{"".join(_cell(r, c, text) for c, text in enumerate(row))}</row>'
                           for r, row in enumerate(rows, start=1))  # fmt: skip
            packed.writestr(f"xl/worksheets/sheet{at}.xml", f"<worksheet {space}><sheetData>{told}</sheetData></worksheet>")
    return path


def _cell(row: int, column: int, text: str | float) -> str:
    at = f"{chr(ord('A') + column)}{row}"
    if isinstance(text, int | float):
        return f'<c r="{at}"><v>{text}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else ""


def ods(path: Path, book: dict[str, list[list[str]]]) -> Path:
    """Write a workbook in the State's own standard."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    sheets = []
    for name, rows in book.items():
        told = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        sheets.append(f'<table:table table:name="{escape(name)}">{told}</table:table>')
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return path


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def stacked(rows: list[Row]) -> list[list[str]]:
    """The ten tabs one under the other, with a column for the interregion, as people stack them by hand."""
    table = [[*HEAD, "Direction interrégionale"]]
    for region in REGIONS:
        name = "DSPOM" if region == "Mom" else f"DISP {region.upper()}"
        table += [[*line(row), name] for row in rows if row.interregion == region]
    return table


def own(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> list[list[str]]:
    """The table in our own columns."""
    told = [["" if (value := getattr(row, column)) is None else str(value) for column in columns] for row in rows]
    return [list(columns), *told]


def text(path: Path, table: list[list[str]], separator: str = ";", encoding: str = "utf-8") -> Path:
    """Write a CSV file; the code page of a French Windows has no thin space, so Excel writes a hard one."""
    sink = io.StringIO()
    csv.writer(sink, delimiter=separator).writerows(table)
    path.write_bytes(sink.getvalue().replace("\u202f", "\xa0" if encoding == "cp1252" else "\u202f").encode(encoding))
    return path


def changed(rows: list[Row], name: str, kind: str, **figures: object) -> list[Row]:
    """Rows with other figures in one quarter."""
    assert any((row.establishment, row.quarter_type) == (name, kind) for row in rows), name
    return [replace(row, **figures) if (row.establishment, row.quarter_type) == (name, kind) else row for row in rows]


def without(rows: list[Row], name: str) -> list[Row]:
    """Rows without an establishment."""
    kept = [row for row in rows if not row.establishment.startswith(name)]
    assert len(kept) < len(rows), name
    return kept
