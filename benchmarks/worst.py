"""How long the worst files under 50 MB take, and how much memory: `python benchmarks/worst.py`.

Each is made by a process of its own, then read by `ae-cli columns`, which must end within ten
seconds and 500 MB, with what the file holds or with one clear error. Names choose some of them.
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from measure import ROOT, environment, timed

SIZE = 49_000_000
HEAD = b"USUBJID,AETERM,AETOXGR,AESTDTC\n"
ROW = b"001,Nausea,2,2024-03-04\n"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>' + (
    '<sheet name="AE" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = f'<Relationships xmlns="{PACKAGE}">' + (
    f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)
TOP = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" ' + (
    f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
PARTS = {"[Content_Types].xml": TYPES, "_rels/.rels": TOP, "xl/workbook.xml": BOOK,
         "xl/_rels/workbook.xml.rels": RELS}  # fmt: skip
FIRST = "".join(
    f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>'
    for c, t in zip("ABCD", ("USUBJID", "AETERM", "AETOXGR", "AESTDTC"), strict=True)
)


def xlsx(rows: Iterable[str], texts: Iterable[str] = ()) -> bytes:
    """A workbook of one sheet, from the XML of its rows and of its shared texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, part in PARTS.items():
            book.writestr(name, part)
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as file:
            _pour(file, f'<sst xmlns="{MAIN}">', texts, "</sst>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            head = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{FIRST}</row>'
            _pour(file, head, rows, "</sheetData></worksheet>")
    return out.getvalue()


def _pour(file: io.IOBase, head: str, parts: Iterable[str], end: str) -> None:
    file.write(head.encode())
    for part in parts:
        file.write(part.encode())
    file.write(end.encode())


LETTERS = "ABCDEFGHIJKLMNOPQRST"


def grid(rows: int, cell: str, attributes: str = "") -> Iterator[str]:
    """Rows of twenty cells, each as `cell` writes it."""
    for r in range(2, rows + 2):
        cells = "".join(cell.format(at=f"{c}{r}", n=r * 20 + i) for i, c in enumerate(LETTERS))
        yield f'<row r="{r}"{attributes}>{cells}</row>'


NUMBER = '<c r="{at}"><v>{n}</v></c>'
TEXT = '<c r="{at}" t="s"><v>{n}</v></c>'
INLINE = '<c r="{at}" t="inlineStr"><is><t>t{n}</t></is></c>'


def shared(rows: int) -> bytes:
    return xlsx(grid(rows, TEXT), (f"<si><t>text {n}</t></si>" for n in range(rows * 20 + 60)))


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, part in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), part)
    return out.getvalue()


def ods(rows: int) -> bytes:
    """OpenDocument of twenty texts a row."""
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    head = "".join(cell.format(t) for t in HEAD.decode().strip().split(","))
    body = "".join(
        "<table:table-row>" + "".join(cell.format(r * 20 + i) for i in range(20))
        + "</table:table-row>" for r in range(rows)
    )  # fmt: skip
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="AE"><table:table-row>{head}</table:table-row>{body}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    ).encode()
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(mimetype=kind, content_xml=content, **{"META-INF__manifest_xml": b"<m/>"})


def workbook(make: str, rows: int) -> bytes:
    """A workbook of the kind that the tests write by hand."""
    sys.path.insert(0, str(ROOT / "tests"))
    import formats

    head = HEAD.decode().strip().split(",")
    grid = [head, *([f"{r}", "Rash", 2, "2024", *range(16)] for r in range(rows))]
    made: bytes = getattr(formats, make)({"AE": grid})
    return made


def parquet(rows: int, columns: int) -> bytes:
    """One value so often that a few bytes tell it."""
    import polars as pl

    text = pl.Series(["Nausea"], dtype=pl.String).new_from_index(0, rows)
    out = io.BytesIO()
    names = ["USUBJID", "AETERM", *(f"X{i}" for i in range(columns - 2))]
    pl.DataFrame(dict.fromkeys(names, text)).write_parquet(out)
    return out.getvalue()


def xpt(rows: int) -> bytes:
    import polars as pl
    import pyreadstat

    table = pl.DataFrame(
        {"USUBJID": ["1"] * rows, "AETERM": ["Rash"] * rows, "AETOXGR": [2.0] * rows}
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "ae.xpt")
        pyreadstat.write_xport(table, target, table_name="AE", file_format_version=5)
        return target.read_bytes()


