"""What each figure means, in every language of the house, with a version.

The wording is part of the definition: a figure that was published said these words. So all three
languages stand here side by side instead of in a catalogue, `digest` covers them, and a test holds
that nobody changes a word without raising the version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from talex.core.canonical import canonical, digest
from talex.core.translated import TranslatedText
from talex.evidence.vocabulary import DIMENSIONS, Rung

COUNTING_VERSION = 1
"""Raised when the way of counting (counting.py) changes for every figure."""

COUNTING = TranslatedText(
    {
        "en": "A person is counted once in a conference, however often the rung was reached. "
        "Records that were found to be one person by the known-until instant count as one. "
        "Evidence counts if it happened until the first instant and was recorded until the second, "
        "and was not withdrawn by then. Degree, industry and region are those on record at the "
        "known-until instant. Erased persons stay counted by these coarse facts only.",
        "zh-hans": "同一届大会中，无论达到该阶段多少次，每人只计一次。"
        "在“知悉截止”时刻之前已确认属于同一人的记录合并计为一人。"
        "证据须在“发生截止”时刻之前发生、在“知悉截止”时刻之前记录，且届时未被撤回，方可计入。"
        "学历、行业和地区以“知悉截止”时刻登记的为准。"
        "已删除个人数据的人员仅按上述概括信息继续计入。",
        "de": "Eine Person wird je Konferenz einmal gezählt, gleich wie oft sie die Stufe erreicht "
        "hat. Datensätze, die bis zum Kenntnisstand als dieselbe Person erkannt wurden, zählen als "
        "eine. Ein Nachweis zählt, wenn er bis zum Stichzeitpunkt geschah, bis zum Kenntnisstand "
        "erfasst und bis dahin nicht zurückgezogen wurde. Abschluss, Branche und Region sind die "
        "beim Kenntnisstand erfassten. Gelöschte Personen bleiben nur mit diesen groben Angaben "
        "gezählt.",
    }
)


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: how many `subject_kind`s have standing evidence of `rung`, each counted once.

    `counts_once` names the key by which a subject is counted once; `dimensions` what the figure can
    be split by.
    """

    key: str
    version: int
    rung: Rung
    name: TranslatedText
    text: TranslatedText
    subject_kind: str = "talent"
    counts_once: str = "person"
    dimensions: tuple[str, ...] = DIMENSIONS

    def frozen(self) -> dict[str, Any]:
        """The definition as a snapshot keeps it: JSON, words in every language."""
        return {
            "key": self.key,
            "version": self.version,
            "rung": self.rung.value,
            "subject_kind": self.subject_kind,
            "counts_once": self.counts_once,
            "dimensions": list(self.dimensions),
            "name": self.name.texts(),
            "text": self.text.texts(),
            "counting": COUNTING.texts(),
            "counting_version": COUNTING_VERSION,
        }

    @property
    def digest(self) -> str:
        """SHA-256 over all that the definition says, 64 hexadecimal digits."""
        return digest(canonical(self.frozen()))


def _figure(rung: Rung, version: int, names: dict[str, str], texts: dict[str, str]) -> Definition:
    return Definition(
        key=rung.value,
        version=version,
        rung=rung,
        name=TranslatedText(dict(names)),
        text=TranslatedText(dict(texts)),
    )


DEFINITIONS: tuple[Definition, ...] = (
    _figure(
        Rung.REGISTERED,
        1,
        {"en": "Registered", "zh-hans": "已登记", "de": "Angemeldet"},
        {
            "en": "People who are on record as talents of this conference, by their own "
            "application or from a list that the office took over.",
            "zh-hans": "作为本届大会人才登记在册的人员，包括本人报名和办公室接收名单两种来源。",
            "de": "Personen, die als Talente dieser Konferenz erfasst sind, durch eigene Anmeldung "
            "oder aus einer Liste, die das Büro übernommen hat.",
        },
    ),
    _figure(
        Rung.VERIFIED,
        1,
        {"en": "Verified", "zh-hans": "已核实", "de": "Geprüft"},
        {
            "en": "People whose identity and qualification somebody named has checked.",
            "zh-hans": "身份和学历资格已由具名人员核实的人员。",
            "de": "Personen, deren Identität und Abschluss eine benannte Person geprüft hat.",
        },
    ),
    _figure(
        Rung.ATTENDED,
        1,
        {"en": "Attended", "zh-hans": "已参会", "de": "Teilgenommen"},
        {
            "en": "People who were seen at the conference, on site or online. An invitation or a "
            "planned meeting is not attendance.",
            "zh-hans": "经确认在现场或线上参加大会的人员。收到邀请或已安排面谈不算参会。",
            "de": "Personen, die vor Ort oder online auf der Konferenz gesehen wurden. Eine "
            "Einladung oder ein geplantes Treffen ist keine Teilnahme.",
        },
    ),
    _figure(
        Rung.INTERVIEWED,
        1,
        {"en": "Interviewed", "zh-hans": "已面谈", "de": "Interviewt"},
        {
            "en": "People with at least one meeting with an organisation that was held, as one of "
            "its parties or the office confirmed.",
            "zh-hans": "与用人单位至少完成一次面谈，并经面谈一方或办公室确认的人员。",
            "de": "Personen mit mindestens einem Gespräch mit einer Organisation, das stattfand, "
            "bestätigt durch eine Seite oder das Büro.",
        },
    ),
    _figure(
        Rung.MUTUAL_INTENT,
        1,
        {"en": "Mutual intent", "zh-hans": "达成意向", "de": "Beiderseitige Absicht"},
        {
            "en": "People for whom both they and an organisation said after meeting that they want "
            "to go on. It is an intention, not employment.",
            "zh-hans": "面谈后本人与用人单位双方均表示愿意继续洽谈的人员。意向不等于就业。",
            "de": "Personen, bei denen nach dem Gespräch beide Seiten weitermachen wollen. Das ist "
            "eine Absicht, keine Anstellung.",
        },
    ),
    _figure(
        Rung.OFFER_ACCEPTED,
        1,
        {"en": "Offer accepted", "zh-hans": "接受录用", "de": "Angebot angenommen"},
        {
            "en": "People who accepted an offer that an organisation made them. They have not "
            "necessarily started.",
            "zh-hans": "已接受用人单位录用邀约的人员，未必已到岗。",
            "de": "Personen, die ein Angebot einer Organisation angenommen haben. Angetreten haben "
            "sie die Stelle damit noch nicht.",
        },
    ),
    _figure(
        Rung.ARRIVED,
        1,
        {"en": "Arrived", "zh-hans": "已到岗", "de": "Angekommen"},
        {
            "en": "People who started in the position they accepted.",
            "zh-hans": "已在所接受的岗位上到岗的人员。",
            "de": "Personen, die die angenommene Stelle angetreten haben.",
        },
    ),
    _figure(
        Rung.RETAINED,
        1,
        {"en": "Retained", "zh-hans": "已留任", "de": "Geblieben"},
        {
            "en": "People who were still in that position when somebody named asked again, as "
            "the evidence dates it.",
            "zh-hans": "经具名人员回访，在证据所载日期仍在该岗位的人员。",
            "de": "Personen, die bei erneuter Nachfrage einer benannten Person noch auf der Stelle "
            "waren, zum Datum des Nachweises.",
        },
    ),
)

BY_KEY: dict[str, Definition] = {d.key: d for d in DEFINITIONS}
BY_RUNG: dict[str, Definition] = {d.rung.value: d for d in DEFINITIONS}
