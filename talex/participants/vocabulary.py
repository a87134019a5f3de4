"""Words of this room that models, readers and the mapping to the engine share. Plain Python."""

from __future__ import annotations

from enum import StrEnum

#: The years a day of somebody or something here can lie in; another one is a slip of the keyboard.
DAY_YEARS = range(1900, 2151)

#: Names of months as people write them in English and German, in small letters -> 1 to 12.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner jän", "february feb februar feber",
            "march mar märz maerz mrz mär",
            "april apr", "may mai", "june jun juni", "july jul juli", "august aug",
            "september sep sept", "october oct oktober okt", "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


class DegreeLevel(StrEnum):
    """How far somebody studied; compares by level (`SECONDARY < DOCTORATE`), stored as its name.

    Levels follow ISCED 2011: secondary 2-4, associate 5, bachelor 6, master 7, doctorate 8.
    Chinese 大专 is 5 (short-cycle tertiary); German Diplom, Magister and Staatsexamen are 7.
    """

    SECONDARY = "secondary"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"

    @property
    def rank(self) -> int:
        """1 (secondary) to 5 (doctorate): for arrays, where 0 means unknown or none asked."""
        return _RANKS[self.value]

    @classmethod
    def from_rank(cls, rank: int) -> DegreeLevel:
        """The level of `rank` (1 to 5); ValueError outside."""
        for level in cls:
            if level.rank == rank:
                return level
        raise ValueError(rank)

    def __lt__(self, other: str) -> bool:
        return self.rank < DegreeLevel(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= DegreeLevel(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > DegreeLevel(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= DegreeLevel(other).rank


_RANKS = {"secondary": 1, "associate": 2, "bachelor": 3, "master": 4, "doctorate": 5}


class DegreeRequirement(StrEnum):
    """What an opening asks for. `NONE` says that no degree is asked; not said at all is None."""

    NONE = "none"
    SECONDARY = "secondary"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"

    @property
    def level(self) -> DegreeLevel | None:
        """The least level that satisfies it; None where no degree is asked."""
        return None if self is DegreeRequirement.NONE else DegreeLevel(self.value)

    def admits(self, level: DegreeLevel) -> bool:
        """Whether somebody with `level` fulfils it."""
        least = self.level
        return least is None or level >= least
