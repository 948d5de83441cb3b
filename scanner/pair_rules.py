"""Which application identifiers belong together (GS1 General Specifications, section 4.14)."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.scanned_code import Problem

# Any one of the identifiers on the right must stand on the same label.
_NEEDS: dict[str, tuple[str, ...]] = {
    "02": ("37",),
    "10": ("01", "02", "03", "8006", "8026"),
    "11": ("01", "02", "03", "8006", "8026"),
    "13": ("01", "02", "03", "8006", "8026"),
    "15": ("01", "02", "03", "8006", "8026"),
    "16": ("01", "02", "03", "8006", "8026"),
    "17": ("01", "02", "03", "255", "8006", "8026"),
    "20": ("01", "02", "03", "8006", "8026"),
    "21": ("01", "03", "8006"),
    "22": ("01",),
    "30": ("01", "02"),
    "37": ("00", "02", "8026"),
    "240": ("01", "02", "8006", "8026"),
    "241": ("01", "02", "8006", "8026"),
    "250": ("01", "8006"),
    "7003": ("01", "02"),
}
_EXCLUDES: tuple[tuple[str, str], ...] = (("01", "02"), ("01", "37"), ("21", "235"), ("402", "403"))


def broken_pairs(identifiers: Iterable[str]) -> tuple[Problem, ...]:
    """Return a note for each rule that these identifiers break.

    Notes only: the missing half may stand in the other code of the label, and a maker's slip is no reason to
    refuse the goods.

    >>> [problem.facts for problem in broken_pairs(["21"])]
    [{'ai': '21', 'needs': ['01', '03', '8006']}]
    """
    present = set(identifiers)
    notes = [
        Problem(
            code="pair_rule",
            message=f"Application identifier {ai} needs {' or '.join(needs)} on the same label.",
            severity="note",
            facts={"ai": ai, "needs": list(needs)},
        )
        for ai, needs in _NEEDS.items()
        if ai in present and not present.intersection(needs)
    ]
    notes += [
        Problem(
            code="pair_rule",
            message=f"Application identifiers {one} and {other} exclude each other.",
            severity="note",
            facts={"ai": one, "excludes": other},
        )
        for one, other in _EXCLUDES
        if {one, other} <= present
    ]
    return tuple(notes)
