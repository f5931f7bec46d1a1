"""Numbers of a spreadsheet as a person sees them: dates, percentages, currencies, fractions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from desktop.documents.readers.number_codes import Mark, Section, sections_of
from desktop.documents.readers.number_plain import PlainNumber, plain_number

_LOCAL_DATE = "yyyy-mm-dd"
# What a workbook names by number alone. A date in the system's own order is shown year first,
# which nobody can misread.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0;("$"#,##0)',
    6: '"$"#,##0;("$"#,##0)', 7: '"$"#,##0.00;("$"#,##0.00)', 8: '"$"#,##0.00;("$"#,##0.00)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: _LOCAL_DATE,
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: _LOCAL_DATE + " h:mm", 37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: '#,##0;(#,##0);"-"', 42: '"$"#,##0;("$"#,##0);"-"', 43: '#,##0.00;(#,##0.00);"-"',
    44: '"$"#,##0.00;("$"#,##0.00);"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), _LOCAL_DATE),
}  # fmt: skip
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_LAST_DAY = 2_958_466
_MOST_DIGITS = 30
_MOST_KEPT_DATES = 50_000
_LARGEST_ROUNDED = Decimal(10) ** 20
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A section with what is asked of it for every number."""

    section: Section
    is_date: bool
    plain: PlainNumber | None

    @staticmethod
    def of(section: Section) -> _Ready:
        return _Ready(section, section.is_date, plain_number(section))


class NumberFormats:
    """The formats of one workbook; `since_1904` is the calendar of old Macintosh workbooks."""

    def __init__(self, *, since_1904: bool = False) -> None:
        self._since_1904 = since_1904
        self._known: dict[str, tuple[_Ready, ...]] = {}
        self._dates: dict[tuple[str, float], str] = {}

    def shown(self, code: str, value: float) -> str:
        """The number as the format shows it."""
        if code == "General":
            return general(value)
        if code not in self._known:
            self._known[code] = tuple(map(_Ready.of, sections_of(code)))
        ready, number = _chosen(self._known[code], value)
        if ready.is_date:
            return self._dated(code, ready.section, number)
        text = ready.plain.shown(number) if ready.plain is not None else None
        if text is None:
            text = _number(ready.section, number) if ready.section.marks else ""
        return " ".join(text.split())

    def _dated(self, code: str, section: Section, value: float) -> str:
        """Dates repeat in most tables, and take long to write."""
        known = self._dates.get((code, value))
        if known is None:
            known = " ".join(self._date(section, value).split())
            if len(self._dates) < _MOST_KEPT_DATES:
                self._dates[code, value] = known
        return known

    def _date(self, section: Section, value: float) -> str:
        if not 0 <= value < _LAST_DAY:
            return general(value)
        fraction = any(mark is Mark.FRACTION for mark, _ in section.marks)
        moment = self._moment(value, exact=fraction)
        pieces = []
        half = section.has(Mark.HALF)
        for mark, text in section.marks:
            if mark is Mark.DATE:
                pieces.append(_of_moment(moment, text, half=half))
            elif mark is Mark.HALF:
                pieces.append("PM" if moment.hour >= 12 else "AM")
            elif mark is Mark.ELAPSED:
                pieces.append(_elapsed(value, text))
            elif mark is Mark.FRACTION:
                pieces.append("." + f"{moment.microsecond:06d}"[: len(text) - 1])
            else:
                pieces.append(text)
        return "".join(pieces)

    def _moment(self, value: float, *, exact: bool) -> datetime:
        if self._since_1904:
            start = datetime(1904, 1, 1)
        else:
            # The first spreadsheets took 1900 for a leap year, and all others followed.
            start = datetime(1899, 12, 30 if value >= 60 else 31)
        if value < 1 and not self._since_1904:
            start = datetime(1900, 1, 1)
        seconds = value * 86_400
        return start + timedelta(seconds=round(seconds, 3) if exact else round(seconds))


