"""The organisations: parks and universities first, so that a parent stands before its child."""

from __future__ import annotations

from functools import cache

from .dice import Dice
from .mess import ORGANISATION_RATES
from .model import Delegate, Label, Language, Organisation, Presence
from .naming import ascii_slug, person_names
from .people import country, german_title, spoken, time_zone
from .places import company, fill, schools, stem, stem_culture
from .scales import Scale
from .vocabulary import HOST_CITY, HOST_PROVINCE, vocabulary

# Shares of the kinds, in the order in which they are made (parents first).
_SHARES: tuple[tuple[str, float], ...] = (
    ("district", 0.03),
    ("industrial_park", 0.05),
    ("university", 0.08),
    ("multinational", 0.10),
    ("innovation_centre", 0.05),
    ("hospital", 0.05),
    ("institute", 0.08),
    ("investor", 0.06),
    ("enterprise", 0.50),
)
_PATTERNS: dict[str, tuple[Label, ...]] = {
    "district": (
        Label(
            "{s}街道人才服务中心", "{s} Subdistrict Talent Centre", "Talentzentrum Stadtteil {s}"
        ),
        Label("{s}新区人才工作局", "{s} New Area Talent Office", "Talentbüro Neustadt {s}"),
    ),
    "industrial_park": (
        Label("{s}{t}产业园", "{s} {t} Industrial Park", "Industriepark {s} {t}"),
        Label("{s}{t}科技园", "{s} {t} Science Park", "Technologiepark {s} {t}"),
    ),
    "innovation_centre": (
        Label("{s}{t}创新中心", "{s} {t} Innovation Centre", "Innovationszentrum {s} {t}"),
        Label("{s}{t}技术创新平台", "{s} {t} Technology Platform", "Technologieplattform {s} {t}"),
    ),
    "hospital": (
        Label("{s}市第一人民医院", "{s} General Hospital", "Klinikum {s}"),
        Label("{s}医学中心", "{s} Medical Centre", "Medizinisches Zentrum {s}"),
    ),
    "institute": (
        Label("{s}{t}研究院", "{s} Institute of {t}", "{s}-Institut für {t}"),
        Label("{s}{t}实验室", "{s} {t} Laboratory", "{s}-Labor für {t}"),
    ),
    "investor": (
        Label("{s}创业投资基金", "{s} Venture Fund", "{s} Wagniskapitalfonds"),
        Label("{s}资本", "{s} Capital", "{s} Beteiligungen"),
    ),
}
_CITY_SHARES = (
    ("host", 0.52),
    ("province", 0.24),
    ("china", 0.10),
    ("germany", 0.08),
    ("world", 0.06),
)
_POSITIONS: tuple[Label, ...] = (
    Label("人力资源总监", "HR director", "Personalleiter"),
    Label("招聘经理", "Recruitment manager", "Recruiting-Manager"),
    Label("人事处处长", "Head of personnel", "Leiter Personal"),
    Label("技术总监", "Technical director", "Technischer Leiter"),
    Label("研发部部长", "Head of R&D", "Entwicklungsleiter"),
    Label("国际合作主管", "International relations officer", "Referent Internationales"),
)
_SUMMARY = {
    "zh-hans": "{name}位于{place}，主要方向：{fields}。",
    "en": "{name}. Based in: {place}. Fields of work: {fields}.",
    "de": "{name}. Sitz: {place}. Arbeitsgebiete: {fields}.",
}


def kinds(scale: Scale) -> tuple[str, ...]:
    """The kind of each organisation by number; every kind occurs, the rest are enterprises."""
    counted = [(kind, max(1, round(share * scale.organisations))) for kind, share in _SHARES[:-1]]
    listed = [kind for kind, count in counted for _ in range(count)]
    return (*listed, *["enterprise"] * (scale.organisations - len(listed)))


