"""Degree levels, had by a person or asked for by an opening, in Chinese, English and German."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost
from talex.participants.importing.notes import note
from talex.participants.vocabulary import DegreeLevel, DegreeRequirement

# Read in this order; what one pattern takes is not seen by the next (Diplom (FH) before Diplom,
# 博士研究生 before 研究生). Abbreviations of two capitals are read with case, on the raw text.
_WORDS: tuple[tuple[DegreeLevel, str], ...] = (
    (DegreeLevel.DOCTORATE,
     r"博士后|博士|\bph\.?\s?d\b\.?|\bd\.?\s?phil\b\.?|\bdr\b\.?(?:\s?-?\s?(?:ing|rer|med|phil|jur|"
     r"oec|h\.?\s?c|techn)\b\.?(?:\s?(?:nat|pol|habil|inf)\b\.?)*)*|\bdoctor(?:ate|al)?\b|"
     r"\bdoktor(?:at|grad|titel|in)?\b|\bpromo(?:tion|viert\w*)\b|\bhabilit\w+|\bpost-?\s?doc\w*|"
     r"\bsc\.?\s?d\b\.?|\bed\.?\s?d\b\.?"),
    (DegreeLevel.BACHELOR,
     r"\bdipl\w*\.?[- ]?\w*\.?\s?\(?\s?(?:fh|ba)\b\s?\)?|\bfachwirt\w*|\bstaatl\w*\.? gepr\w*\.? "
     r"techniker\w*|^techniker(?:in)?$|\b(?:handwerks|industrie)?meister(?:brief|in)?\b"),
    (DegreeLevel.MASTER,
     r"硕博|硕士|碩士|研究生|\bmaster(?:'?s|s|abschluss|studium|grad)?\b(?!y)|\bm\.?\s?sc\b\.?|"
     r"\bm\.?\s?eng\b\.?|\bm\.?\s?tech\b\.?|\b(?:e?mba|m\.b\.a)\b\.?|\bll\.?\s?m\b\.?|"
     r"\bm\.?\s?phil\b\.?|\bm\.?\s?ed\b\.?|\bmagist(?:er|ra)\b|"
     r"\bdipl(?!oma\b)\.?(?:om)?(?:[- ]?[a-zäöü]+\.?){0,3}(?:\s?\(?\s?univ\b\.?\s?\)?)?|"
     r"\b(?:\w+\s)?staats(?:examen|prüfung)\b|\bpost-?graduate\b|\bgraduate (?:degree|school)\b|"
     r"\bm\.\s?[as]\b\.?|\bmca\b"),
    (DegreeLevel.BACHELOR,
     r"本科|专升本|学士|學士|大本|\bmbbs\b|大学(?!专科)|大學|\bbachelor(?:'?s|s|abschluss|studium|grad)?\b|"
     r"\bb\.?\s?sc\b\.?|\bb\.?\s?eng\b\.?|\bb\.?\s?tech\b\.?|\bb\.?b\.?a\b\.?|\bll\.?\s?b\b\.?|"
     r"\bb\.?\s?ed\b\.?|\bb\.?\s?com\b\.?|\bb\.\s?[aes]\b\.?|\bbca\b|"
     r"\bunder-?graduate\b|\b(?:university|college|academic) degree\b|\blicen[cs]e\b|\blicenciatura\b|"
     r"\b(?:fach)?hochschul(?:abschluss|studium)\b|\bstudium\b|\bakadem\w+|\buniversitätsabschluss\b"),
    (DegreeLevel.ASSOCIATE,
     r"大专|大專|专科|專科|高职|\bassociate(?:'?s)?\b(?!\s+(?:prof|dir|edit|eng|partner|cons|member|dean))|\bfoundation degree\b|\bhn[dc]\b|\bdiploma\b|"
     r"\bcommunity college\b"),
    (DegreeLevel.SECONDARY,
     r"高中|中专|中專|中技|中职|职高|技校|初中|小学|\bhigh[- ]?school\b|\bsecondary\b|\ba[- ]levels?\b|"
     r"\bged\b|\b(?:fach)?abitur\b|\bfachhochschulreife\b|\bhochschulreife\b|\bmatura\b|"
     r"\bmittlere reife\b|\b(?:haupt|real)schul\w*|\b(?:berufs)?ausbildung\b|\bgcses?\b|\bssc\b|\bhsc\b"),
)  # fmt: skip
_PATTERNS = tuple((level, re.compile(words)) for level, words in _WORDS)
_CAPITALS = {
    "BA": DegreeLevel.BACHELOR, "BS": DegreeLevel.BACHELOR, "BE": DegreeLevel.BACHELOR,
    "MA": DegreeLevel.MASTER, "MS": DegreeLevel.MASTER, "ME": DegreeLevel.MASTER,
    "MD": DegreeLevel.DOCTORATE,
}  # fmt: skip
_CAPITAL = re.compile(r"\b(BA|BS|BE|MA|MS|ME|MD)\b")
_NONE = re.compile(
    r"不限|不要求|无要求|無要求|不作要求|无学历要求|学历无|\b(?:any|none|no (?:degree|requirements?|formal)|"
    r"not required|not needed|open to all)\b|\bkeine?r?\b|nicht erforderlich|\begal\b|\bbeliebig"
)
_IN_PROGRESS = re.compile(
    r"在读|就读|肄业|\b(?:student|candidate|ongoing|in progress|expected|current(?:ly)?|laufend|"
    r"doktorand(?:in)?|angestrebt)\b"
)
_BELOW = {
    DegreeLevel.DOCTORATE: DegreeLevel.MASTER,
    DegreeLevel.MASTER: DegreeLevel.BACHELOR,
    DegreeLevel.BACHELOR: DegreeLevel.SECONDARY,
}
#: Beyond this many characters a cell is prose; see `prose`.
_LONGEST = 300


def levels_in(text: str) -> set[DegreeLevel]:
    """All levels that a short text names."""
    found = {_CAPITALS[match] for match in _CAPITAL.findall(text)}
    rest = text.casefold()
    for level, pattern in _PATTERNS:
        if pattern.search(rest):
            found.add(level)
            rest = pattern.sub(" ", rest)
    return found


def read_degree(cell: Cell) -> Read[DegreeLevel]:
    """The highest degree a person has.

    Somebody still studying for a degree (博士在读, PhD candidate) has the one below; a note says so.
    """
    text = fact(cell)
    if not text:
        return blank()
    found = set() if isinstance(cell, bool) or len(text) > _LONGEST else levels_in(text)
    studying = bool(_IN_PROGRESS.search(text.casefold()))
    if studying and re.search(r"\bdoktorand", text.casefold()):
        found.add(DegreeLevel.DOCTORATE)
    if not found:
        return lost("degree_not_understood", cell)
    highest = max(found, key=lambda level: level.rank)
    if studying and highest in _BELOW:
        below = _BELOW[highest]
        return Read(below, True, note("degree_in_progress", text=text, taken=below))
    return Read(highest, True)


def read_degree_required(cell: Cell) -> Read[DegreeRequirement]:
    """The least degree an opening asks for; 不限 and 'any' are NONE, an empty cell is None."""
    text = fact(cell)
    if not text:
        return blank()
    found = set() if isinstance(cell, bool) or len(text) > _LONGEST else levels_in(text)
    if not found:
        if _NONE.search(text.casefold()):
            return Read(DegreeRequirement.NONE, True)
        return lost("degree_not_understood", cell)
    least = min(found, key=lambda level: level.rank)
    said = note("degree_several", taken=least) if len(found) > 1 else None
    return Read(DegreeRequirement(least.value), True, said)
