"""The note of one question as an OpenDocument text: what an office opens, edits and signs."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sim.presentation.question.svg import LESS, MORE, MUTED, fine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.presentation.one_page import OnePage

MIMETYPE = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("manifest", "manifest"), ("meta", "meta"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
_DAY = (1980, 1, 1, 0, 0, 0)
"""Date of every part: the same note is the same bytes."""
_PICTURE = "Pictures/why.png"
_TONES = {"less": LESS, "more": MORE, "unsure": MUTED}
_CM = 17.5
"""Width of the picture, in centimetres."""


def one_page_odt(note: OnePage) -> bytes:
    """Return the note as the bytes of a file."""
    png, ratio = _png(note.picture)
    parts: list[tuple[str, bytes]] = [
        ("content.xml", _content(note, ratio if png else 0.0).encode()),
        ("styles.xml", _styles().encode()),
        ("meta.xml", _meta(note).encode()),
    ]
    if png:
        parts.append((_PICTURE, png))
    parts.append(("META-INF/manifest.xml", _manifest([name for name, _ in parts]).encode()))
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        # The kind of document comes first and unpacked, so that a program knows it from the first bytes.
        packed.writestr(zipfile.ZipInfo("mimetype", _DAY), MIMETYPE, zipfile.ZIP_STORED)
        for name, content in parts:
            packed.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _png(svg: str) -> tuple[bytes, float]:
    """Draw the picture, with its height for a width of one; nothing where there is none."""
    if not svg:
        return b"", 0.0
    import vl_convert  # noqa: PLC0415 (30 MB of a browser's engine)

    width, height = (float(part) for part in svg.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split())
    drawn: bytes = vl_convert.svg_to_png(svg, scale=2)
    return drawn, height / width


def _content(note: OnePage, ratio: float) -> str:
    t = note.t
    tones = "".join(
        f'<style:style style:name="n-{tone}" style:family="text"><style:text-properties fo:color="{colour}" '
        f'fo:font-size="18pt" fo:font-weight="bold"/></style:style>'
        for tone, colour in _TONES.items()
    )
    thirds = f'<table:table-column table:number-columns-repeated="{max(len(note.numbers), 1)}"/>'
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p text:style-name="Small">'
        f'<text:span text:style-name="n-{number.tone}">{_safe(note, number.text)}</text:span></text:p>'
        f"{_p(note, number.what)}{_p(note, f'{number.interval} · {number.said}')}</table:table-cell>"
        for number in note.numbers
    )
    numbers = (
        f'<table:table table:name="numbers">{thirds}<table:table-row>{cells}</table:table-row></table:table>' if cells else ""
    )
    drawn = (
        f'<text:p text:style-name="Small"><draw:frame draw:name="why" text:anchor-type="as-char" svg:width="{_CM}cm" '
        f'svg:height="{_CM * ratio:.2f}cm"><draw:image xlink:href="{_PICTURE}" xlink:type="simple" xlink:show="embed" '
        f'xlink:actuate="onLoad"/><svg:desc>{_safe(note, note.why or note.title)}</svg:desc></draw:frame></text:p>'
        if ratio
        else ""
    )
    checks = [f"{'✓' if check.passed else '✗'} {check.head}. {check.body}" for check in note.checks]
    sections = (
        (t("page.solid"), checks), (t("page.changes"), note.changes), (t("note.leans"), note.leans),
        (t("onepage.limits"), note.limits),
    )  # fmt: skip
    body = "".join(
        [
            _p(note, note.kicker), _p(note, note.title, "Title"), _p(note, note.body, "Body"),
            _p(note, note.why, "Body") if note.why else "", numbers, _p(note, note.period), drawn,
            *(piece for head, lines in sections for piece in _section(note, head, lines)),
            _p(note, f"{note.cite} {t('note.again')} {note.command}"),
        ]
    )  # fmt: skip
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{tones}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        f"</office:document-content>"
    )


def _section(note: OnePage, head: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f'<text:h text:style-name="Heading" text:outline-level="2">{_safe(note, head)}</text:h>'
        items = "".join(f"<text:list-item>{_p(note, line)}</text:list-item>" for line in lines)
        yield f'<text:list text:style-name="Dots">{items}</text:list>'


def _p(note: OnePage, text: str, style: str = "Small") -> str:
    return f'<text:p text:style-name="{style}">{_safe(note, text)}</text:p>'


def _safe(note: OnePage, text: str) -> str:
    return escape(fine(text, note.t.lang))


def _styles() -> str:
    def paragraph(name: str, size: str, rest: str = "", above: str = "0.05cm") -> str:
        return (
            f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:margin-top="{above}" '
            f'fo:margin-bottom="0.08cm"/><style:text-properties fo:font-size="{size}" style:font-name="Liberation Sans" '
            f'fo:font-family="Liberation Sans, Arial" {rest}/></style:style>'
        )

    bold = 'fo:font-weight="bold"'
    dots = (
        '<text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
        '<style:list-level-properties text:space-before="0.1cm" text:min-label-width="0.4cm"/>'
        "</text:list-level-style-bullet></text:list-style>"
    )
    page = (
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
        'fo:margin-top="1.3cm" fo:margin-bottom="1.2cm" fo:margin-left="1.7cm" fo:margin-right="1.7cm"/></style:page-layout>'
    )
    named = paragraph("Title", "17pt", bold) + paragraph("Heading", "10.5pt", bold, "0.2cm") + paragraph("Body", "10pt")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_SPACES} office:version="1.3"><office:styles>{named}'
        f"{paragraph('Small', '8pt')}{dots}</office:styles><office:automatic-styles>{page}</office:automatic-styles>"
        f'<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/></office:master-styles>'
        f"</office:document-styles>"
    )


def _meta(note: OnePage) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta {_SPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{_safe(note, note.title)}</dc:title><dc:subject>{_safe(note, note.kicker)}</dc:subject>"
        f"<dc:language>{note.t.lang}</dc:language></office:meta></office:document-meta>"
    )


def _manifest(names: Sequence[str]) -> str:
    kinds = {".xml": "text/xml", ".png": "image/png"}
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kinds[name[-4:]]}"/>' for name in names
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {_SPACES} manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>{lines}</manifest:manifest>'
    )