def _region(dice: Dice, kind: str) -> str:
    voc = vocabulary()
    where = dice.weighted(_CITY_SHARES)
    if kind in ("district", "industrial_park", "innovation_centre") and where not in (
        "host",
        "province",
    ):
        where = "host"
    if kind == "multinational":
        where = dice.weighted((("host", 0.3), ("germany", 0.35), ("world", 0.35)))
    if where == "host":
        inside = [r.code for r in voc.regions.values() if r.parent == HOST_CITY]
        return dice.pick([HOST_CITY, *inside])
    if where == "province":
        return dice.pick([r.code for r in voc.regions.values() if r.parent == HOST_PROVINCE])
    if where == "china":
        return dice.pick(
            ("shanghai", "suzhou", "shenzhen", "hangzhou", "wuhan", "chengdu", "beijing", "hefei")
        )
    if where == "germany":
        return dice.pick(
            ("stuttgart", "munich", "berlin", "hamburg", "aachen", "dresden", "niedersachsen")
        )
    return dice.pick(("gb", "us", "california", "sg", "london", "manchester", "ie", "ca"))


def _name(dice: Dice, kind: str, region: str, industry: str) -> Label:
    voc = vocabulary()
    culture = stem_culture(country(region))
    place = voc.regions[region].label
    if kind in ("enterprise", "multinational"):
        prefixed = place if kind == "enterprise" and dice.chance(0.4) else None
        if voc.regions[region].kind == "district":
            prefixed = None
        return company(dice, culture, voc.industries[industry], prefixed)
    if kind == "university":
        return dice.pick(schools(culture, college=dice.chance(0.12)))
    name = fill(dice.pick(_PATTERNS[kind]), stem(dice, culture))
    trade = dice.pick(voc.industries[industry].trades)
    return Label(
        name.zh.replace("{t}", trade.zh),
        name.en.replace("{t}", trade.en),
        name.de.replace("{t}", trade.de),
    )


def _language(dice: Dice, kind: str, where: str | None) -> Language:
    if where == "CN":
        return dice.weighted(
            (("zh-hans", 0.5), ("en", 0.3), ("de", 0.2))
            if kind == "multinational"
            else (("zh-hans", 0.94), ("en", 0.06))
        )
    return "de" if where == "DE" else "en"


def _delegate(
    base: tuple[object, ...],
    org: str,
    number: int,
    language: Language,
    region: str,
    slug: str,
    presence: Presence,
) -> Delegate:
    dice = Dice(*base, "delegate", org, number)
    culture = {"zh-hans": "zh", "en": "en", "de": "de"}[language]
    if country(region) == "CN" and dice.chance(0.75):
        culture = "zh"
    female = dice.chance(0.5)
    names = person_names(dice, culture, female)
    latin = names[-1]
    position = dice.pick(_POSITIONS).text(language)
    if language == "de":
        position = german_title(position, female).replace(
            "Technischer", "Technische" if female else "Technischer"
        )
    own = presence
    if presence == "both" and dice.chance(0.7):
        own = "on_site"
    lost = dice.chance(ORGANISATION_RATES["delegate_email"])
    address = f"{ascii_slug(latin.given)}.{ascii_slug(latin.family)}.{number}@{slug}.example"
    return Delegate(
        key=f"delegate-{org.removeprefix('organisation-')}-{number}",
        organisation=org,
        names=names,
        position=position,
        language=language,
        languages=spoken(dice, culture, country(region), 3),
        email=None if lost else address,
        time_zone=time_zone(region),
        presence=own,
    )


