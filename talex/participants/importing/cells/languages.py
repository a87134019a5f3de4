"""Languages and how well they are spoken, as levels of the Common European Framework (CEFR)."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost, unwrap
from talex.participants.importing.notes import note


@dataclass(frozen=True, slots=True)
class Language:
    """A language (ISO 639-1 code) with `level` A1 to C2, 'native', or None where not stated."""

    code: str
    level: str | None


_NAMES: dict[str, str] = {
    "zh": "中文|汉语|漢語|普通话|普通話|国语|华语|chinese|mandarin|chinesisch|putonghua",
    "yue": "粤语|广东话|廣東話|cantonese|kantonesisch",
    "en": "英语|英語|英文|english|englisch|inglés",
    "de": "德语|德語|德文|german|deutsch",
    "fr": "法语|法語|法文|french|französisch|français",
    "ja": "日语|日語|日文|japanese|japanisch|日本語",
    "ko": "韩语|韓語|韩文|朝鲜语|korean|koreanisch",
    "ru": "俄语|俄語|俄文|russian|russisch|русский",
    "es": "西班牙语|西班牙文|西语|spanish|spanisch|español",
    "pt": "葡萄牙语|葡语|portuguese|portugiesisch|português",
    "it": "意大利语|意语|italian|italienisch|italiano",
    "ar": "阿拉伯语|阿语|arabic|arabisch",
    "nl": "荷兰语|dutch|niederländisch|nederlands",
    "pl": "波兰语|polish|polnisch", "tr": "土耳其语|turkish|türkisch",
    "vi": "越南语|vietnamese|vietnamesisch", "th": "泰语|thai|thailändisch",
    "hi": "印地语|hindi", "id": "印尼语|印度尼西亚语|indonesian|indonesisch",
    "ml": "马拉雅拉姆语|malayalam", "ms": "马来语|malay|malaiisch", "fa": "波斯语|persian|farsi|persisch",
    "uk": "乌克兰语|ukrainian|ukrainisch", "cs": "捷克语|czech|tschechisch",
    "sv": "瑞典语|swedish|schwedisch", "da": "丹麦语|danish|dänisch",
    "fi": "芬兰语|finnish|finnisch", "no": "挪威语|norwegian|norwegisch",
    "hu": "匈牙利语|hungarian|ungarisch", "el": "希腊语|greek|griechisch",
    "he": "希伯来语|hebrew|hebräisch", "ro": "罗马尼亚语|romanian|rumänisch",
    "ur": "乌尔都语|urdu", "ta": "泰米尔语|tamil", "bn": "孟加拉语|bengali",
    "bg": "保加利亚语|bulgarian|bulgarisch", "hr": "克罗地亚语|croatian|kroatisch",
    "sr": "塞尔维亚语|serbian|serbisch", "bs": "波斯尼亚语|bosnian|bosnisch",
    "sk": "斯洛伐克语|slovak|slowakisch", "sl": "斯洛文尼亚语|slovene|slovenian|slowenisch",
    "et": "爱沙尼亚语|estonian|estnisch", "lv": "拉脱维亚语|latvian|lettisch",
    "lt": "立陶宛语|lithuanian|litauisch", "sq": "阿尔巴尼亚语|albanian|albanisch",
    "mk": "马其顿语|macedonian|mazedonisch", "is": "冰岛语|icelandic|isländisch",
    "ga": "爱尔兰语|irish|irisch|gaeilge", "ca": "加泰罗尼亚语|catalan|katalanisch",
    "be": "白俄罗斯语|belarusian|belarussisch", "hy": "亚美尼亚语|armenian|armenisch",
    "az": "阿塞拜疆语|azerbaijani|aserbaidschanisch", "uz": "乌兹别克语|uzbek|usbekisch",
    "mn": "蒙古语|蒙语|mongolian|mongolisch", "ug": "维吾尔语|uyghur|uigurisch",
    "bo": "藏语|tibetan|tibetisch", "ne": "尼泊尔语|nepali|nepalesisch",
    "si": "僧伽罗语|sinhala|sinhalese|singhalesisch", "te": "泰卢固语|telugu",
    "kn": "卡纳达语|kannada", "mr": "马拉地语|marathi", "gu": "古吉拉特语|gujarati",
    "pa": "旁遮普语|punjabi|panjabi", "my": "缅甸语|burmese|birmanisch",
    "km": "高棉语|柬埔寨语|khmer", "lo": "老挝语|laotian|laotisch",
    "tl": "他加禄语|菲律宾语|tagalog|filipino", "sw": "斯瓦希里语|swahili|suaheli|kiswahili",
    "am": "阿姆哈拉语|amharic|amharisch", "ig": "伊博语|\\bigbo\\b", "yo": "约鲁巴语|yoruba",
    "ha": "豪萨语|hausa", "af": "南非荷兰语|afrikaans",
    "ka": "格鲁吉亚语|georgian|georgisch", "kk": "哈萨克语|kazakh|kasachisch",
}  # fmt: skip
_NAME = re.compile(
    "|".join(f"(?P<{code}>{'|'.join(sorted(names.split('|'), key=len, reverse=True))})"
             for code, names in _NAMES.items())
)  # fmt: skip

# Tests that name their language. CET and TEM by the China Standards of English mapping commonly
# used (CET-4 B1, CET-6 B2, TEM-4 B2, TEM-8 C1); JLPT by its own 2025 mapping; HSK by the German
# Fachverband Chinesisch (each level one below what the test's maker claims).
_TESTS: tuple[tuple[str, re.Pattern[str], dict[str, str]], ...] = (
    ("en", re.compile(r"(?:cet|大学英语|英语|英文)?\s*[-(]?\s*(?:cet)?\s*[-_ ]?\s*([四六46])\s*级?\)?(?=$|\W|级)"),
     {"四": "B1", "4": "B1", "六": "B2", "6": "B2"}),
    ("en", re.compile(r"(?:tem\s*[-_ ]?\s*|专业?|英语专业?|英专)([四八48])级?"),
     {"四": "B2", "4": "B2", "八": "C1", "8": "C1"}),
    ("ja", re.compile(r"(?:jlpt\s*)?(?<![a-z])n\s*([1-5])级?(?!\d)"),
     {"1": "C1", "2": "B2", "3": "B1", "4": "A2", "5": "A1"}),
    ("zh", re.compile(r"hsk\s*[-_ ]?\s*([1-6])级?"),
     {"1": "A1", "2": "A1", "3": "A2", "4": "B1", "5": "B2", "6": "C1"}),
    ("ko", re.compile(r"topik\s*(?:ii?\s*)?[-_ ]?\s*([1-6])级?"),
     {"1": "A1", "2": "A2", "3": "B1", "4": "B2", "5": "C1", "6": "C2"}),
    ("de", re.compile(r"testdaf\s*(?:tdn)?\s*[-_ ]?\s*([345])"),
     {"3": "B2", "4": "C1", "5": "C1"}),
    ("de", re.compile(r"\b(dsh)\b\s*[-_ ]?\s*[123]?"), {"dsh": "C1"}),
    ("fr", re.compile(r"delf\s*([ab][12])|dalf\s*(c[12])"), {}),
)  # fmt: skip
# Scores: (language, pattern, least score for each level, best first), from the test makers' tables.
_SCORES: tuple[tuple[str, re.Pattern[str], tuple[tuple[float, str], ...]], ...] = (
    ("en", re.compile(r"(?:ielts|雅思)\D{0,8}?(\d(?:\.\d)?)"),
     ((8.5, "C2"), (7, "C1"), (5.5, "B2"), (4, "B1"), (0, "A2"))),
    ("en", re.compile(r"(?:toefl|托福)\D{0,8}?(\d{2,3})"),
     ((114, "C2"), (95, "C1"), (72, "B2"), (42, "B1"), (0, "A2"))),
    ("en", re.compile(r"(?:toeic|托业)\D{0,8}?(\d{3})"),
     ((945, "C1"), (785, "B2"), (550, "B1"), (225, "A2"), (0, "A1"))),
)  # fmt: skip
# A code counts only where nothing else stands: 'en', 'de C1'.
_CODE = re.compile(r"(zh|en|de|fr|ja|ko|ru|es|pt|it|ar|nl|pl|tr|vi)(?:[-_\s:(]+([abc][12])\)?)?")
_CEFR = re.compile(r"(?<![a-z0-9])([abc][12])(?![a-z0-9])")
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("native", re.compile(r"母语|母語|\bnative\b|mother tongue|muttersprach\w*|\bbilingual\b")),
    ("C1", re.compile(
        r"精通|流利|流畅|\bfluen\w*|\bproficien\w*|\badvanced\b|\bexcellent\b|\bfull professional\b|"
        r"flie(?:ß|ss)end|verhandlungssicher\w*|\bc1\b|business fluent|ausgezeichnet\w*")),
    ("B2", re.compile(
        r"熟练|非常好|很好|工作语言|\bvery good\b|upper[- ]intermediate|\bprofessional(?: working)?\b|"
        r"\bworking (?:knowledge|proficiency)\b|sehr gut\w*|\bgood command\b")),
    ("B1", re.compile(r"良好|较好|中等|\bgood\b|\bintermediate\b|\bconversational\b|\bgute?\w{0,2}\b|mittel\w*")),
    ("A2", re.compile(
        r"一般|基础|初级|略懂|入门|\bbasic\w*|\belementary\b|\bbeginner\b|\blimited\b|grundkenntnis\w*|"
        r"grundlegend\w*|anfänger\w*|\bfair\b")),
)  # fmt: skip
_FILLER = re.compile(
    r"语言|能力|水平|听说读写|口语|书面|及以上|以上|等级|证书|要求|具备|优秀|可作为|通过|或|和|"
    r"\b(?:language|languages|level|skills?|spoken|written|oral|speaker|in|und|and|or|oder|wort|"
    r"schrift|kenntnisse|sprachkenntnisse|required|preferred|plus|proficiency|knowledge|business|"
    r"professional|certificate|zertifikat|goethe|of|min|mind|at|least|mindestens|test|score|ibt|cefr|"
    r"ger|gers|delf|dalf)\b|\(?\d{2,3}分?\)?|分|[\s\-(),.:;/+&=]+"
)
_PARTS = re.compile(r"[;；、,，/|&+\n]|\s(?:and|und|sowie)\s|和|及(?!以上)|以及|\[|\]|'|\"")


def read_languages(cell: Cell) -> Read[tuple[Language, ...]]:
    """Languages of a cell in their order: `英语(CET-6)`, `English C1; Deutsch B2`, `日语N1`, `德语熟练`.

    A test without the name of its language counts (N1, IELTS 7). Where part of the cell was not
    understood the rest is given with a note; where nothing was, the cell is not understood.
    """
    text = fact(cell).casefold()
    if not text:
        return blank()
    if isinstance(cell, bool) or not isinstance(cell, str):
        return lost("language_not_understood", cell)
    # A level in parentheses belongs to the name before it, so commas in there do not part.
    text = re.sub(r"\(([^()]*)\)", lambda m: "(" + re.sub(r"[,，、/]", " ", m.group(1)) + ")", text)
    found: dict[str, Language] = {}
    strange: list[str] = []
    for part in _PARTS.split(text):
        part = unwrap(part.strip())
        if not part:
            continue
        languages, rest = _part(part)
        if rest:
            strange.append(part)
        for language in languages:
            known = found.get(language.code)
            if known is None or known.level is None:
                found[language.code] = language
    if not found:
        return lost("language_not_understood", cell)
    said = note("language_not_understood", text=", ".join(strange)) if strange else None
    return Read(tuple(found.values()), True, said)


def _part(part: str) -> tuple[list[Language], str]:
    """The languages named in one part, and what of it was not understood."""
    if bare := _CODE.fullmatch(part):
        level = bare.group(2)
        return [Language(bare.group(1), level.upper() if level else None)], ""
    names = list(_NAME.finditer(part))
    level, of_test, rest = _level(part)
    rest = _FILLER.sub("", _NAME.sub("", rest))
    if not names:
        return ([Language(of_test, level)] if of_test else []), rest
    if len({name.lastgroup for name in names}) == 1:
        return [Language(str(names[0].lastgroup), level)], rest
    # Several names without a separator: 'English C1 German B2'.
    languages = []
    for at, name in enumerate(names):
        end = names[at + 1].start() if at + 1 < len(names) else len(part)
        languages.append(Language(str(name.lastgroup), _level(part[name.start() : end])[0]))
    return languages, rest


def _level(part: str) -> tuple[str | None, str | None, str]:
    """Level, language of a test named, and the text without them."""
    for code, pattern, scores in _SCORES:
        if found := pattern.search(part):
            score = float(found.group(1))
            level = next(level for least, level in scores if score >= least)
            return level, code, part[: found.start()] + part[found.end() :]
    if found := _CEFR.search(part):
        return found.group(1).upper(), None, part[: found.start()] + part[found.end() :]
    for code, pattern, levels in _TESTS:
        found = pattern.search(part)
        if found and _is_test(code, found, part):
            key = next((group for group in found.groups() if group), "")
            rest = part[: found.start()] + part[found.end() :]
            return levels.get(key, key.upper()), code, rest
    for level, pattern in _WORDS:
        if pattern.search(part):
            rest = part
            for _name, words in _WORDS:
                rest = words.sub(" ", rest)
            return level, None, rest
    return None, None, part


def _is_test(code: str, found: re.Match[str], part: str) -> bool:
    """A bare 4 or 6 is no CET; it needs the name of the test, of English, or 级."""
    if code != "en":
        return True
    return bool(re.search(r"cet|tem|英|级|专[四八]", found.group() + part[found.end() :]))