def filled(piece: bytes, head: bytes = b"", end: bytes = b"", size: int = SIZE) -> bytes:
    return head + piece * ((size - len(head) - len(end)) // len(piece)) + end


CHINESE = "受试者,不良事件,分级,开始日期\n"


def wide(text: bytes) -> bytes:
    return text.decode().encode("utf-16-le")


OBJECT = b'{"USUBJID":"001","AETERM":"Nausea","AETOXGR":2,"AESTDTC":"2024-03-04"}'
JSON = b'[{"USUBJID": "1", "AETERM": "'
FILES: dict[str, Callable[[], bytes]] = {
    "rows.csv": lambda: filled(ROW, HEAD),
    "distinct.csv": lambda: HEAD
    + b"".join(b"%d,Rash %d,2,2024\n" % (i, i) for i in range(1_800_000)),
    "ragged.csv": lambda: filled(b"1,a\n", HEAD),
    "commas.csv": lambda: filled(b","),
    "commas-and-rows.csv": lambda: filled(b",,,\n", HEAD),
    "lines.csv": lambda: filled(b"\n", HEAD),
    "quotes.csv": lambda: filled(b'"', HEAD),
    "quoted.csv": lambda: filled(b'"","",""\n', HEAD),
    "one-line.csv": lambda: filled(b"x"),
    "one-cell.csv": lambda: filled(b"x", HEAD + b"1,"),
    "gbk.csv": lambda: filled("001,恶心,2,2024\n".encode("gbk"), CHINESE.encode("gbk")),
    "utf16.csv": lambda: filled(wide(ROW), b"\xff\xfe" + wide(HEAD)),
    "unknown.csv": lambda: filled(b"\xa4\xc8\xb1\xc1,", b"\xd0\xd1,"),
    "western.csv": lambda: filled("001,Nausée,2,2024-03-04\n".encode("cp1252"), HEAD),
    "cyrillic.csv": lambda: filled("001,тошнота и рвота,2\n".encode(), HEAD),
    "high-bytes.csv": lambda: filled(bytes(range(0xA1, 0xFF)), HEAD),
    "lines.jsonl": lambda: filled(OBJECT + b"\n"),
    "array.json": lambda: filled(OBJECT + b",", b"[", OBJECT + b"]"),
    "nested.json": lambda: filled(b'[{"a":'),
    "lists.json": lambda: filled(b"[],", b'[{"a":1},', b"1]"),
    "blanks.json": lambda: filled(b" ", JSON, b'"}]'),
    "keys.jsonl": lambda: b"".join(b'{"USUBJID":1,"k%d":1}\n' % i for i in range(2_000_000))[:SIZE],
    "bomb.dsjc": lambda: zlib.compress(filled(b" ", JSON, b'"}]', 499_000_000)),
    "rows.dsjc": lambda: gzip.compress(filled(OBJECT + b"\n", size=400_000_000), 1),
    "numbers.xlsx": lambda: xlsx(grid(99_000, NUMBER)),
    "walked.xlsx": lambda: xlsx(grid(99_000, NUMBER, ' hidden="1"')),
    "too-many.xlsx": lambda: xlsx(grid(700_000, NUMBER)),
    "shared.xlsx": lambda: shared(99_000),
    "inline.xlsx": lambda: xlsx(grid(99_000, INLINE)),
    "no-addresses.xlsx": lambda: xlsx(grid(99_000, "<c><v>{n}</v></c>")),
    "empty-texts.xlsx": lambda: xlsx((), ("<si/>" for _ in range(80_000_000))),
    "one-text.xlsx": lambda: xlsx((), ("<si><t>", *["x" * 1000] * 400_000, "</t></si>")),
    "long-texts.xlsx": lambda: xlsx((), (f"<si><t>{'x' * 30_000}</t></si>" for _ in range(16_000))),
    "rows.ods": lambda: ods(90_000),
    "rows.xlsb": lambda: workbook("xlsb", 95_000),
    "repeated.parquet": lambda: parquet(30_000_000, 10),
    "just-fits.parquet": lambda: parquet(15_000_000, 2),
    "rows.xpt": lambda: xpt(2_400_000),
}  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["--make"]:
        Path(sys.argv[3]).write_bytes(FILES[sys.argv[2]]())
        return
    print("| file | MB | seconds | peak memory | ends with |\n|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or FILES:
            path = Path(folder, name)
            command = [sys.executable, __file__, "--make", name, str(path)]
            subprocess.run(command, cwd=ROOT, env=environment(), check=True)
            print(line(path), flush=True)
            path.unlink()


def line(path: Path) -> str:
    """One row of the table."""
    run, code, said = timed(("-m", "ae_cli", "columns", str(path), "--no-study"))
    first = said.decode(errors="replace").replace(str(path), path.name).strip().splitlines()[:1]
    ends = f"{code}: {first[0][:110]}" if code not in (0, 1) and first else str(code)
    size = path.stat().st_size / 1e6
    return f"| {path.name} | {size:.1f} | {run.seconds:.1f} | {run.peak / 1e6:,.0f} MB | {ends} |"


if __name__ == "__main__":
    main()
