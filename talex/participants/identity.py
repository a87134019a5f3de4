"""Keys under which two records of one person (or organisation) meet, however they were typed.

A key only proposes: two records with the same key are shown to somebody who decides.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

# Surnames whose reading differs from the sign's usual one.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "查": "zha", "仇": "qiu", "朴": "piao", "区": "ou",
    "任": "ren", "盖": "ge", "翟": "zhai", "覃": "qin", "乐": "yue", "冼": "xian", "缪": "miao",
    "种": "chong", "员": "yun", "召": "shao", "燕": "yan", "尉": "yu", "万": "wan", "华": "hua",
}  # fmt: skip
_LETTERS = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _LETTERS.split(),
        strict=True,
    )
)
_TITLES = re.compile(
    r"\b(?:dr|prof|mr|mrs|ms|miss|herr|frau|ing|phd|dipl|mag)\b\.?|"
    r"(?:先生|女士|小姐|博士|教授|同学|老师|院士)$"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")


def _syllables() -> frozenset[str]:
    """All syllables of Mandarin in plain letters, as the table of signs has them."""
    # Loaded when the first name is read: the dictionary takes a while.
    from pypinyin import pinyin_dict

    marks = str.maketrans("āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹḿ", "aaaaooooeeeeiiiiuuuuuuuuunnnm")
    found: set[str] = set()
    for code in range(0x4E00, 0x9FA6):
        for reading in pinyin_dict.pinyin_dict.get(code, "").split(","):
            plain = reading.translate(marks)
            if plain.isascii() and plain.isalpha():
                found.add(plain)
    return frozenset(found - set("bcdfghjklmnpqrstvwxyz") - {"ng", "hm", "hng"})


@lru_cache(maxsize=1)
def _known_syllables() -> frozenset[str]:
    return _syllables()


@lru_cache(maxsize=20_000)
def _cut(word: str) -> tuple[str, ...]:
    """A Latin word as syllables of Mandarin, the longest first; as it is where it is none."""
    known = _known_syllables()

    def rest(start: int) -> tuple[str, ...] | None:
        if start == len(word):
            return ()
        for end in range(min(len(word), start + 6), start, -1):
            if word[start:end] in known:
                tail = rest(end)
                if tail is not None:
                    return (word[start:end], *tail)
        return None

    if len(word) > 24:
        return (word,)
    return rest(0) or (word,)


def script_of(text: str) -> str:
    """The script a name is written in (ISO 15924), by its signs; Latn where there is none."""
    for sign in text:
        name = unicodedata.name(sign, "")
        if name.startswith(("HIRAGANA", "KATAKANA")):
            return "Jpan"
        if name.startswith("HANGUL"):
            return "Kore"
    if _HAN.search(text):
        return "Hans"
    for sign in text:
        name = unicodedata.name(sign, "")
        for start, script in (("CYRILLIC", "Cyrl"), ("ARABIC", "Arab"), ("DEVANAGARI", "Deva")):
            if name.startswith(start):
                return script
    return "Latn"


def name_key(text: str) -> str:
    """The same for 王伟, Wang Wei, WEI Wang and Wáng Wěi: sorted syllables in plain letters.

    Chinese is read by its usual reading (a surname by its reading as a surname), Cyrillic letter
    by letter; other scripts stand for themselves. Empty for less than two syllables or letters.
    """
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    text = _TITLES.sub(" ", text)
    if _HAN.search(text) and script_of(text) != "Jpan":
        text = _read_chinese(text)
    text = "".join(_CYRILLIC.get(sign, sign).replace("_", "") for sign in text)
    text = text.replace("ß", "ss").replace("ü", "u").replace("ø", "o").replace("ł", "l")
    text = "".join(s for s in unicodedata.normalize("NFKD", text) if not unicodedata.combining(s))
    # 吕 is Lü, Lv, Lyu or Lu on paper.
    words = [re.sub(r"^([ln])(?:v|yu)$", r"\1u", w) for w in re.split(r"[^\w]+|_+", text) if w]
    parts = sorted(part for word in words for part in _cut(word))
    key = " ".join(parts)
    return key[:200] if len(parts) > 1 or len(key) > 3 else ""


@lru_cache(maxsize=30_000)
def _reading(sign: str) -> str:
    """The usual reading of one sign. Names are no phrases: which signs stand beside says little."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(sign, style=Style.NORMAL)[0]


def _read_chinese(text: str) -> str:
    signs = [sign for sign in text if not sign.isspace() and sign != "·"]
    if not all(_HAN.match(sign) for sign in signs):
        return "".join(f" {_reading(s)} " if _HAN.match(s) else s for s in text)
    read = [_reading(sign) for sign in signs]
    if signs and signs[0] in _SURNAMES and len(signs) <= 4:
        read[0] = _SURNAMES[signs[0]]
    return " ".join(read)


def email_key(address: str) -> str:
    """An address as it is compared: small letters, without blanks."""
    return address.strip().casefold()[:254]


def phone_key(number: str) -> str:
    """The last ten digits, so that +86 138 0013 8000 and 13800138000 meet; empty below seven."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number))
    return digits[-10:] if len(digits) >= 7 else ""


def organisation_key(name: str) -> str:
    """A name without legal forms, spaces and signs: two rows of one organisation meet."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(
        r"\b(?:co|ltd|inc|llc|corp|corporation|company|limited|gmbh|ag|kg|se|plc|e\.?v)\b\.?"
        r"|股份有限公司|有限责任公司|有限公司|集团",
        " ",
        text,
    )
    key = "".join(sign for sign in text if sign.isalnum())
    return (key or "".join(name.split()).casefold())[:200]


def text_key(text: str) -> str:
    """A hash of a longer text without its spaces and case (16 hex signs); empty for short ones."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if len(plain) < 80:
        return ""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]
