"""CSV as people write it → its records: any usual encoding and delimiter, and quotation marks that nobody closed.

Streams: Python's reader in C goes over the lines, and the lines of the record at hand are kept. A quotation mark without its
partner makes that reader swallow row after row into one field; such a record is told with its line, and what it swallowed is
read again from the line after it. A text in quotation marks that really has several lines stays whole. Where a program is
known by its header to close its quotation marks, nothing is guessed. Knows no columns.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO

FIELD = 16 << 20  # characters of one field; a record with more is broken
LINES = 10_000  # of one record
LINES_AGAIN = 200  # of one among lines that are read again, so that reading them again and again comes to an end
MANY = 20  # lines inside one field that look like rows of the table are rows, also where the field is closed some day
# A record as programs write it: a quotation mark that closes ends its field, and one inside of a text is doubled. What was
# swallowed until the beginning of a later row's text looks otherwise.
WHOLE = r"(?:{field}{comma})*+{field}[\r\n]*"
CELL = r'(?:"[^"]*+(?:""[^"]*+)*+" *+|[^"{comma}\r\n]*+)'
SAMPLE = 20  # rows that show what a column holds
# What the cells of some columns all look like, and a line of a text does not: the narrowest first.
LOOKS = tuple(
    re.compile(look)
    for look in (r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", r"[A-Za-z][\w+.-]*://\S+", r"(?=\S*\d)[\w.:/-]+")
)

_SEPARATOR = re.compile(r'\ufeff?"?sep=([,;\t])"?', re.IGNORECASE)  # as Excel writes it, above the header

Cells = list[str]


class Broken(Exception):
    """A record that cannot be used; says why."""


class _TooLong(Exception):
    """A record has more lines, or more characters, than any row; says how many."""


class CsvFile:
    """An open CSV file past its header. Blank lines before the header are skipped, and so are blank ones after it.

    Args:
        trusted: the header of files whose writer closes its quotation marks. In such a file a text may have any lines.
        longest: characters of a record in such a file.

    Attributes:
        header: the names of the columns as they are written; empty where there are none.
    """

    def __init__(self, raw: BinaryIO, trusted: Sequence[str] = (), longest: int = FIELD) -> None:
        csv.field_size_limit(FIELD)
        encoding = _encoding(raw)
        self._text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")  # goes with the file
        self._delimiter = _delimiter(raw, encoding)
        self._whole = re.compile(WHOLE.format(field=CELL.format(comma=self._delimiter), comma=self._delimiter))
        self._record: list[str] = []  # lines of the record at hand
        self._again: deque[str] = deque()  # lines that were swallowed, to be read again
        self._ended = False
        self._trusted, self._longest = False, FIELD
        self._line = 1  # where the record at hand begins
        self.header: Cells = []
        reader = csv.reader(self._lines(), delimiter=self._delimiter)
        try:
            found = (cells for cells in reader if any(cell.strip() for cell in cells))
            self.header = next(
                (cells for cells in found if not _SEPARATOR.fullmatch(self._record[-1].strip("\r\n"))), []
            )
        except (csv.Error, _TooLong):
            self._again.clear()
        self._line += len(self._record)
        self._record.clear()
        if trusted and self.header == [*trusted]:
            self._trusted, self._longest = True, longest

    def records(self) -> Iterator[Cells | Broken]:
        """The records after the header, each with at most as many cells as the header; blank lines are none."""
        reader = csv.reader(self._lines(), delimiter=self._delimiter)
        record, most, usual = self._record, len(self.header), len(self.header)
        within = 0  # the line whose quotation mark had swallowed what is read again now
        sample: list[Cells] = []
        while True:
            error: Exception | None = None
            cells: Cells = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as caught:
                error = caught
            count = len(record)
            if (error or count > 1 or self._ended) and (why := self._fault(cells, usual, sample, error)):
                self._again.extendleft(reversed(record[1:]))
                within = self._line if count > 1 else within
                self._ended = False
                reader = csv.reader(self._lines(), delimiter=self._delimiter)
                yield Broken(why)
                count, cells = 1, []
            elif len(cells) > most:
                yield Broken(f"it has {len(cells)} fields, the header {most}")
            elif within and 0 < len(cells) < usual:
                yield Broken(f"it has {len(cells)} of {usual} fields, and seems to go with line {within}")
            elif cells:
                if len(sample) < SAMPLE and not within:
                    sample.append(cells)
                yield cells
                usual = usual if within else len(cells)
            self._line += count
            record.clear()
            if within and not self._again:
                within = 0

    def _lines(self) -> Iterator[str]:
        """The lines, those to be read again first. Each is kept until its record is whole."""
        record, again, size = self._record, self._again, 0
        while again:
            record.append(again.popleft())
            if len(record) > LINES_AGAIN:
                raise _TooLong(f"{LINES_AGAIN} lines")
            yield record[-1]
        for line in self._text:
            if "\0" in line:
                line = line.replace("\0", "")
            record.append(line)
            size = size + len(line) if len(record) > 1 else 0
            if size > self._longest:
                raise _TooLong(f"{self._longest} characters")
            if len(record) > LINES and not self._trusted:
                raise _TooLong(f"{LINES} lines")
            yield line
        self._ended = True  # a record that comes after this went on to the end of the file

    def _fault(self, cells: Cells, usual: int, sample: Sequence[Cells], error: Exception | None) -> str:
        """Why a record of several lines, or one that goes to the end of the file, is no row; '' where it is one."""
        several = len(self._record) > 1
        opens = f"it opens a quotation mark in line {self._line} that is not closed"
        if isinstance(error, _TooLong):
            said = f"{opens} within {error}"
        elif error:
            said = f"it cannot be read: {error}"
        elif self._ended or not self._whole.fullmatch("".join(self._record)):
            said = f"{opens} there"
        elif self._trusted and len(cells) != len(self.header):
            said = f"{opens} there: it would have {len(cells)} fields, the header has {len(self.header)}"
        elif not self._trusted and self._are_rows(self._record[1:-1], cells, usual, sample):
            said = f"{opens} there, as the lines after it look like rows of their own"
        else:
            return ""
        return f"{said}; read on in the next line" if several else said

    def _are_rows(self, lines: Sequence[str], cells: Cells, usual: int, sample: Sequence[Cells]) -> bool:
        """Whether the lines inside of a record that closes are rows of the table, each with all of its cells.

        A line of a poem may well have as many commas as a row. Where the record as a whole has the usual number of cells,
        the lines must also look like the other rows: a number, a link or a name where these have one.
        """
        full = [line for line in lines if line.strip()]
        if usual < 2 or len(full) < MANY:
            return False
        rows = list(csv.reader(full, delimiter=self._delimiter))
        if not all(len(row) == usual for row in rows):
            return False
        if len(cells) != usual:
            return True
        looks = _looks(sample or [["" if "\n" in cell or "\r" in cell else cell for cell in cells]])
        return bool(looks) and all(
            any(row[n] for n in looks)
            and all(not row[n] or look.fullmatch(row[n].strip()) for n, look in looks.items())
            for row in rows
        )


def _looks(sample: Sequence[Cells]) -> dict[int, re.Pattern[str]]:
    """What all cells of a column look like, of those columns whose cells look like something."""
    columns = [
        [row[n].strip() for row in sample if n < len(row) and row[n].strip()] for n in range(max(map(len, sample)))
    ]
    found = (
        next((look for look in LOOKS if all(map(look.fullmatch, cells))), None) if cells else None for cells in columns
    )
    return {n: look for n, look in enumerate(found) if look is not None}


def _encoding(raw: BinaryIO) -> str:
    """UTF-16 by its mark, UTF-8 where the beginning is that, else Windows' Latin; unreadable bytes become �."""
    start = raw.read(1 << 20)
    raw.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start[: start.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        # One bad byte in a file of UTF-8 is damage; many letters that are none are another encoding.
        valid = start.decode("utf-8", "ignore").encode()
        foreign = sum(byte > 127 for byte in start) - sum(byte > 127 for byte in valid)
        if foreign > sum(byte > 127 for byte in valid) and error.start >= 0:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(raw: BinaryIO, encoding: str) -> str:
    """The header's own: comma, semicolon or tab."""
    at = raw.tell()
    raw.seek(0)
    lines = re.split(r"[\r\n]+", raw.read(1 << 16).decode(encoding, "ignore"))
    raw.seek(at)
    told = [line for line in lines if line.strip(" ,;\t\ufeff")]
    if told and (said := _SEPARATOR.fullmatch(told[0])):
        return said[1]
    header = next(iter(told), "")
    return max((",", ";", "\t"), key=header.count)