def make_organisations(base: tuple[object, ...], scale: Scale) -> tuple[Organisation, ...]:
    """All organisations of the scale; `base` is the path of the rehearsal's dice.

    They are kept in memory (some 3 KB each): openings and interests refer to them throughout.
    """
    voc = vocabulary()
    made: list[Organisation] = []
    taken: set[str] = set()
    hall_size = -(-scale.tables // scale.halls)
    by_kind: dict[str, list[Organisation]] = {}
    seats = 0
    for number, kind in enumerate(kinds(scale), start=1):
        key = f"organisation-{number:05d}"
        dice = Dice(*base, "organisation", number)
        # The first of each industry go round, so that a small rehearsal knows them all.
        codes = tuple(voc.industries)
        industry = codes[number % len(codes)] if number <= 2 * len(codes) else dice.pick(codes)
        if kind == "hospital":
            industry = "health_care"
        if kind == "investor":
            industry = "finance"
        region = _region(dice, kind)
        name = _name(dice, kind, region, industry)
        attempt = 0
        while name.zh in taken or name.en in taken:
            attempt += 1
            if (
                kind == "university" and attempt > 6
            ):  # the fixed schools are used up: found one more
                name = fill(
                    Label(
                        "{s}国际学院", "{s} International College", "Internationale Hochschule {s}"
                    ),
                    stem(dice, stem_culture(country(region))),
                )
            else:
                name = _name(dice, kind, region, industry)
            if attempt > 60:
                name = Label(
                    f"{name.zh}（{number}）", f"{name.en} ({number})", f"{name.de} ({number})"
                )
        taken.update((name.zh, name.en))
        where = country(region)
        language = _language(dice, kind, where)
        wide = {
            "university": 6,
            "industrial_park": 3,
            "district": 4,
            "hospital": 2,
            "investor": 4,
            "innovation_centre": 2,
        }
        others = dice.sample(
            [c for c in codes if c != industry],
            dice.whole(1, wide[kind]) if kind in wide else int(dice.chance(0.15)),
        )
        if kind == "hospital":
            others = ["life_science"]
        parent: str | None = None
        parents = {
            "institute": ("university", 0.5),
            "enterprise": ("industrial_park", 0.3),
            "hospital": ("university", 0.3),
        }
        if kind in parents and dice.chance(parents[kind][1]):
            parent = dice.pick(by_kind[parents[kind][0]]).key
        elif kind == "enterprise" and dice.chance(0.06):
            parent = dice.pick(by_kind["multinational"]).key
        foreign = where != "CN"
        presence: Presence = dice.weighted(
            (("online", 0.35), ("both", 0.35), ("on_site", 0.3))
            if foreign
            else (("on_site", 0.7), ("both", 0.27), ("online", 0.03))
        )
        table = None
        if presence != "online" and seats < scale.tables:
            table = f"hall-{seats // hall_size + 1}/{seats % hall_size + 1}"
            seats += 1
        slug = f"{'-'.join(ascii_slug(name.en).split('-')[:2])}-{number}"
        industries = (industry, *others)
        low, high = (
            (200, 30_000) if kind in ("multinational", "university", "hospital") else (8, 900)
        )
        description = _SUMMARY[language].format(
            name=name.text(language),
            place=voc.regions[region].label.text(language),
            fields=("、" if language == "zh-hans" else ", ").join(
                voc.industries[c].label.text(language) for c in industries
            ),
        )
        lacks_german = language != "de" and dice.chance(ORGANISATION_RATES["name_de"])
        org = Organisation(
            key=key,
            kind=kind,
            name=Label(name.zh, name.en, "" if lacks_german else name.de),
            language=language,
            region=region,
            industries=industries,
            parent=parent,
            employees=None
            if dice.chance(ORGANISATION_RATES["employees"])
            else dice.skewed(low, high, 3),
            founded=dice.whole(1950 if kind in ("university", "hospital") else 1992, 2024),
            website=None
            if dice.chance(ORGANISATION_RATES["website"])
            else f"https://www.{slug}.example/",
            description=description,
            presence=presence,
            table=table,
            delegates=tuple(
                _delegate(base, key, n, language, region, slug, presence)
                for n in range(1, dice.skewed(1, 4, 2) + 1)
            ),
        )
        made.append(org)
        by_kind.setdefault(kind, []).append(org)
    return tuple(made)


@cache
def shares_of_openings(kind: str) -> float:
    """How many openings an organisation of this kind has, against an enterprise's one."""
    return {
        "university": 2.5,
        "multinational": 2.2,
        "hospital": 2.0,
        "institute": 1.6,
        "industrial_park": 0.6,
        "innovation_centre": 0.8,
        "district": 0.5,
        "investor": 0.25,
    }.get(kind, 1.0)