def general(value: float) -> str:
    """A number without a format: at most ten digits behind its sign, whole numbers in full."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace("e", "E")


def _chosen(sections: tuple[_Ready, ...], value: float) -> tuple[_Ready, float]:
    if len(sections) == 1:
        return sections[0], value
    if any(ready.section.condition for ready in sections):
        for index, ready in enumerate(sections):
            if ready.section.condition is None or _holds(ready.section.condition, value):
                return ready, abs(value) if index else value
        return sections[-1], value
    if value > 0 or (value == 0 and len(sections) == 2):
        return sections[0], value
    if value < 0:
        return sections[1], -value
    return sections[2], value


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, limit = condition
    return {
        "<": value < limit, ">": value > limit, "=": value == limit, "<>": value != limit,
        "<=": value <= limit, ">=": value >= limit,
    }[sign]  # fmt: skip


def _of_moment(moment: datetime, unit: str, *, half: bool) -> str:
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    number = {"d": moment.day, "m": moment.month, "h": hour, "n": moment.minute}
    first, count = unit[0], len(unit)
    if first == "g":
        return str(moment.year) if unit.endswith("e") else ""  # an era, by our own count
    if first == "y":
        return f"{moment.year % 100:02d}" if unit in ("y", "yy") else str(moment.year)
    if first == "s":
        number["s"] = moment.second
    if count >= 3 and first == "m":
        month = _MONTHS[moment.month - 1]
        return month if count == 4 else month[: 1 if count == 5 else 3]
    if count >= 3:
        day = _DAYS[moment.weekday()]
        return day if count == 4 else day[:3]
    return f"{number[first]:0{count}d}" if first in number else ""


def _elapsed(value: float, unit: str) -> str:
    seconds = round(value * 86_400)
    return str({"h": seconds // 3600, "m": seconds // 60, "s": seconds}[unit[0]])


def _number(section: Section, value: float) -> str:
    if section.has(Mark.GENERAL) or not section.has(Mark.DIGIT):
        shown = general(value)
        keeps = section.has(Mark.GENERAL) or section.has(Mark.TEXT)
        return (
            "".join(
                shown if mark in (Mark.GENERAL, Mark.TEXT) else text for mark, text in section.marks
            ).strip()
            if keeps
            else "".join(text for _, text in section.marks)
        )
    if section.has(Mark.SLASH):
        return _fraction(section, value)
    sign = "-" if value < 0 else ""
    exact = Decimal(f"{abs(value):.15g}")
    percents = sum(mark is Mark.PERCENT for mark, _ in section.marks)
    exact = exact.scaleb(2 * percents - 3 * _scaling_commas(section))
    if section.has(Mark.EXPONENT):
        return sign + _scientific(section, exact)
    return sign + _laid_out(section, exact)


def _scaling_commas(section: Section) -> int:
    """Commas behind the last figure divide by a thousand each."""
    count = 0
    for mark, _ in reversed([item for item in section.marks if item[0] is not Mark.LITERAL]):
        if mark is Mark.COMMA:
            count += 1
        elif mark is Mark.DIGIT:
            return count
    return count


def _laid_out(section: Section, value: Decimal) -> str:
    before, behind = _places(section)
    wanted = sum(text == "0" for text in behind)
    rounded = value
    if value < _LARGEST_ROUNDED:
        step = Decimal(1).scaleb(-min(len(behind), _MOST_DIGITS))
        rounded = value.quantize(step, ROUND_HALF_UP, _EXACT)
    whole, _, decimals = f"{rounded:f}".partition(".")
    decimals = decimals[:wanted] + decimals[wanted:].rstrip("0")
    least = sum(text == "0" for text in before)
    whole = whole.lstrip("0").rjust(least, "0")
    return _filled(section, whole, decimals, before)


def _places(section: Section) -> tuple[list[str], list[str]]:
    before: list[str] = []
    behind: list[str] = []
    current = before
    for mark, text in section.marks:
        if mark is Mark.POINT:
            current = behind
        elif mark is Mark.DIGIT:
            current.append(text)
    return before, behind


def _filled(section: Section, whole: str, decimals: str, before: list[str]) -> str:
    """The figures in their places, and what stands between them."""
    grouped = _is_grouped(section)
    pieces: list[str] = []
    left, behind = len(before), False
    taken = 0
    for mark, text in section.marks:
        if mark is Mark.POINT:
            behind = True
            pieces.append("." if decimals else "")
        elif mark is Mark.DIGIT and behind:
            pieces.append(decimals[:1])
            decimals = decimals[1:]
        elif mark is Mark.DIGIT:
            left -= 1
            end = max(len(whole) - left, taken)
            pieces.append(_with_commas(whole, taken, end) if grouped else whole[taken:end])
            taken = end
        elif mark is not Mark.COMMA:
            pieces.append(text)
    return "".join(pieces)


def _is_grouped(section: Section) -> bool:
    kinds = [mark for mark, _ in section.marks if mark in (Mark.DIGIT, Mark.COMMA)]
    return any(
        kinds[index] is Mark.COMMA and Mark.DIGIT in kinds[:index] and Mark.DIGIT in kinds[index:]
        for index in range(len(kinds))
    )


def _with_commas(whole: str, start: int, end: int) -> str:
    shown = []
    for index in range(start, end):
        behind = len(whole) - index
        shown.append("," + whole[index] if index and behind % 3 == 0 else whole[index])
    return "".join(shown)


def _scientific(section: Section, value: Decimal) -> str:
    before, behind = _places(section)
    split = next(i for i, (mark, _) in enumerate(section.marks) if mark is Mark.EXPONENT)
    figures = sum(mark is Mark.DIGIT for mark, _ in section.marks[split:])
    shown = (
        f"{value:.{max(len(behind) - figures, 0)}E}" if len(behind) >= figures else f"{value:.0E}"
    )
    mantissa, _, exponent = shown.partition("E")
    return f"{mantissa}E{exponent[0]}{exponent[1:].lstrip('0').rjust(max(figures, 1), '0')}"


def _fraction(section: Section, value: float) -> str:
    split = next(i for i, (mark, _) in enumerate(section.marks) if mark is Mark.SLASH)
    places = sum(mark is Mark.DIGIT for mark, _ in section.marks[split:])
    nearest = Fraction(abs(value)).limit_denominator(10 ** min(max(places, 1), 4) - 1)
    whole, rest = divmod(nearest.numerator, nearest.denominator)
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    part = f"{rest}/{nearest.denominator}"
    return f"{sign}{whole} {part}" if whole else sign + part
