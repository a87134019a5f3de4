"""A scene whose every field holds a value found nowhere else, and who reads what of it where."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.core.jobs import run_pending
from talex.core.translated import TranslatedText
from talex.editions.models import Consent, Edition
from talex.fair.publishing import services as publishing
from talex.ledger import outbox, searching
from talex.messages.models import Message
from talex.participants.models import Delegate, Organisation, Person, PersonName, Talent
from talex.participants.services.consents import apply_consents
from tests.access.fields_pairs import between, marked_opening
from tests.access.scene import Scene, _person, make_scene
from tests.access.values import filled
from tests.access.walk import Address, addresses
from tests.editions.factories import make_user
from tests.fair import factories

#: Who reads. `delegate` meets the talent; of the other organisations `stranger` was given nothing,
#: `shown` the profile, `reachable` the profile and the address, `agreed` a wish both have. `abroad`
#: was given profile and address, is in another country, and lacks the separate consent.
READERS = (
    "nobody", "visitor", "outsider", "talent", "other_talent", "delegate", "stranger", "shown",
    "reachable", "agreed", "abroad", "judge", "partner", "press", "auditor", "organiser",
)  # fmt: skip
CHANNELS = ("page", "api", "export", "search", "calendar", "mail")

#: What numbers are grouped by.
GROUPS = re.compile(r"(?<=\d)[,.\u00a0\u202f](?=\d)")

#: whom -> field -> a value found nowhere else. A year is one that no other date of the scene has.
MARKS: dict[str, dict[str, Any]] = {
    "talent": {
        "name": "Qazname", "other_name": "Qazsecond", "email": "qazmail@example.org",
        "phone": "+4915190817263", "birth_year": 1909, "nationality": "Qaznation",
        "institution": "Qazschool", "current_position": "Qazpost", "profile_text": "Qazprofile",
        "region": "Qazregion", "skills": "Qazskill", "disciplines": "Qazdiscipline",
        "wished_regions": "Qazwish", "wished_pay": 918273, "education": "Qazcollege",
        "experience": "Qazemployer", "unread": "Qazunread", "source": "Qazsource",
        # Ways to reach them within other words: read with the contact only.
        **{
            f"address_in_{place}": f"qaz{place}@example.net"
            for place in ("text", "skills", "wishes", "trades", "disciplines", "position",
                          "institution", "place", "education", "request", "message")
        },
    },
    "other_talent": {"name": "Wsxname", "email": "wsxmail@example.org", "phone": "+4915190817264"},
    "delegate": {
        "name": "Edcname", "email": "edcmail@example.org", "phone": "+4915190817265",
        "title": "Edctitle",
    },
    "organisation": {"name": "Rfvname", "unread": "Rfvunread", "address": "Rfvaddress"},
    "waiting_organisation": {"name": "Tgbname"},
    # Of an organisation that the talent was proposed to and asked by; they agreed to nothing.
    "opening": {
        "name": "Yhnpost",
        **{
            f"address_in_{place}": f"yhn{place}@example.net"
            for place in ("title", "text", "skills", "organisation", "place", "trade", "trades",
                          "request", "message")
        },
    },
}  # fmt: skip


@dataclass
class FieldScene:
    scene: Scene
    users: dict[str, User | None]
    keys: dict[str, Any] = field(default_factory=dict)
    #: reader -> what else addresses are filled with; '' for all others.
    between: dict[str, dict[str, Any]] = field(default_factory=dict)


def make_fields_scene() -> FieldScene:
    """The scene of the access table with marked values and three more organisations."""
    scene = make_scene()
    things, edition = scene.things, scene.edition
    mark = MARKS["talent"]
    person: Person = things["talent_person"]
    PersonName.objects.filter(person=person).update(text=mark["name"])
    PersonName.objects.create(person=person, text=mark["other_name"])
    Person.objects.filter(pk=person.pk).update(
        name=mark["name"], email=mark["email"], phone=mark["phone"],
        birth_year=mark["birth_year"], nationality=mark["nationality"],
    )  # fmt: skip
    Talent.objects.filter(pk=things["talent"].pk).update(
        institution=f"{mark['institution']} {mark['address_in_institution']}",
        current_position=f"{mark['current_position']} {mark['address_in_position']}",
        profile_text=f"{mark['profile_text']} {mark['address_in_text']}",
        region=f"{mark['region']} {mark['address_in_place']}",
        skills=[mark["skills"], mark["address_in_skills"]],
        disciplines=[mark["disciplines"], mark["address_in_disciplines"]],
        wished_regions=[mark["wished_regions"], mark["address_in_wishes"]],
        wished_industries=[mark["address_in_trades"]],
        wished_pay={"least": mark["wished_pay"], "currency": "CNY", "period": "year"},
        education=[{"level": "master", "institution": mark["education"],
                    "subject": mark["address_in_education"]}],
        experience=[{"position": "x", "employer": mark["experience"]}],
        unread={"note": mark["unread"]}, source=mark["source"],
    )  # fmt: skip
    mark = MARKS["delegate"]
    Person.objects.filter(pk=things["delegate_person"].pk).update(
        name=mark["name"], email=mark["email"], phone=mark["phone"]
    )
    PersonName.objects.filter(person=things["delegate_person"]).update(text=mark["name"])
    Delegate.objects.filter(pk=things["delegate"].pk).update(title=mark["title"])
    mark = MARKS["organisation"]
    Organisation.objects.filter(pk=things["organisation"].pk).update(
        name=TranslatedText.of(mark["name"]),
        name_line=mark["name"],
        unread={"note": mark["unread"]},
        address=mark["address"],
    )
    users = dict(scene.users)
    users["other_talent"] = make_user("other-talent@example.org")
    other = _person(users["other_talent"], MARKS["other_talent"]["name"])
    Person.objects.filter(pk=other.pk).update(
        email=MARKS["other_talent"]["email"], phone=MARKS["other_talent"]["phone"]
    )
    theirs = Talent.objects.create(person=other, edition=edition)
    given = {"stranger": (), "shown": ("profile",), "reachable": ("profile", "contact")}
    given["abroad"] = ("profile", "contact")
    pairs: dict[str, dict[str, Any]] = {}
    for role, purposes in {**given, "agreed": ()}.items():
        user = users[role] = make_user(f"{role}@example.org")
        far = {"country": "US"} if role == "abroad" else {}
        of = factories.organisation(edition, f"{role} works", **far)
        Delegate.objects.create(person=_person(user, role), organisation=of, edition=edition)
        for purpose in purposes:
            Consent.objects.create(
                edition=edition, person=person.pk, purpose=purpose, recipient=str(of.pk),
                wording="1",
            )  # fmt: skip
        post = factories.opening(edition, of, f"{role} post")
        if role == "agreed":
            factories.interest(things["talent"], post, "talent", state="accepted")
        elif role != "abroad":
            pairs[role] = between(things["talent"], post, "talent", MARKS)
    marked = marked_opening(edition, MARKS["opening"])
    pairs[""] = between(things["talent"], marked, "employer", MARKS)
    waiting = factories.organisation(edition, MARKS["waiting_organisation"]["name"])
    waiting.participations.update(pending_since=factories.BEFORE)
    publishing.publish(SYSTEM, edition, publishing.Publish())
    searching.rebuild_all()
    _cause_mails(scene, users["talent"])
    keys = {
        "talent": things["talent"].pk, "other_talent": theirs.pk, "delegate": things["delegate"].pk,
        "organisation": things["organisation"].pk, "waiting_organisation": waiting.pk,
        "opening": marked.pk,
    }  # fmt: skip
    return FieldScene(scene, users, keys, pairs)


def _cause_mails(scene: Scene, talent: User | None) -> None:
    """What makes the rooms write to people; a mail that tells too much is found by its words."""
    assert talent is not None
    talents = actor_for(talent)
    of = str(Organisation.objects.get(name_line="shown works").pk)
    edition = Edition.objects.get(pk=scene.edition.pk)
    record = Person.objects.get(pk=scene.things["talent_person"].pk)
    for wanted in (["press"], []):
        apply_consents(talents, edition, record, wanted, source="page")
    apply_consents(talents, edition, record, ["profile", "contact"], recipient=of, source="page")
    apply_consents(talents, edition, record, ["profile"], recipient=of, source="page")
    outbox.deliver()
    run_pending()


def _mails(user: User) -> str:
    """Everything that was written to somebody."""
    kept = Message.objects.filter(address=user.email)
    told = [f"{one.subject} {one.text} {one.calendar}" for one in kept]
    sent = [one for one in getattr(mail, "outbox", []) if user.email in one.to]
    return " ".join([*told, *(f"{one.subject} {one.body}" for one in sent)])


#: Pages of the account alone, and of those who look after the machine.
LEFT_OUT = ("account_", "mfa_", "socialaccount_", "api:", "styleguide", "ui:", "accounts:")


def _channel(address: Address) -> str:
    if "calendar" in address.name or address.name.endswith(":feed"):
        return "calendar"
    return "api" if address.in_api else "page"


def _client(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


#: Readers that the access table does not know stand there as these.
LIKE = {
    "other_talent": "talent",
    "stranger": "delegate",
    "shown": "delegate",
    "reachable": "delegate",
    "agreed": "delegate",
    "abroad": "delegate",
}


def _asked(reader: str) -> list[Address]:
    """What answers this reader with a page: the access table is tested to tell which that is.

    Who differs from the table's role only by what they were given is asked by every address that
    names a thing as well.
    """
    with Path(__file__).with_name("table.csv").open(newline="") as stream:
        answers = {
            (row["address"], row["method"]): row[LIKE.get(reader, reader)]
            for row in csv.DictReader(stream)
        }
    return [
        one
        for one in addresses()
        if one.method == "GET"
        and not one.name.startswith(LEFT_OUT)
        # The address of the feed is its key, which the talent alone was given.
        and (one.name != "meetings:feed" or reader == "talent")
        and (
            answers.get((one.name, "GET"), "200") == "200"
            or (reader in LIKE and set(one.parameters) - {"slug", "edition"})
        )
    ]


def _told(client: Client, path: str) -> str:
    answer = ""
    sid = transaction.savepoint()
    cache.clear()
    response = client.get(path)
    if response.status_code == 200:
        body = b"".join(response) if response.streaming else response.content
        answer = body.decode("utf-8", "replace")
        if response.headers.get("Content-Type", "").startswith("application/json"):
            answer = json.dumps(json.loads(answer), ensure_ascii=False)
    transaction.savepoint_rollback(sid)
    return answer


def _stands(mark: str, text: str) -> bool:
    """Whether a value is in a text; a number by itself, for random ids hold any four digits."""
    if not mark.isdecimal():
        return mark in text
    return re.search(rf"(?<![0-9A-Za-z_-]){mark}(?![0-9A-Za-z_-])", text) is not None


def _paths(made: FieldScene, reader: str) -> Iterator[tuple[Address, str]]:
    """Each address as the scene fills it, and with what lies between the talent and the reader."""
    more = made.between.get(reader) or made.between[""]
    other = {made.scene.things[name].pk: one.pk for name, one in more.items()}
    for address in _asked(reader):
        parameters = filled(address, made.scene)
        again = {name: other.get(value, value) for name, value in parameters.items()}
        for path in dict.fromkeys(_path(address, one) for one in (parameters, again)):
            yield address, path


def _path(address: Address, parameters: dict[str, Any]) -> str:
    if address.in_api:
        return address.name.format(**parameters)
    return reverse(address.name, kwargs=parameters)


def reads(made: FieldScene, reader: str) -> dict[tuple[str, str], dict[str, set[str]]]:
    """(whom, field) -> channel -> the addresses at which this reader finds it."""
    client = _client(made.users[reader])
    found: dict[tuple[str, str], dict[str, set[str]]] = {}

    def note(channel: str, where: str, text: str) -> None:
        text = GROUPS.sub("", text)
        for whom, marks in MARKS.items():
            for name, value in marks.items():
                if _stands(str(value), text):
                    found.setdefault((whom, name), {}).setdefault(channel, set()).add(where)

    for address, path in _paths(made, reader):
        channel = _channel(address)
        told = _told(client, path)
        note(channel, address.name, told)
        if "export=csv" in told:
            note("export", address.name, _told(client, f"{path}?export=csv"))
    for whom, marks in MARKS.items():
        for name, value in marks.items():
            # Found by this value: the answer names what it is of, whatever the question repeats.
            told = _told(client, f"/api/search?{urlencode({'q': str(value)})}")
            if str(made.keys[whom]) in told or (value != marks["name"] and marks["name"] in told):
                found.setdefault((whom, name), {}).setdefault("search", set()).add("/api/search")
    user = made.users[reader]
    if user is not None:
        note("mail", "mail", _mails(user))
    return found
