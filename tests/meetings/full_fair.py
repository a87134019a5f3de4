"""A filled fair as a person sees it: three halls, two days, a dozen organisations, sixty talents.

Used by the browser tests and for looking at the pages by hand; names are long and in three
scripts on purpose.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.meetings import scheduling, services, timetable
from talex.meetings.models import Meeting, Mode
from talex.participants.models import Delegate, Organisation, Participation, Person, Talent
from talex.programme import services as programme
from tests.editions.factories import grant, make_user

DAYS = (date(2037, 4, 20), date(2037, 4, 21))

ORGANISATIONS = [
    {"zh-hans": "长江新能源汽车股份有限公司", "en": "Yangtze New Energy Vehicles Co., Ltd."},
    {"zh-hans": "东湖先进材料研究院", "en": "East Lake Institute of Advanced Materials"},
    {"de": "Rheinische Präzisionslasermaschinenbaugesellschaft mbH"},
    {"zh-hans": "华中农业种业集团", "en": "Central China Seed Breeding Group"},
    {"en": "Blue Trench Deep-Sea Technology"},
    {"zh-hans": "光谷生命科学园"},
    {"en": "Northern Lights Aerospace", "de": "Nordlicht Luft- und Raumfahrt"},
    {"zh-hans": "武汉市数字经济发展促进中心与青年人才服务联合工作站"},
    {"en": "Green Harbour Carbon Ltd."},
    {"de": "Umweltforschungszentrum für Kreislaufwirtschaft und Klimaanpassung"},
    {"zh-hans": "汉江激光装备", "en": "Hanjiang Laser"},
    {"en": "Institute for Brain-Inspired Computing"},
]
TITLES = [
    {"zh-hans": "动力电池热管理工程师", "en": "Battery thermal engineer"},
    {"en": "Postdoc, grain-boundary engineering of high-entropy alloys"},
    {"de": "Entwicklungsingenieur für Ultrakurzpulslaser", "en": "Ultrafast laser engineer"},
    {"zh-hans": "水稻分子育种研究员", "en": "Rice breeding scientist"},
]
FAMILY = ["王", "李", "Müller-Lüdenscheidt", "O'Connor", "张", "von und zu Hohenstein", "Rossi"]
GIVEN = ["小明", "雪", "Annegret", "Siobhán", "伟", "Maximilian-Alexander", "Giulia"]


@dataclass
class FullFair:
    edition: Edition
    organisations: list[Organisation]
    delegates: list[Person]
    talents: list[Person]


def _name(n: int) -> str:
    family, given = FAMILY[n % 7], GIVEN[(n * 3 + n // 7) % 7]
    return f"{family}{given}" if n % 7 in (0, 1, 4) and len(given) < 3 else f"{given} {family}"


def make_full_fair(talents: int = 60, *, slug: str = "fair", place: bool = True) -> FullFair:
    """The fair with its timetable made (`place`) and accounts office@, talent@, delegate@."""
    edition = _edition(slug)
    organisations = [
        Organisation.objects.create(kind="enterprise", name=TranslatedText(texts))
        for texts in ORGANISATIONS
    ]
    delegates = []
    for n, organisation in enumerate(organisations):
        Participation.objects.create(organisation=organisation, edition=edition)
        person = Person.objects.create(name=f"{['陈', '刘', 'Dr. Weiß', 'Ms. Chen'][n % 4]} {n}")
        Delegate.objects.create(person=person, organisation=organisation, edition=edition)
        delegates.append(person)
    people = []
    for n in range(talents):
        zone = ["Asia/Shanghai", "Europe/Berlin", "America/New_York"][n % 3]
        person = Person.objects.create(name=_name(n), time_zone=zone)
        Talent.objects.create(person=person, edition=edition)
        people.append(person)
    programme.assign_tables(SYSTEM, edition, {("B1", n): organisations[0].id for n in range(1, 4)})
    asked = [
        services.AskedMeeting(
            subject_kind="opening",
            subject_id=uuid.uuid4(),
            subject_title=TranslatedText(TITLES[(n + k) % 4]),
            organisation=organisations[(n + 5 * k) % 12].id,
            talents=(person.id,),
            employers=(delegates[(n + 5 * k) % 12].id,),
            origin="mutual" if n % 2 else "office",
            weight=0.3 + n / 100,
            mode=Mode.ONLINE if n % 9 == 4 else Mode.BOTH,
        )
        for n, person in enumerate(people)
        for k in range(2 if n % 2 else 3)
    ]
    services.request_meetings(SYSTEM, edition, asked)
    _accounts(edition, people, delegates)
    if place:
        frame = timetable.frame(edition)
        assert frame is not None
        solution = timetable.plan(frame, seconds=5, seed=1)
        scheduling.apply_timetable(SYSTEM, edition, frame, solution)
    return FullFair(edition, organisations, delegates, people)


def _edition(slug: str) -> Edition:
    edition = Edition.objects.create(
        slug=slug,
        name=TranslatedText(
            {"en": "International Talent Fair Wuhan", "zh-hans": "武汉国际人才交流大会",
             "de": "Internationale Talentmesse Wuhan"}
        ),
        city=TranslatedText({"en": "Wuhan", "zh-hans": "武汉"}),
        starts_on=DAYS[0],
        ends_on=DAYS[1],
        time_zone="Asia/Shanghai",
        state="open",
        languages=["zh-hans", "en", "de"],
    )  # fmt: skip
    halls = [
        ("A1", {"zh-hans": "一号厅", "en": "Hall One", "de": "Halle Eins"}, 10),
        ("A2", {"zh-hans": "二号厅（新能源与先进材料）", "en": "Hall Two (new energy)"}, 6),
        ("B1", {"zh-hans": "会议室", "en": "Conference rooms", "de": "Besprechungsräume"}, 4),
    ]
    for code, name, tables in halls:
        programme.save_hall(
            SYSTEM, edition, programme.SaveHall(code, TranslatedText(name), tables, seats=200)
        )
    for day in DAYS:
        programme.save_day(
            SYSTEM,
            edition,
            programme.SaveDay(day, time(9), time(17), 20, 5, [("12:00", "13:30")]),
        )
    zone = ZoneInfo(edition.time_zone)
    activities = [
        (DAYS[0], 8, 9, "ceremony", True, {"zh-hans": "开幕式", "en": "Opening ceremony"}),
        (DAYS[0], 9, 17, "fair", True, {"zh-hans": "人才对接会", "en": "Talent fair"}),
        (DAYS[1], 10, 12, "forum", False, {"en": "Forum: deep-sea technology after 2030"}),
        (DAYS[1], 14, 16, "tour", False, {"zh-hans": "园区参观", "de": "Rundgang im Park"}),
    ]
    for day, first, last, kind, main, title in activities:
        programme.save_activity(
            SYSTEM,
            edition,
            programme.SaveActivity(
                TranslatedText(title),
                kind,
                datetime.combine(day, time(first), zone),
                datetime.combine(day, time(last), zone),
                main=main,
                summary=TranslatedText({"en": "Free for everyone who is registered."}),
            ),
        )
    return edition


def _accounts(edition: Edition, talents: list[Person], delegates: list[Person]) -> None:
    grant(make_user("office@example.org", password="fair"), edition, "organiser")
    for person, email, zone in [
        (talents[1], "talent@example.org", "Europe/Berlin"),
        (delegates[0], "delegate@example.org", "Asia/Shanghai"),
    ]:
        person.user = make_user(email, password="fair", time_zone=zone, name=person.name)
        person.save()


def some_meeting(fair: FullFair, person: Person) -> Meeting:
    """The first placed meeting of a person."""
    found = Meeting.objects.filter(edition=fair.edition, request__parties__person=person)
    return found.order_by("starts_at")[0]
