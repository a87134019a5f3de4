"""How large each rehearsal is. `city` has the figures of a real conference of a large city."""

from __future__ import annotations

from dataclasses import dataclass

GENERATOR_VERSION = 1  # part of every die's path: raise it when the same seed may give other data


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts of records; `tables` on site are spread over `halls`."""

    name: str
    talents: int
    openings: int
    organisations: int
    halls: int
    tables: int
    online_tables: int
    days: int


SCALES: dict[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale("small", 120, 90, 24, halls=3, tables=24, online_tables=12, days=2),
        Scale("city", 12_199, 10_018, 600, halls=6, tables=600, online_tables=200, days=3),
        Scale(
            "province", 121_990, 100_180, 6_000, halls=8, tables=6_000, online_tables=2_000, days=3
        ),
    )
}
