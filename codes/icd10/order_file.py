"""Reads the order file that CMS publishes with every ICD-10-CM release (icd10cm_order_YYYY.txt).

Fixed width: columns 1 to 5 order number, 7 to 13 code without the dot, 15 billable (1) or heading (0),
17 to 76 short title, from 78 long title. Files come as UTF-8 and as cp1252.
"""

import hashlib

from codes.formats import is_icd10cm
from codes.icd10.rows import CodeFile, CodeRow, FileProblem, one_space

LIMIT = 40 * 1024 * 1024
_LONG = 77


def read_order_file(content: bytes, *, source: str) -> CodeFile:
    """``FileProblem`` names the first line that is wrong, counted from 1, and what should stand there."""
    if len(content) > LIMIT:
        raise FileProblem("The file is larger than 40 MB. The order file of one release has about 14 MB.")
    rows: list[CodeRow] = []
    first_seen: dict[str, int] = {}
    for number, line in enumerate(_lines(content), start=1):
        if not line.strip():
            continue
        row = _row(line, number, first_seen)
        if row.code in first_seen:
            raise FileProblem(
                f"Line {number} repeats the code {row.code} of line {first_seen[row.code]}. "
                "Every code may stand once."
            )
        first_seen[row.code] = number
        rows.append(row)
    if not rows:
        raise FileProblem("The file is empty. It should hold one code a line.")
    return CodeFile(rows=rows, sections=[], sha256=hashlib.sha256(content).hexdigest(), source=source)


def _lines(content: bytes) -> list[str]:
    if b"\0" in content:
        raise FileProblem(
            "The file is not a text file. Unpack the zip from CMS and choose icd10cm_order_YYYY.txt."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").split("\n")


def _row(line: str, number: int, known: dict[str, int]) -> CodeRow:
    order, code, flag, description = line[:5], line[6:13].strip(), line[14:15], one_space(line[_LONG:])
    if not (order.isascii() and order.isdigit()):
        raise FileProblem(f"Line {number}: columns 1 to 5 should hold the order number, five digits.")
    if line[5:6] != " " or not is_icd10cm(code) or "." in code:
        raise FileProblem(f"Line {number}: columns 7 to 13 should hold a code without its dot, such as E119.")
    if flag not in ("0", "1"):
        raise FileProblem(f"Line {number}: column 15 should be 1 for a billable code or 0 for a heading.")
    if not description:
        raise FileProblem(f"Line {number}: the long title, from column 78, is missing.")
    parent = _parent(code, known)
    if len(code) > 3 and not parent:
        raise FileProblem(f"Line {number}: the code {code} stands before its category {code[:3]}.")
    return CodeRow(order=int(order), code=code, billable=flag == "1", description=description, parent=parent)


def _parent(code: str, known: dict[str, int]) -> str:
    """The longest code above it that has been read already (T07XXXA hangs under T07)."""
    return next((code[:length] for length in range(len(code) - 1, 2, -1) if code[:length] in known), "")
