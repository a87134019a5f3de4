"""The conference itself: an invented city, its halls and days, main activities and side events."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .dice import Dice
from .model import Activity, Edition, EditionDay, Hall, Label, Language, Session, Speaker
from .naming import person_names
from .places import schools_for
from .scales import Scale
from .vocabulary import HOST_CITY, Industry, table, vocabulary

VENUE_ZONE = "Asia/Shanghai"
MEETING_MINUTES, PAUSE_MINUTES = 25, 5
_BREAKS = ((time(10, 30), time(10, 45)), (time(12, 0), time(13, 15)), (time(15, 15), time(15, 30)))
_STAGE, _FORUM = "stage", "forum"
_POSITIONS = (
    Label("教授", "Professor", "Professorin"),
    Label("首席科学家", "Chief scientist", "Leitung Forschung"),
    Label("研究员", "Senior researcher", "Wissenschaftlicher Dienst"),
    Label("人才工作负责人", "Head of talent programmes", "Leitung Talentförderung"),
)
_TALKS = (
    Label(
        "{i}：前沿与人才需求",
        "{i}: state of the art and the talents it needs",
        "{i}: Stand der Technik und gesuchte Fachkräfte",
    ),
    Label(
        "{i}：从实验室到产线",
        "{i}: from the laboratory to the line",
        "{i}: vom Labor in die Fertigung",
    ),
    Label(
        "{i}：国际合作案例",
        "{i}: cases of international cooperation",
        "{i}: Beispiele internationaler Zusammenarbeit",
    ),
)


def _halls(scale: Scale) -> tuple[Hall, ...]:
    size = -(-scale.tables // scale.halls)
    halls = [
        Hall(
            f"hall-{n}",
            Label(f"{n}号馆", f"Hall {n}", f"Halle {n}"),
            False,
            min(size, scale.tables - size * (n - 1)),
        )
        for n in range(1, scale.halls + 1)
    ]
    halls.append(Hall(_STAGE, Label("主会场", "Main stage", "Hauptbühne"), False, 0))
    halls.append(Hall(_FORUM, Label("论坛厅", "Forum", "Forum"), False, 0))
    halls.append(
        Hall(
            "online", Label("线上洽谈室", "Online rooms", "Onlineräume"), True, scale.online_tables
        )
    )
    return tuple(halls)


def _speaker(dice: Dice, culture: str, discipline: str) -> Speaker:
    female = dice.chance(0.5)
    position = dice.pick(_POSITIONS)
    if not female:
        position = Label(position.zh, position.en, position.de.replace("Professorin", "Professor"))
    stems = culture if culture in ("zh", "de") else "en"
    return Speaker(
        person_names(dice, culture, female)[0],
        position,
        dice.pick(schools_for(stems, False, discipline)),
    )


def _forum(base: tuple[object, ...], industry: Industry, start: datetime) -> Activity:
    """A side event of an industry: three talks of 25 minutes with five minutes between them."""
    dice = Dice(*base, "forum", industry.code)
    sessions = []
    field = industry.occupations[0].disciplines[0]
    for number, talk in enumerate(_TALKS):
        begin = start + timedelta(minutes=30 * number)
        spoken: Language = dice.weighted((("zh-hans", 0.5), ("en", 0.35), ("de", 0.15)))
        cultures = {"zh-hans": ("zh",), "en": ("en", "fr", "ja", "hi", "ru"), "de": ("de",)}[spoken]
        sessions.append(
            Session(
                key=f"session-{industry.code}-{number + 1}",
                title=Label(
                    *(
                        part.replace("{i}", name)
                        for part, name in (
                            (talk.zh, industry.label.zh),
                            (talk.en, industry.label.en),
                            (talk.de, industry.label.de),
                        )
                    )
                ),
                hall=_FORUM,
                start=begin,
                end=begin + timedelta(minutes=25),
                language=spoken,
                speakers=tuple(
                    _speaker(dice, dice.pick(cultures), field) for _ in range(dice.whole(1, 2))
                ),
            )
        )
    return Activity(
        key=f"forum-{industry.code}",
        kind="forum",
        title=Label(
            f"{industry.label.zh}专场论坛",
            f"Forum: {industry.label.en}",
            f"Forum: {industry.label.de}",
        ),
        summary=Label(
            f"面向{industry.label.zh}领域用人单位与人才的专题交流。",
            f"Talks and discussion for employers and talents of the field: {industry.label.en}.",
            f"Vorträge und Gespräche für Arbeitgeber und Fachkräfte im Feld: {industry.label.de}.",
        ),
        main=False,
        hall=_FORUM,
        start=start,
        end=sessions[-1].end,
        industry=industry.code,
        sessions=tuple(sessions),
    )


def make_edition(base: tuple[object, ...], scale: Scale, starts_on: date) -> Edition:
    """The edition that opens on `starts_on`; forums fill the forum hall one after another."""
    voc = vocabulary()
    zone = ZoneInfo(VENUE_ZONE)
    days = tuple(
        EditionDay(starts_on + timedelta(days=n), time(9), time(17, 30), _BREAKS)
        for n in range(scale.days)
    )

    def at(day: int, clock: str) -> datetime:
        return datetime.combine(days[day].day, time.fromisoformat(clock), zone)

    last = scale.days - 1
    activities: list[Activity] = []
    for row in table("activities.tsv"):
        day = 0 if row["day"] == "first" else last
        activities.append(
            Activity(
                key=row["key"],
                kind=row["kind"],
                title=Label(row["zh-hans"], row["en"], row["de"]),
                summary=Label(row["summary zh-hans"], row["summary en"], row["summary de"]),
                main=row["main"] == "yes",
                hall=row["hall"],
                start=at(day, row["from"]),
                end=at(last if row["until day"] == "last" else day, row["to"]),
                industry=None,
                sessions=(),
            )
        )
    slots = [at(day, clock) for day in range(scale.days) for clock in ("10:45", "13:15", "15:30")]
    chosen = Dice(*base, "forums").sample(tuple(voc.industries.values()), len(slots))
    activities.extend(
        _forum(base, industry, slot) for industry, slot in zip(chosen, slots, strict=True)
    )
    year = starts_on.year
    city = voc.regions[HOST_CITY].label
    return Edition(
        key=f"lanjiang-{year}",
        title=Label(
            f"{year}澜江国际人才交流大会",
            f"Lanjiang International Talent Conference {year}",
            f"Internationale Talentkonferenz Lanjiang {year}",
        ),
        city=city,
        venue=Label("澜江国际会展中心", "Lanjiang Convention Centre", "Kongresszentrum Lanjiang"),
        region=HOST_CITY,
        time_zone=VENUE_ZONE,
        days=days,
        meeting_minutes=MEETING_MINUTES,
        pause_minutes=PAUSE_MINUTES,
        halls=_halls(scale),
        activities=tuple(activities),
    )
