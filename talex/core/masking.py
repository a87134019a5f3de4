"""Contact details in a text: e-mail addresses, telephone numbers, links, ids of messengers.

A reader gets them only after both sides agreed to meet, and those of a profile with the consent
`contact`. The text is compared in a folded form
(full-width signs, spelled-out `at` and `dot`), sign by sign, so that what is hidden is exactly what
was written. Better to hide a number too many than an address too few; dates, times, pay and years
stay readable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from talex.core.translated import TranslatedText, Version

MASK = "•••"
_SHORT = 300  # characters

#: What an address may end with where it is written with gaps.
_ENDS = r"(?:com|org|net|cn|de|io|me|info|eu|edu|gov|app|link|uk|fr|co|top|xyz|hk|tw|ch|at|jp)"
#: A sign that stands for `@`, or the word between words.
_SIGN = r"(?:@|[\(\[{<]\s{0,3}(?:at|@|ät|klammeraffe|圈|艾特)\s{0,3}[\)\]}>]|艾特)"
_WORD = r"\s{1,3}(?:at|ät|klammeraffe)\s{1,3}"
_DOT = (
    r"(?:\s{0,2}点\s{0,2}|[.。]{1,2}"
    r"|\s{0,3}[\(\[{<]\s{0,3}(?:dot|punkt|点|\.)\s{0,3}[\)\]}>]\s{0,3}"
    r"|\s{1,3}(?:dot|punkt)\s{1,3})"
)
#: After a word a dot with a gap behind it ends a sentence ("look at this. Me too").
_GAP = r"\s{1,3}\.\s{0,3}"
#: Before the end of an address a comma is a slip for its dot.
_END = rf"(?:{_DOT}|\s{{0,3}}\.\s{{0,3}}|,){_ENDS}\b"
#: Behind `name@host` its dot may be missing, if the ending is no word.
_AFTER_GAP = r"\s{1,3}(?:com|org|net|cn|de|edu|gov|eu|hk|tw|uk|fr|ch|jp|io)\b"
#: `bei` stands before every employer: only a dot in words makes an address of it.
_SPELLED_DOT = r"\s{1,3}(?:dot|punkt)\s{1,3}"
#: All runs are bounded: a profile is long, and its text is anybody's.
_LOCAL, _PART = r"[a-z0-9][a-z0-9._%+-]{0,63}", r"[a-z0-9-]{1,63}"
#: `node.js` and `10.30` are no hosts.
_LAST = r"(?!js\b|py\b)[a-z]{2,24}\b"
_EMAIL = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}\s{{0,3}}{_SIGN}\s{{0,3}}{_PART}(?:{_DOT}{_PART}){{1,6}}",
        rf"{_LOCAL}\s{{0,3}}{_SIGN}\s{{0,3}}{_PART}"
        rf"(?:(?:(?:{_DOT}|\s{{0,3}}\.\s{{0,3}}){_PART}){{0,4}}?{_END}|{_AFTER_GAP})",
        rf"{_LOCAL}(?:{_WORD}(?:{_PART}{_DOT}){{1,6}}{_LAST}"
        rf"|\s{{1,3}}bei\s{{1,3}}{_PART}(?:{_SPELLED_DOT}{_PART}){{0,2}}?{_SPELLED_DOT}{_ENDS}\b)",
        rf"{_LOCAL}{_WORD}{_PART}(?:(?:{_DOT}|{_GAP}){_PART}){{0,4}}?(?:{_DOT}|{_GAP}){_ENDS}\b",
        # Sign by sign, with gaps between.
        r"(?:[a-z0-9._-]\s){3,40}@(?:\s[a-z0-9._-]){4,40}",
        # A host in another script; not the Chinese words right after an address.
        rf"{_LOCAL}@(?!(?:{_PART}\.){{1,6}}{_ENDS}(?![a-z0-9.-]))"
        rf"(?a:[a-z0-9.-]{{0,63}})[^\x00-\x7f。，、；][^\s@<>,;。，、；]{{0,63}}",
    )
)
#: Without one of them no pattern of an address matches.
_AT = ("@", "at", "ät", "klammeraffe", "圈", "艾特", "bei")
#: Endings that were always looked for, in any case.
_OLD_ENDS = r"(?:com|org|net|cn|de|io|me|info|eu|edu|gov|app|link|uk|fr|co|top|xyz|hk|tw)"
#: More of them: no given names (`li`, `wang`), no words that begin a sentence (`in`, `so`, `us`),
#: no usual file (`md`, `sh`, `rs`).
_MORE_ENDS = (
    r"(?:a(?:i|sia|t|u)|b(?:ayern|erlin|g|iz|log|r)|c(?:a|c|h|l|lick|loud|lub|z)"
    r"|d(?:ev|igital|k)|e(?:e|s)|g(?:r)|h(?:amburg|u)|i(?:cu|e|l|t)|jp|k(?:oeln|r)|l(?:t|u|v)"
    r"|m(?:obi|x)|n(?:l|rw|z)|online|p(?:l|t)|r(?:o|u|uhr)|s(?:e|g|hop|ite|k|tore|wiss)"
    r"|t(?:ech|h|irol|r|v)|ua|v(?:ip|n)|w(?:ebsite|ien)|z(?:a|uerich))"
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"，。；）)]+"
    rf"|\b(?:[a-z0-9-]{{1,63}}\.){{1,6}}(?:{_OLD_ENDS}\b|(?P<more>{_MORE_ENDS})\b(?![-'’]\w|\(\)))"
    r"(?:/[^\s<>\"，。；）)]*)?",
    re.ASCII | re.IGNORECASE,
)
#: A host with its dot in words; a word of it, for `3点`, `观点` and `Punkt` are none.
_SPELLED_HOST = re.compile(
    rf"(?<![a-z0-9-])(?=[0-9-]{{0,20}}[a-z])[a-z0-9-]{{2,63}}"
    rf"(?:点(?:{_OLD_ENDS}|{_MORE_ENDS})|\s点\s{{0,2}}{_OLD_ENDS}"
    rf"|(?:{_SPELLED_DOT}|\s?[\(\[](?:dot|punkt|点|\.)[\)\]]\s?)(?:com|org|cn|de|at|ch|eu|io))\b",
    re.ASCII | re.IGNORECASE,
)
#: Names of software that look like hosts.
_SOFTWARE = frozenset(
    (
        *(f"{one}.net" for one in ("asp", "vb", "ado", "ml", "system", "java", "paint", "json")),
        *(f"{one}.io" for one in ("socket", "draw", "java", "system")),
        *(f"{one}.ai" for one in ("fast", "h2o", "c3", "character", "open", "pony", "scale")),
        # Adobe's programs, in a row.
        *(f"{one}.ai" for one in ("ps", "pr", "ae", "id", "cdr", "dw")),
        "spring.cloud",
    )
)
#: An abbreviation, not a host, even where no gap follows its dot.
_SHORTENED = frozenset(("etc", "inc", "ltd", "corp", "gmbh", "usw", "bzw", "ca", "vs"))
_KNOWN = (
    r"(?:加?我?的?[微薇威][\s.·]?信|加\s?v|v\s?信|(?<![a-z0-9])v(?=\s?:\s?[a-z0-9]{5})"
    r"|(?<![a-z])(?:vx|wx|wechat|weixin|q\s?q|whats\s?app|telegram|discord|threema|line\s?id)"
    r"|企\s?鹅|钉\s?钉|飞\s?书)"
)
#: Words of every day, and networks that many skills are named after.
_NETWORK = (
    r"(?<![a-z])(?:(?:signal|lark|line)(?=\s{0,3}(?:id)?\s{0,3}[:=])"
    r"|skype|insta(?:gram)?|facebook|snapchat|linkedin)"
)
_ID_WORD = r"(?:id|号\s?码?|number|nummer|name)"
#: Of an id only before a colon or a digit: `WeChat account management` is a skill.
_ID_WORDS = (
    rf"(?:{_ID_WORD}|[账帐]\s?[号户]|名[字称]?|昵称|联系(?:方式)?|account|konto|handle|contact"
    r"|user(?:\s?(?:name|id))?)"
)
_IS = r"(?:is|ist|是|为|叫)"
_OPENED, _CLOSED = r"[\"'“”„‘’「『《<\[({【〔]", r"[\"'“”‘’」』》>\])}】〕]"
#: Years beside a messenger, and what its programs are written in, are no ids.
_NO_ID = r"(?!(?:19|20)\d\d(?![a-z0-9_])|(?:html5|python[23]|office365|b2b2c)(?![a-z0-9_]))"
_ANY_ID = rf"(?={_OPENED}?[@+]?{_NO_ID}(?:[a-z0-9._:-]{{0,30}}\d|[a-z][a-z0-9._:-]{{5}}))"
_ID_WITH_DIGIT = rf"(?=[@+]?{_NO_ID}[a-z0-9.#-]{{0,30}}[\d_])"
#: Where a list of words may go on, or a remark in brackets.
_CLEAR_ID = rf"(?={_OPENED}?[@+]?{_NO_ID}(?:[a-z][a-z.]{{1,20}}\d{{2}}|[a-z][a-z0-9.]{{1,20}}_))"
_IN_BRACKETS = rf"(?={_OPENED}[@+]?{_NO_ID}(?:[a-z][a-z0-9._-]{{0,30}}[\d_]|\d{{5}}))"
_MESSENGER = re.compile(
    # Said to be the id: any word. A dash behind a letter only joins words (`WeChat-Marketing`).
    rf"(?:(?:{_KNOWN}|{_NETWORK})[\s-]{{0,3}}(?:{_ID_WORDS}[\s-]{{0,3}}){{0,2}}{_IS}?\s{{0,3}}"
    rf"[:=]\s{{0,3}}{_ANY_ID}"
    rf"|{_KNOWN}(?:(?:\s{{1,3}}|(?<![a-z]))-\s{{0,3}}{_ANY_ID}"
    rf"|[\s-]{{0,3}}(?:{_ID_WORD}[\s-]{{0,3}}{_IS}?|{_ID_WORDS}\s{{0,3}}{_IS}|{_IS})"
    rf"\s{{0,3}}{_ANY_ID}"
    # Merely beside it: `WeChat marketing` is a skill.
    rf"|[\s-]{{0,3}}(?:{_ID_WORDS}\s{{0,3}})?(?:{_ID_WITH_DIGIT}|{_IN_BRACKETS})"
    rf"|\s{{0,3}}[,，、;]\s{{0,3}}{_CLEAR_ID})"
    rf"|{_NETWORK}\s{{0,3}}(?:{_ID_WORDS}\s{{0,3}})?{_IS}?\s{{0,3}}{_CLEAR_ID}"
    # `Tg` is also a temperature, and `TG` a method.
    rf"|(?<![a-z])tg\s{{0,3}}(?:id)?\s{{0,3}}[:=]\s{{0,3}}{_CLEAR_ID})"
    rf"(?P<opened>{_OPENED})?[@+]?[a-z0-9][a-z0-9._:#-]{{4,30}}(?(opened){_CLOSED}?)",
    re.ASCII | re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[a-z0-9_]{4,30}\b", re.ASCII | re.IGNORECASE)
#: A letter before it makes a number a code (of a patent, a standard), a word for telephone not.
_CALL = "".join(
    rf"|(?<={word})" for word in ("tel", "fon", "phone", "mobil", "mobile", "handy", "_")
)
_NUMBER = re.compile(
    rf"(?:(?<!\w){_CALL})\+?\(?\d(?:(?:[^\S\n\r]|[().·/–—-]){{0,4}}\d){{6,17}}(?!\d)",
    re.ASCII | re.IGNORECASE,
)
#: A Chinese mobile in its usual groups, whatever stands between; not two years or round amounts.
_ROUND = r"(?:(?:19|20)[0-9]{2}|[0-9]{2}00)"
_MOBILE = re.compile(
    r"(?<![0-9])(?:(?:00)?86[\W_]{0,3})?1[3-9][0-9][\W_]{1,3}"
    rf"(?!{_ROUND}[\W_]{{1,3}}{_ROUND}(?![0-9]))[0-9]{{4}}[\W_]{{1,3}}[0-9]{{4}}(?![0-9])"
)
#: With a plus and a group of three, any signs between; no amount, no year behind a bullet.
_BETWEEN = r"\s!\"#&-*,-/:;=?@\[-`{-~、。·•‐-―"
_WITH_PLUS = re.compile(
    rf"(?<![\w+])\+\(?(?!(?:19|20)\d\d(?!\d))(?=[\d{_BETWEEN}]{{1,24}}\d{{3}})"
    rf"[1-9](?:[{_BETWEEN}]{{0,3}}\d){{7,16}}(?!\d)",
    re.ASCII,
)
_DIGITS = (
    r"(?:null|zero|oh|eins|one|zwei|zwo|two|drei|three|vier|four|fünf|five|sechs|six|sieben|seven"
    r"|acht|eight|neun|nine|doppel|double)"
)
_NUMBER_IN_WORDS = re.compile(rf"\b{_DIGITS}(?:[\s,./-]{{1,3}}{_DIGITS}){{6,19}}\b", re.IGNORECASE)
#: Digits as they are spelled in Chinese; only a row of them is a number to call (ten, hundred and
#: their like break it).
_SPELLED = str.maketrans("〇零○幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖", "00011223456789123456789")
#: What looks like a number to call and is none: days, months and spans of them, years, amounts.
_DAY = (
    r"(?:(?:19|20)\d{2}[-./年]\s?[01]?\d(?:[-./月]\s?[0-3]?\d)?"
    r"|(?:[0-3]?\d[-./]\s?)?[01]?\d[-./]\s?(?:19|20)\d{2})"
)
_DATE = re.compile(
    rf"{_DAY}(?:\D{{1,3}}\d{{1,2}}[:.]\d{{2}})?|{_DAY}\s?[-–—/]\s?{_DAY}|\d{{4}}\s?[-–—/]\s?\d{{4}}"
    r"|\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}(?:\D{1,3}\d{1,2}[:.]\d{2})?"
    r"|\d{1,3}(?:[ .,]\d{3})+(?:\s?[-–]\s?\d{1,3}(?:[ .,]\d{3})+)?",
    re.ASCII,
)
_HOUR = r"(?:[01]?\d|2[0-4])"
_TIME = rf"{_HOUR}:[0-5]\d(?:\s?[-–]\s?{_HOUR}:[0-5]\d)?"
_MONTH, _YEAR, _OF_MONTH = r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d", r"(?:0?[1-9]|[12]\d|3[01])"
_PAY = r"\d{1,3}(?:[.,]?\d{3})"
_MONEY = r"(?:元|人民币|欧元|美元|eur|usd|cny|rmb|chf|gbp|€|\$|£|¥|/月|/年)"
_PEOPLE = r"(?:人|名|people|employees|staff|personen|mitarbeit|beschäftigte)"
#: Days with an hour, hours with their word, spans of years, of pay and of people: nothing of them
#: belongs to a number beside them. Only what a calendar and a clock can show, and too few digits
#: for a mobile: no number passes for one.
_MOMENT = re.compile(
    rf"(?<![\d+])(?:(?:{_YEAR}[-./年]\s?{_MONTH}[-./月]\s?{_OF_MONTH}日?"
    rf"|{_OF_MONTH}[-./]\s?{_MONTH}[-./]\s?{_YEAR}|{_MONTH}/{_OF_MONTH}/{_YEAR})\D{{1,3}}{_TIME}"
    rf"|{_HOUR}[.:][0-5]\d(?:\s?[-–]\s?{_HOUR}[.:][0-5]\d)?(?=\s?(?:uhr|h\b))"
    rf"|{_YEAR}\s?[-–/]\s?{_YEAR}(?!\s?[-\d])"
    rf"|(?<!\d[-\s().·/–—~])(?:{_PAY}\s?[-–~]\s?{_PAY}|\d{{7,8}})(?=\s?{_MONEY})"
    rf"|(?<!\d[-\s().·/–—~])[1-9]\d{{1,4}}\s?[-–~至]\s?[1-9]\d{{1,4}}(?=\s?{_PEOPLE})"
    # Round amounts, whatever they count.
    rf"|(?<!\d[-\s().·/–—~])[1-9]\d{{0,2}}00\s?[-–~至]\s?[1-9]\d{{0,2}}00(?!\s?[-–—./]?\s?\d)"
    rf")(?!\d)",
    re.ASCII | re.IGNORECASE,
)
#: Places on a map, ranges of codes of industries and of postcodes (which share their beginning),
#: versions of C++, the universities of 985/211, standards with their year, registration numbers:
#: too few digits for a mobile, or none that is one.
_DEGREE = r"(?:1[0-7]\d|180|[1-9]?\d)"
_CODE = re.compile(
    rf"(?<![\d+])(?<!\d[-\s().·/–—,~])(?:"
    rf"{_DEGREE}\.\d{{4,7}}°?\s?[,;/]\s?-?{_DEGREE}\.\d{{4,7}}(?!\.?\d)"
    rf"|(?:{_DEGREE}\.\d{{4,6}}|\d\d\.\d\d?\s?[-–]\s?\d\d\.\d\d?"
    r"|(?P<industry>\d\d\.\d\d?)\.\d\s?[-–]\s?(?P=industry)\.\d"
    r"|(?P<five>[1-9]\d)\d{3}\s?[-–]\s?(?P=five)\d{3}|(?P<six>[1-9]\d)\d{4}\s?[-–]\s?(?P=six)\d{4}"
    r")(?!\d|[-\s().·/–—,~]{1,4}\d))"
    r"|(?<=[cC]\+\+)\d\d(?:\s?[/,]\s?\d\d){1,5}(?!\d)|(?<![\d/-])985/211(?![\d/-])"
    r"|(?<![A-Za-z])(?:GBZ?|[A-Z]{2}/[TZ]|ISO|IEC|DIN|EN|IEEE|VD[IE])\s?\d{3,5}(?:\.\d{1,2})?"
    r"[-–](?:19|20)\d\d(?![-\s]?\d)"
    # A unified social credit code.
    r"|(?<![A-Za-z0-9])[159][1-9]\d{6}(?=\d{0,9}[A-Z])[0-9A-Z]{10}(?![A-Za-z0-9])",
    re.ASCII,
)
_LEAST = 7  # digits of a number that can be called


@dataclass(frozen=True, slots=True)
class Masked:
    """The text for a reader, and how many contact details are hidden in it."""

    text: str
    hidden: int


def _folded(text: str) -> str:
    """The text with each sign in its plain form, of the same length."""
    return text if text.isascii() else "".join(map(_plain_sign, text))


@lru_cache(maxsize=20_000)
def _plain_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign


@lru_cache(maxsize=20_000)
def _digit_sign(sign: str) -> str:
    """The digits of other scripts are digits to whoever reads them."""
    digit = unicodedata.digit(sign, None)
    return sign if digit is None else str(digit)


def spans(text: str) -> list[tuple[int, int]]:
    """Where contact details stand: (start, end), in order, not overlapping."""
    # What joins or separates without being seen must not split an address.
    seen = [at for at, sign in enumerate(text) if unicodedata.category(sign) != "Cf"]
    if len(seen) == len(text):
        return _spans(text)
    plain = _spans("".join(text[at] for at in seen))
    return [(seen[start], seen[end - 1] + 1) for start, end in plain]


def _spans(text: str) -> list[tuple[int, int]]:
    plain = _folded(text)
    found: list[tuple[int, int]] = []
    small = plain.lower()
    # The patterns of addresses are the slowest, and most texts hold nothing like one.
    mails = _EMAIL if any(sign in small for sign in _AT) else ()
    for pattern in (*mails, _SPELLED_HOST, _MESSENGER, _HANDLE, _NUMBER_IN_WORDS):
        found += [match.span() for match in pattern.finditer(plain)]
    found += [match.span() for match in _LINK.finditer(plain) if _is_link(match)]
    numbers = plain.translate(_SPELLED)
    numbers = numbers if numbers.isascii() else "".join(map(_digit_sign, numbers))
    for pattern in (_MOMENT, _CODE):
        numbers = pattern.sub(lambda match: "~" * len(match.group()), numbers)
    for pattern in (_MOBILE, _WITH_PLUS):
        found += [match.span() for match in pattern.finditer(numbers)]
    for match in _NUMBER.finditer(numbers):
        digits = sum(sign.isdigit() for sign in match.group())
        if digits >= _LEAST and not _DATE.fullmatch(match.group().strip()):
            found.append(match.span())
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_link(match: re.Match[str]) -> bool:
    """Whether it is no software, title (`M.Tech`), list (`2.online`) or end of a sentence."""
    host = match.group().partition("/")[0]
    if host.lower() in _SOFTWARE:
        return False
    end = match["more"]
    if end is None:
        return True
    label = host[: -len(end) - 1].rpartition(".")[2].lower()
    # `done.It was`, `Wang.Lu`: hosts are written small, or all in capitals.
    written = end.islower() or (host.isupper() and end not in ("IT", "AI"))
    named = len(label) > 1 and any(sign.isalpha() for sign in label)
    return written and named and label not in _SHORTENED


def has_contact(text: str) -> bool:
    """Whether a text holds contact details."""
    return bool(spans(text))


def mask(text: str) -> Masked:
    """The text without its contact details."""
    found = spans(text)
    pieces, at = [], 0
    for start, end in found:
        pieces += [text[at:start], MASK]
        at = end
    return Masked("".join([*pieces, text[at:]]), len(found))


def is_contact_as_name(text: str) -> bool:
    """Whether a text that should be somebody's name is, or holds, a way to reach them.

    A name is read by everybody who sees the person at all, so it is not hidden but refused.
    """
    plain = _folded(text).strip()
    # People are called `M.de Vries`: among other words a host needs its `www.` or a path.
    return any(not _bare_host(found) or found == plain for found in _found(text))


def is_contact_as_brand(text: str) -> bool:
    """Whether the name of an organisation holds a way to reach it. Some are called as their host
    is (`Booking.com`), or begin with an `@`."""
    return any(not _bare_host(one) and not _HANDLE.fullmatch(one) for one in _found(text))


def is_contact_as_size(text: str) -> bool:
    """Whether a number of people is none: `500-1000` is."""
    return has_contact(f"{text}人")


def _found(text: str) -> Iterator[str]:
    """The contact details themselves, folded."""
    return (_folded(text[start:end]) for start, end in spans(text))


def _bare_host(found: str) -> bool:
    link = _LINK.fullmatch(found) is not None
    return link and "/" not in found and not found.lower().startswith("www.")


@lru_cache(maxsize=20_000)
def mask_word(text: str) -> str:
    """`mask` of a short text that occurs many times, such as a skill."""
    return mask(text).text


def masked_text(text: TranslatedText) -> TranslatedText:
    """`mask` of a text in each of its languages."""
    return TranslatedText({code: Version(_masked(one)) for code, one in text.texts().items()})


def _masked(text: str) -> str:
    # A title stands in many lists, a description on its page.
    return mask_word(text) if len(text) <= _SHORT else mask(text).text


def masked(value: Any, hide: Callable[[str], str] = lambda text: mask(text).text) -> Any:
    """A value of a profile without contact details: a text, or texts in lists and mappings.

    `hide`: what is made of each text.
    """
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {name: masked(one, hide) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one, hide) for one in value]
    return value


def part_of_address(email: str) -> str:
    """An address so that its owner knows it, and nobody else can write to it: `k…@example.org`."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
