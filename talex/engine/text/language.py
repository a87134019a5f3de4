"""The language of a short text, such as a job title: by script, then by small words and endings.

No statistics are learnt: the rules are written down here and can be read. Scripts decide for
Chinese, Japanese, Korean, Russian, Arabic, Thai, Greek, Hebrew and Hindi; Latin texts are weighed
by function words, letters and endings of the languages named in ``_LATIN``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from .normalise import normalise

__all__ = ["UNKNOWN", "language_of"]

UNKNOWN = "und"  # BCP 47: undetermined

_SCRIPTS = (
    ("CJK", "zh"),
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CYRILLIC", "ru"),
    ("ARABIC", "ar"),
    ("THAI", "th"),
    ("GREEK", "el"),
    ("HEBREW", "he"),
    ("DEVANAGARI", "hi"),
    ("LATIN", "latin"),
)

# language: (whole words, letters that give it away, endings). Folded, so ß is ss.
_LATIN: dict[str, tuple[str, str, str]] = {
    "en": (
        "the and of for in with to at from on by a an or is are as who we you our your this that "
        "engineer manager developer assistant officer technician specialist analyst head chief "
        "designer worker driver teacher nurse operator supervisor director consultant "
        "scientist researcher planner writer buyer clerk trainer adviser advisor lead junior "
        "sales marketing data research learning science management engineering computer health "
        "human resources systems business customer services quality project product network",
        "",
        "ing ship ness ment ght tion wright smith keeper maker ology ware woman ysis ity ist ics",
    ),
    "de": (
        "der die das und für fur mit im in von vom zum zur den dem des ein eine oder bei am auf "
        "ist sind als leiter leiterin m/w/d w/m/d fachkraft ingenieur ingenieurin entwickler "
        "sachbearbeiter kaufmann kauffrau techniker referent berater mitarbeiter meister arzt "
        "ärztin pfleger lehrer lehrerin wissenschaftler forscher verkäufer bereich schwerpunkt "
        "abteilung kenntnisse maschinenbau werkstoffe vertrieb einkauf fahrer monteur",
        "äöü",
        "ung ungen keit heit schaft lich isch ischer ische ingenieur ingenieurin entwickler "
        "entwicklerin leiter leiterin techniker technikerin arbeiter arbeiterin berater beraterin "
        "meister meisterin macher bauer mann frau kraft lehre wesen technik wissenschaft "
        "wissenschaftler wissenschaftlerin führer führerin händler verkäufer fachmann helfer "
        "schlosser pfleger pflegerin assistent assistentin manager/in mechaniker mechatroniker "
        "elektroniker therapeut kunde gestalter planer prüfer löser eur eurin ieur fahrer zeug "
        "werk stelle enheit schutz forschung erin torin login nomin antin istin alin inerin",
    ),
    "fr": (
        "le la les de des du et en pour avec un une au aux d' l' ou responsable ingénieur chef "
        "directeur chargé chargée conseiller technicien",
        "éèêçàùœ",
        "euse ique ien ienne aire iste",
    ),
    "es": (
        "el la los las de del y en para con un una o ingeniero técnico jefe gerente encargado",
        "ñáíóú",
        "ción dora ero era ista ico ica",
    ),
    "it": (
        "il lo la gli le di del della e per con un una o ingegnere tecnico responsabile addetto",
        "àèìòù",
        "zione tore trice iere ista ico ica aio",
    ),
    "pt": (
        "o a os as de do da dos das e em para com um uma ou engenheiro técnico gerente",
        "ãõçáâêó",
        "ção dora eiro eira ista ico",
    ),
    "nl": (
        "de het een en van voor met in op bij of ingenieur medewerker leider verpleegkundige",
        "",
        "ij aar ing heid baar kundige medewerker aandrijving",
    ),
    "pl": ("i w z na do dla inżynier kierownik specjalista", "ąęłńśźż", "ski ca arz owy ysta nik"),
}
_TABLE = {
    language: (frozenset(words.split()), frozenset(letters), tuple(endings.split()))
    for language, (words, letters, endings) in _LATIN.items()
}
# Spellings inside words that one of two close languages has and the other hardly: weighed one each,
# for a title is often a single compound that no list holds.
_INSIDE = {
    "de": re.compile(
        r"sch|[^aeiou]z|tz|pf|cht|eiß|eiss|ei[nlst]|eu[gr]|kr|kt|ieb|ieg|ier[^.]|kau|bau|fah|hn|hr|"
        r"ahr|uhr|[bdfglmnprst]k|ll?er\b|ik\w|euer|zu|wei|bei|auf|aus|ver[a-z]|ge[sbw]|"
        r"[bdfgklmnrstz](?:erin|rin|tin|gin|kin|tion(?:är|s[a-z]))\b|fer\b|tik\b|rat\b|k(?:er|tor)\b|"
        r"[a-z]{14}"
    ),
    "en": re.compile(
        r"th|wh|[^s]ch\w|sh|ee|oo|ea|ou|ough|qu|[^aeiou]y\b|c[aelortu]|[^s]c[ay]|ies\b|"
        r"ing\b|tion\b|(?:at|it)or\b|man\b|ers\b|ors\b|nce\b|ive\b|al\b|ed\b|w[ao]r|ge\b"
    ),
    "fr": re.compile(r"eau|oir|euse\b|ière|aux\b"),
}
# Several languages use ä, ö, ü, but of those known here only German does; é is shared by many.
_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)*'?")


@lru_cache(maxsize=4096)
def _script(sign: str) -> str | None:
    name = unicodedata.name(sign, "")
    return next((language for prefix, language in _SCRIPTS if name.startswith(prefix)), None)


@lru_cache(maxsize=4096)
def language_of(text: str, *, latin: str = "en") -> str:
    """The BCP 47 tag of the language ``text`` seems to be written in.

    ``latin`` is answered for a text in Latin letters that gives no evidence of any language
    (``'Java'``); a text without letters is ``'und'``. Chinese wins over Latin when a fifth of
    the letters are Han, because Chinese titles carry English product names
    (``'资深Java开发工程师'`` is zh); any kana makes it Japanese.
    """
    folded = normalise(text)
    scripts = Counter(
        script for sign in folded if sign.isalpha() and (script := _script(sign)) is not None
    )
    if not scripts:
        return UNKNOWN
    total = sum(scripts.values())
    if scripts["ja"]:
        return "ja"
    # A Han sign carries about as much as three Latin letters.
    if scripts["zh"] * 5 >= total:
        return "zh"
    script = max(scripts, key=lambda key: (scripts[key], key))
    return script if script != "latin" else _latin(folded, latin)


def _latin(folded: str, default: str) -> str:
    weights: Counter[str] = Counter()
    for word in _WORD.findall(folded):
        for language, (words, letters, endings) in _TABLE.items():
            if word in words:
                weights[language] += 3
            elif len(word) > 5 and word.endswith(endings):
                weights[language] += 2
            if letters and not letters.isdisjoint(word):
                weights[language] += 2
    for language, inside in _INSIDE.items():
        weights[language] += len(inside.findall(folded))
    if not weights.total():
        return default
    best = max(weights.values())
    leaders = [language for language in _TABLE if weights[language] == best]
    return default if default in leaders else leaders[0]
