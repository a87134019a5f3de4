"""Sentences that profiles, openings and messages are put together from, by language.

Placeholders are filled by `str.format`; each stands where no inflection is needed (after a colon,
in quotation marks, or at the start), so that the text is right in all three languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from talex.rehearsal.model import Language

Phrases = Mapping[Language, tuple[str, ...]]

PROFILE_START: Phrases = {
    "zh-hans": (
        "{occupation}，{years}年相关经验，毕业于{school}{discipline}专业。",
        "从事{industry}领域工作{years}年，现任{occupation}。",
        "毕业于{school}，专业为{discipline}，在{industry}方向积累了{years}年经验。",
        "具有{years}年{occupation}经历，熟悉{industry}行业。",
    ),
    "en": (
        "{occupation}, years of experience: {years}. Graduate of {school} ({discipline}).",
        "{discipline} graduate of {school}. Now: {occupation}, {years} years in the field.",
        "{occupation} with a background in the field “{discipline}” and {years} years of practice.",
        "{years} years in the industry “{industry}”, most recently as: {occupation}.",
    ),
    "de": (
        "{occupation}, Berufserfahrung in Jahren: {years}. Abschluss: {discipline}, {school}.",
        "Studium: {discipline} ({school}). Tätigkeit: {occupation}, {years} Jahre im Fach.",
        "{occupation} mit Abschluss im Fach {discipline} und {years} Jahren Praxis.",
        "{years} Jahre in der Branche „{industry}“, zuletzt als {occupation}.",
    ),
}
PROFILE_FRESH: Phrases = {
    "zh-hans": (
        "{school}{discipline}专业应届毕业生，希望从事{occupation}相关工作。",
        "即将毕业于{school}，主修{discipline}，对{industry}有浓厚兴趣。",
    ),
    "en": (
        "Recent graduate of {school} ({discipline}), looking for a first position: {occupation}.",
        "{discipline} graduate from {school} with a strong interest in the industry “{industry}”.",
    ),
    "de": (
        "Abschluss in diesem Jahr: {discipline}, {school}. Gesuchte Einstiegsstelle: {occupation}.",
        "Neuer Abschluss ({discipline}, {school}); Interesse an der Branche „{industry}“.",
    ),
}
PROFILE_SKILLS: Phrases = {
    "zh-hans": ("擅长：{skills}。", "主要技能包括{skills}。", "熟练掌握{skills}。"),
    "en": ("Strengths: {skills}.", "Main skills: {skills}.", "Works daily with: {skills}."),
    "de": ("Schwerpunkte: {skills}.", "Kenntnisse: {skills}.", "Tägliche Arbeit mit: {skills}."),
}
PROFILE_WORK: Phrases = {
    "zh-hans": ("近期工作：{task}。", "曾负责{task}。", "主要经历为{task}。"),
    "en": ("Recent work: {task}.", "Responsibilities so far: {task}.", "Experience: {task}."),
    "de": ("Zuletzt: {task}.", "Bisherige Aufgaben: {task}.", "Erfahrung: {task}."),
}
PROFILE_WISH: Phrases = {
    "zh-hans": (
        "希望在{region}长期发展。",
        "愿意与海内外团队合作，期待来{region}工作。",
        "期待在大会上与用人单位面谈。",
        "可随时到岗，家属可随迁。",
    ),
    "en": (
        "Preferred place for a long-term position: {region}.",
        "Open to relocation with family; preferred region: {region}.",
        "Happy to discuss joint projects during the conference.",
        "Available at three months' notice.",
    ),
    "de": (
        "Gesuchter Ort: {region}, gern langfristig.",
        "Umzug mit Familie möglich; bevorzugte Region: {region}.",
        "Offen für gemeinsame Projekte und Gespräche auf der Konferenz.",
        "Verfügbar mit drei Monaten Kündigungsfrist.",
    ),
}
DUTIES: Mapping[Language, str] = {
    "zh-hans": "岗位职责：",
    "en": "Your tasks:",
    "de": "Ihre Aufgaben:",
}
NEEDS: Mapping[Language, str] = {
    "zh-hans": "任职要求：",
    "en": "What you bring:",
    "de": "Ihr Profil:",
}
OFFERS: Mapping[Language, str] = {
    "zh-hans": "我们提供：",
    "en": "What we offer:",
    "de": "Wir bieten:",
}
NEED_DEGREE: Mapping[Language, str] = {
    "zh-hans": "{degree}及以上学历，{discipline}等相关专业",
    "en": "Degree ({degree} or higher) in this or a related field: {discipline}",
    "de": "Abschluss ({degree} oder höher), Fach: {discipline} oder verwandt",
}
NEED_DOCTORATE: Mapping[Language, str] = {
    "zh-hans": "已获得或即将获得博士学位，{discipline}等相关专业",
    "en": "Doctorate, finished or about to be, in this or a related field: {discipline}",
    "de": "Promotion, abgeschlossen oder kurz davor, Fach: {discipline} oder verwandt",
}
NEED_SKILLS: Mapping[Language, str] = {
    "zh-hans": "熟悉{skills}",
    "en": "Knowledge of: {skills}",
    "de": "Kenntnisse: {skills}",
}
NEED_LANGUAGES: Mapping[Language, str] = {
    "zh-hans": "语言要求：{languages}",
    "en": "Languages: {languages}",
    "de": "Sprachen: {languages}",
}
OFFER_LINES: Phrases = {
    "zh-hans": (
        "具有竞争力的薪酬与年终奖金",
        "人才公寓或购房补贴",
        "协助办理人才认定与落户",
        "子女入学协助",
        "科研启动经费与实验室支持",
        "六险一金、年度体检",
        "弹性工作制与带薪年假",
        "国际化团队与海外培训机会",
    ),
    "en": (
        "Competitive pay and an annual bonus",
        "Housing for the first two years",
        "Help with visa and relocation",
        "School places for children",
        "Start-up funds and laboratory access",
        "Health insurance for the family",
        "Flexible hours and thirty days of leave",
        "An international team and training abroad",
    ),
    "de": (
        "Leistungsgerechte Vergütung mit Jahresbonus",
        "Wohnung für die ersten zwei Jahre",
        "Hilfe bei Visum und Umzug",
        "Schulplätze für Kinder",
        "Anschubfinanzierung und Laborzugang",
        "Betriebliche Altersvorsorge",
        "Flexible Arbeitszeit und 30 Tage Urlaub",
        "Internationales Team und Weiterbildung im Ausland",
    ),
}
ASKS: Phrases = {
    "zh-hans": (
        "您好，我对“{title}”很感兴趣，希望能当面交流。",
        "本人经历与该岗位较为匹配，期待安排面谈。",
        "想了解团队情况与发展空间，盼复。",
    ),
    "en": (
        "I would like to talk about “{title}” and my experience in the field.",
        "My background seems to fit; could we meet during the fair?",
        "I have questions about the team and relocation.",
    ),
    "de": (
        "Ich möchte gern mit Ihnen über „{title}“ sprechen.",
        "Mein Werdegang passt aus meiner Sicht gut; haben Sie Zeit für ein Gespräch?",
        "Ich habe Fragen zum Team und zum Umzug.",
    ),
}
INVITES: Phrases = {
    "zh-hans": (
        "我们看了您的资料，诚邀您来展位洽谈“{title}”岗位。",
        "您的经历与我们的需求高度契合，希望安排一次面谈。",
    ),
    "en": (
        "Your profile caught our eye. We would like to talk with you about “{title}”.",
        "We are building up a team in your field and would be glad to meet you.",
    ),
    "de": (
        "Ihr Profil hat uns überzeugt. Wir möchten mit Ihnen über „{title}“ sprechen.",
        "Wir bauen in Ihrem Fach ein Team auf und würden Sie gern kennenlernen.",
    ),
}
SEPARATOR: Mapping[Language, str] = {"zh-hans": "、", "en": ", ", "de": ", "}
DEGREE_WORDS: Mapping[str, Mapping[Language, tuple[str, ...]]] = {
    "secondary": {
        "zh-hans": ("高中", "中专", "中技", "职高"),
        "en": ("Secondary school", "High school", "Vocational certificate"),
        "de": ("Abitur", "Berufsausbildung", "Fachhochschulreife"),
    },
    "associate": {
        "zh-hans": ("大专", "专科", "高职"),
        "en": ("Associate degree", "Associate", "College diploma"),
        "de": ("Techniker", "Meister", "Staatlich geprüfter Techniker"),
    },
    "bachelor": {
        "zh-hans": ("本科", "学士", "大学本科", "本科学历"),
        "en": ("Bachelor", "BSc", "B.Sc.", "Bachelor's degree", "BEng"),
        "de": ("Bachelor", "B.Sc.", "Diplom (FH)", "B.Eng."),
    },
    "master": {
        "zh-hans": ("硕士", "硕士研究生", "研究生", "硕士学位"),
        "en": ("Master", "MSc", "M.Sc.", "Master's degree", "MEng"),
        "de": ("Master", "M.Sc.", "Diplom", "Dipl.-Ing.", "Magister"),
    },
    "doctorate": {
        "zh-hans": ("博士", "博士研究生", "博士学位"),
        "en": ("PhD", "Doctorate", "Ph.D.", "Doctor"),
        "de": ("Promotion", "Dr.-Ing.", "Dr. rer. nat.", "Doktor"),
    },
}
ANY_DEGREE: Mapping[Language, tuple[str, ...]] = {
    "zh-hans": ("不限", "学历不限", ""),
    "en": ("Any", "Not required", ""),
    "de": ("keine Vorgabe", "beliebig", ""),
}
LANGUAGE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "zh": ("汉语", "Chinese", "Chinesisch"),
    "en": ("英语", "English", "Englisch"),
    "de": ("德语", "German", "Deutsch"),
    "fr": ("法语", "French", "Französisch"),
    "es": ("西班牙语", "Spanish", "Spanisch"),
    "ru": ("俄语", "Russian", "Russisch"),
    "ja": ("日语", "Japanese", "Japanisch"),
    "ko": ("韩语", "Korean", "Koreanisch"),
    "ar": ("阿拉伯语", "Arabic", "Arabisch"),
    "hi": ("印地语", "Hindi", "Hindi"),
}
