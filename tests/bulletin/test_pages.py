"""The pages: every number opens down to its records, for whoever may."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from talex.bulletin.models import Bulletin, Snapshot
from talex.bulletin.services import (
    FreezeSnapshot,
    ReleaseBulletin,
    freeze_snapshot,
    release_bulletin,
)
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.evidence.models import Evidence
from talex.evidence.services import WithdrawEvidence, withdraw
from talex.ledger.models import Entry
from talex.participants import services as participants
from talex.participants.commands import CreateTalent, ErasePerson, MergePersons, UndoMerge
from talex.participants.facts import Name, TalentFacts
from tests.bulletin.conftest import Enter
from tests.bulletin.factories import reach, talent

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "de", "zh-hans")


def page(name: str, **more: object) -> str:
    return reverse(f"bulletin:{name}", kwargs={"edition": "week", **more})


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def content(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def cell_links(text: str) -> list[tuple[str, int]]:
    """(address, number) of every linked number in the table."""
    found = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a></td>', text)
    return [(address, int(number)) for address, number in found]


@pytest.mark.parametrize("by", ["degree_level", "industry", "region"])
def test_every_number_opens_down_to_as_many_people(enter: Enter, week: Edition, by: str) -> None:
    client = enter("organiser")
    links = cell_links(body(client, f"{page('figures')}?by={by}"))
    assert links
    for address, number in links:
        text = body(client, address)
        said = re.search(r"<p>(\d+) (?:person|people)\.", text)
        assert said and int(said[1]) == number, address


def test_the_figures_follow_an_outcome(enter: Enter, week: Edition) -> None:
    client = enter("organiser")

    def offers() -> int:
        text = body(client, page("figures"))
        foot = re.search(r"<tfoot>(.*?)</tfoot>", text, re.S)
        assert foot
        cells = re.findall(r'<td class="num">.*?(\d+)(?:</a>|</span>)</td>', foot[1])
        return int(cells[5])

    assert offers() == 0
    someone = Evidence.objects.filter(rung="interviewed").first()
    assert someone is not None
    row = reach(someone.subject_id, week, "offer_accepted", clock.now())
    assert offers() == 1
    withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason="Another person."))
    assert offers() == 0


def test_merged_people_are_shown_as_one_and_erased_people_as_erased(enter: Enter) -> None:
    text = body(enter("auditor"), page("records", figure="registered"))
    assert "<p>11 people." in text
    assert text.count("counted as one with another record") == 1
    assert text.count("Erased") == 2  # the row, and its box for choosing
    assert "Doctor 2" not in text
    assert "Doctor 3" in text


def test_what_the_services_of_people_do_reaches_the_figures(enter: Enter, week: Edition) -> None:
    """Real merging and erasing, not rows made by hand."""
    people = [
        participants.create_talent(
            SYSTEM,
            CreateTalent(
                edition=week.pk, facts=TalentFacts(names=[Name(name)], degree_level="bachelor")
            ),
        )
        for name in ("Li Na", "李娜", "Otto Weber")
    ]
    client = enter("organiser")
    address = page("records", figure="registered") + "?by=degree_level&value=bachelor"
    assert "<p>3 people." in body(client, address)
    merge = participants.merge_persons(
        SYSTEM, MergePersons(keep=people[0].person_id, drop=people[1].person_id)
    )
    assert "<p>2 people." in body(client, address)
    participants.undo_merge(SYSTEM, UndoMerge(merge=merge.pk))
    assert "<p>3 people." in body(client, address)
    participants.erase_person(SYSTEM, ErasePerson(person=people[2].person_id))
    text = body(client, address)
    assert "<p>3 people." in text
    assert "Otto" not in text and text.count("Erased") == 2  # the row, and its box for choosing
    row = Evidence.objects.get(subject_id=people[2].pk)
    record = body(client, page("record", pk=row.pk))
    assert "This person was erased" in record and "Otto" not in record


def test_the_cut_off_is_read_in_the_zone_of_the_conference(enter: Enter, week: Edition) -> None:
    client = enter("organiser")
    # Interviews: day 2.5 = 3 May, 20:00 UTC = 4 May, 04:00 in Shanghai, known on day 3.
    until = body(client, f"{page('records', figure='interviewed')}?until=2026-05-04T03:59")
    assert "<p>0 people." in until
    until = body(client, f"{page('records', figure='interviewed')}?until=2026-05-04T04:00")
    assert "<p>6 people." in until
    known = body(client, f"{page('records', figure='interviewed')}?known=2026-05-04T15:59")
    assert "<p>0 people." in known
    assert "4 May 2026" in known
    whole = body(client, f"{page('records', figure='interviewed')}?until=2026-05-03")
    assert "<p>0 people." in whole


def test_a_cut_off_that_cannot_be_read_is_told_beside_its_field(enter: Enter) -> None:
    text = body(enter("organiser"), f"{page('figures')}?until=yesterday")
    assert "Give a day or an instant, for example 2027-05-31T18:00." in text
    assert 'value="yesterday"' in text
    answer = enter("organiser").get(page("records", figure="registered") + "?until=yesterday")
    assert answer.status_code == 422


def test_a_record_leads_to_its_proof_who_confirmed_it_and_its_ledger_entry(
    enter: Enter, week: Edition
) -> None:
    client = enter("organiser")
    row = Evidence.objects.filter(rung="interviewed").last()
    assert row is not None
    text = body(client, page("record", pk=row.pk))
    entry = Entry.objects.get(object_id=row.pk)
    assert entry.hash in text
    assert entry.event in text
    assert "Meeting" in text
    assert "Talex itself" in text
    withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason="It was not held."))
    text = body(client, page("record", pk=row.pk))
    assert "It no longer counts from then on." in text
    assert "evidence.withdrawn" in text


def test_evidence_of_an_import_leads_to_the_entry_of_the_import(
    enter: Enter, week: Edition
) -> None:
    from talex.core.work import work
    from talex.evidence.services import witness

    people = [talent(week, rungs=()) for _ in range(8)]
    with work():
        rows = witness(
            SYSTEM,
            edition=week.pk,
            rung="verified",
            subjects=[p.pk for p in people],
            source_kind="import",
            one_entry=True,
        )
    text = body(enter("organiser"), page("record", pk=rows[6].pk))
    entry = Entry.objects.filter(event="evidence.confirmed").get(object_id__isnull=True)
    assert entry.hash in text
    assert "…" in text, "the long list of subjects is cut"


def test_the_press_sees_numbers_without_people(enter: Enter, week: Edition) -> None:
    client = enter("press")
    text = body(client, page("figures"))
    assert not cell_links(text)
    assert "kept back" in text
    assert ">11<" in text, "the total of the registered is large enough"
    # 4 masters are too few, and with one column hidden the other would give them away.
    assert ">4<" not in text and ">7<" not in text
    for address in (
        page("records", figure="registered"),
        page("record", pk=Evidence.objects.all()[0].pk),
        page("freeze"),
    ):
        assert client.get(address).status_code == 403, address


def test_the_press_gets_whole_days(enter: Enter, week: Edition) -> None:
    someone = talent(week, at=clock.now() - timedelta(seconds=5))
    midnight = (
        timezone.now()
        .astimezone(timezone.get_fixed_timezone(480))
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )
    if clock.now() - midnight < timedelta(minutes=1):
        pytest.skip("just after midnight in Shanghai")
    assert someone.pk
    assert ">12<" in body(enter("organiser"), page("figures"))
    assert ">12<" not in body(enter("press"), page("figures"))


@pytest.mark.parametrize("name", ["figures", "definitions", "snapshots", "freeze"])
def test_nobody_else_gets_in(enter: Enter, name: str) -> None:
    assert enter("").get(page(name)).status_code == 302
    for role in ("judge", "partner"):
        assert enter(role).get(page(name)).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_every_language(enter: Enter, week: Edition, language: str) -> None:
    client = enter("organiser")
    client.cookies["talex_language"] = language
    first = freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk, note="One"))
    freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    release_bulletin(SYSTEM, ReleaseBulletin(snapshot=first.pk))
    names = ("figures", "definitions", "snapshots", "freeze", "compare", "bulletins")
    for address in [
        *(page(name) for name in names),
        page("records", figure="registered"),
        page("record", pk=Evidence.objects.all()[0].pk),
        page("snapshot", number=1),
        page("snapshot", number=1) + "?check=1",
        page("release", number=2),
        page("bulletin", number=1),
        page("withdraw", number=1),
    ]:
        text = body(client, address)
        assert f'<html lang="{language}"' in text.lower(), address


def test_freeze_release_and_take_back_over_the_pages(enter: Enter, week: Edition) -> None:
    client = enter("organiser")
    answer = client.post(page("freeze"), {"until": "2026-05-04T12:00", "known": "", "note": "May"})
    assert answer.status_code == 303
    snapshot = Snapshot.objects.get()
    assert snapshot.until == datetime(2026, 5, 4, 4, tzinfo=UTC), "noon in Shanghai"
    text = body(client, answer["Location"])
    assert snapshot.digest in text
    assert "Counted again: the same" in body(client, answer["Location"] + "?check=1")
    future = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    wrong = client.post(page("freeze"), {"until": future, "known": "", "note": ""})
    assert wrong.status_code == 422
    assert "it has not happened yet" in wrong.content.decode()

    text = body(client, page("release", number=1))
    assert "figures of" in text, "a title is offered"
    answer = client.post(
        page("release", number=1),
        {"title__en": "Half-time figures", "title__de": "Halbzeit", "text__en": "Read on."},
    )
    assert answer.status_code == 303
    assert "Half-time figures" in body(enter(""), page("bulletin", number=1))
    german = body(enter(""), page("bulletin_in", number=1, language="de"))
    assert "Halbzeit" in german and "Angemeldet" in german and 'lang="de"' in german
    assert client.get(page("bulletin_in", number=1, language="fr")).status_code == 404

    answer = client.post(page("withdraw", number=1), {"reason__en": "The day was wrong."})
    assert answer.status_code == 303
    text = body(enter(""), page("bulletin", number=1))
    assert "The day was wrong." in text
    assert Bulletin.objects.get().withdrawn_at is not None


def test_a_bulletin_keeps_small_numbers_back_for_everybody(enter: Enter, week: Edition) -> None:
    made = freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    release_bulletin(SYSTEM, ReleaseBulletin(snapshot=made.pk))
    rows = json.loads(content(enter("organiser"), page("bulletin", number=1) + "?export=json"))
    numbers = {row["persons"] for row in rows}
    assert None in numbers
    assert not numbers & {1, 2, 3, 4}


def test_a_draft_edition_shows_its_bulletins_to_its_own_only(enter: Enter, week: Edition) -> None:
    made = freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    release_bulletin(SYSTEM, ReleaseBulletin(snapshot=made.pk))
    Edition.objects.update(state="draft")
    assert enter("").get(page("bulletin", number=1)).status_code == 404
    assert enter("press").get(page("bulletin", number=1)).status_code == 200


def test_files_hold_every_number_with_its_definition_and_cut_off(
    enter: Enter, week: Edition
) -> None:
    client = enter("organiser")
    address = f"{page('figures')}?until=2026-05-20&export="
    rows = json.loads(content(client, address + "json"))
    by = {(r["figure"], r["by"], r["value"]): r["persons"] for r in rows}
    assert by["registered", "", ""] == 11
    assert by["registered", "degree_level", "doctorate"] == 7
    assert by["interviewed", "industry", "seeds"] == 1
    assert {r["definition_version"] for r in rows} == {1}
    assert len(rows) == len(by), "no number twice"
    text = content(client, address + "csv").decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == len(rows) + 1
    book = openpyxl.load_workbook(io.BytesIO(content(client, address + "xlsx")))
    assert book.active is not None and book.active.max_row == len(rows) + 1


def test_taking_names_out_is_recorded(enter: Enter, week: Edition) -> None:
    content(enter("auditor"), page("records", figure="interviewed") + "?export=csv")
    entry = Entry.objects.get(event="bulletin.records_exported")
    assert json.loads(entry.canonical)["facts"]["count"] == 6


def test_the_number_of_statements_does_not_grow(enter: Enter, week: Edition) -> None:
    client = enter("organiser")

    def statements(address: str) -> int:
        body(client, address)
        with CaptureQueriesContext(connection) as context:
            body(client, address)
        return len(context)

    freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    pages = [page("figures"), page("records", figure="registered"), page("snapshots")]
    before = [statements(address) for address in pages]
    for number in range(8):
        talent(week, industry=f"industry {number}")
        freeze_snapshot(SYSTEM, FreezeSnapshot(edition=week.pk))
    assert [statements(address) for address in pages] == before
