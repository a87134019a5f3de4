"""Who is erased is gone from rows that are still looked at, and from files that are still read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict
from talex.core.jobs import run_pending
from talex.core.models import Upload
from talex.participants.commands import ErasePerson
from talex.participants.importing import expiry, queries, services, tasks
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Import, RememberedMapping, StagedRow
from talex.participants.importing.services import applying
from talex.participants.models import Person, Talent
from talex.participants.own_data import export_person
from talex.participants.services import erase_person
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]

FIRST = """姓名,E-mail,手机,毕业院校,学历
王伟,Wang@Example.org,13800138000,武汉大学,硕士
李娜,li@example.org,13900139000,清华大学,本科
"""


def kept() -> str:
    """Everything that stands in the tables and files of imports."""
    found: list[Any] = []
    with connection.cursor() as cursor:
        for model in (StagedRow, Import):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            found += cursor.fetchall()
    return f"{found}{[one.path.read_text() for one in Upload.objects.all()]}"


def wang(where: Any, write: Write) -> Person:
    """Two people came in; the one who will go."""
    flow.apply(flow.preview(where, write(FIRST)))
    return Person.objects.get(name="王伟")


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Name,E-mail", "Wang Wei,WANG@example.org"),
        ("Name,Contact", "W. Wei,reach me: wang@example.org or by post"),
        ("Name,Telephone", "Wei,+86 138 0013 8000"),
        ("Name,Notes", "Wei,电话13800138000（晚上）"),
        ("Name,University,Degree", "Wáng Wěi,武汉大学,PhD"),
    ],
)
def test_rows_of_a_preview_that_name_the_person_go(write: Write, heading: str, row: str) -> None:
    where = flow.edition()
    person = wang(where, write)
    one = flow.preview(where, write(f"{heading}\n{row}\nSomebody else\n"), source="other")
    # The file is gone as soon as its rows can be looked at; the rows follow the person.
    assert one.rows.count() == 2 and not Upload.objects.exists()
    revision = one.revision
    told = erase_person(SYSTEM, ErasePerson(person=person.pk))
    assert told["rows of imports"] == 1
    assert [cells[0] for cells in one.rows.values_list("cells", flat=True)] == ["Somebody else"]
    for word in row.split(",")[1:2]:
        assert word not in kept()
    one.refresh_from_db()
    assert one.forgotten_rows == 1
    # Somebody looked at another preview than the one that is there now.
    with pytest.raises(Conflict):
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, revision))
    assert flow.apply(one).result["created"] == {"participants.talent": 1}


def test_a_name_alone_takes_nobody_else_along(write: Write) -> None:
    where = flow.edition()
    person = wang(where, write)
    one = flow.preview(where, write("姓名,毕业院校\n王伟,北京大学\n王伟,\n"), source="other")
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    assert one.rows.count() == 2


def test_the_list_that_brought_the_person_stays_known_and_does_not_bring_them_back(
    write: Write,
) -> None:
    where = flow.edition()
    person = wang(where, write)
    again = flow.preview(where, write(FIRST, name="again.csv"))
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    assert [row.known for row in again.rows.all()] == [True] and "13800138000" not in kept()
    third = flow.preview(where, write(FIRST, name="third.csv"))
    assert queries.summary(third).states["known"] == 2
    flow.apply(third)
    assert Talent.objects.count() == 2 and not Person.objects.filter(name="王伟").exists()


def test_merged_and_identical_rows_go_together_and_the_others_count_on(write: Write) -> None:
    where = flow.edition()
    person = wang(where, write)
    text = (
        "姓名,E-mail,学历,备注\n"
        "王伟,wang@example.org,硕士,\n王伟,wang@example.org,硕士,\n"
        "Wei,wang@example.org,,tall\n"
        "孙强,sun@example.org,硕士,\n孙强,sun@example.org,硕士,\n"
    )
    one = flow.preview(where, write(text), source="other")
    services.merge_identical(SYSTEM, services.MergeIdentical(one.pk))
    group = queries.similar_groups(one)[0]
    services.decide_similar(SYSTEM, services.DecideSimilar(one.pk, group, 2))
    assert one.rows.get(number=2).kept["备注"] == "tall"
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    summary = queries.summary(one)
    assert (summary.total, summary.identical_groups, summary.similar_groups) == (2, 1, 0)
    assert "wang@example.org" not in kept().casefold() and "tall" not in kept()
    one.refresh_from_db()
    assert flow.apply(one).result["created"] == {"participants.talent": 1}


def test_what_was_typed_into_the_preview_is_found_too(write: Write) -> None:
    where = flow.edition()
    person = wang(where, write)
    one = flow.preview(where, write("姓名,E-mail\nX,none\n"), source="other")
    services.correct_row(SYSTEM, services.CorrectRow(one.pk, 2, {"email": "wang@example.org"}))
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    assert one.rows.count() == 0


def test_a_file_that_is_not_read_yet_gives_no_row_of_the_person(write: Write) -> None:
    where = flow.edition()
    person = wang(where, write)
    one = flow.upload(where, write(FIRST), source="other")
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    one.refresh_from_db()
    # What is remembered to leave the row out is no personal data that can be read.
    assert one.forgotten and "example.org" not in str(one.forgotten)
    one = flow.read(one)
    assert [row.values["name"] for row in one.rows.all()] == ["李娜"]
    assert (one.forgotten, one.forgotten_rows) == ([], 1) and not Upload.objects.exists()
    assert "13800138000" not in kept()


def test_erased_while_the_import_is_being_prepared_the_person_does_not_come_in(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = flow.edition()
    person = wang(where, write)
    one = flow.preview(where, write(FIRST), source="other")
    original = applying._joining

    def joining(*given: Any) -> Any:
        erase_person(SYSTEM, ErasePerson(person=person.pk))
        return original(*given)

    monkeypatch.setattr(applying, "_joining", joining)
    one = flow.apply(one)
    assert one.state == "previewed" and flow.job(one).state == "failed"
    assert not Person.objects.filter(email__iexact="wang@example.org").exists()
    monkeypatch.undo()
    assert flow.apply(one).result["created"] == {"participants.talent": 1}


def test_erased_while_rows_are_read_anew_they_do_not_come_back(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = flow.edition()
    person = wang(where, write)
    one = flow.preview(where, write(FIRST), source="other")
    original = tasks.staging._go_on

    def go_on(*given: Any, **more: Any) -> Any:
        erase_person(SYSTEM, ErasePerson(person=person.pk))
        return original(*given, **more)

    monkeypatch.setattr(tasks.staging, "_go_on", go_on)
    one = flow.read(one)
    assert [row.values["name"] for row in one.rows.all()] == ["李娜"]


def test_an_address_that_stands_in_for_empty_cells_is_forgotten_and_the_rows_stay(
    write: Write,
) -> None:
    where = flow.edition()
    person = wang(where, write)
    text = "职位,公司\n工程师,甲公司\n会计,乙公司\n"
    before = flow.preview(
        where, write(text), target="opening", source="a", contact_email="wang@example.org"
    )
    assert "wang@example.org" in kept() and RememberedMapping.objects.exists()
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    assert before.rows.count() == 2 and "wang@example.org" not in kept()
    assert "wang@example.org" not in str(list(RememberedMapping.objects.values()))
    before.refresh_from_db()
    assert flow.apply(before).result["created"]["fair.opening"] == 2


def test_a_person_takes_out_what_stands_in_previews(write: Write) -> None:
    where = flow.edition()
    person = wang(where, write)
    flow.preview(where, write("姓名,E-mail\nX,wang@example.org\nY,y@example.org\n"), source="other")
    rooms = export_person(SYSTEM, person.pk)["records"][0]["rooms"]
    assert rooms["importing.rows"]["rows of imports"] == [
        {"source": "other", "row_number": 2, "cells": ["X", "wang@example.org"], "typed": {}}
    ]


def test_what_nobody_ends_goes_by_itself(write: Write) -> None:
    where = flow.edition()
    unread = flow.upload(where, write(FIRST), source="unread")
    looked_at = flow.preview(where, write(FIRST), source="looked at")
    killed = flow.preview(where, write(FIRST), source="killed")
    Import.objects.filter(pk=killed.pk).update(state="cancelled")
    assert expiry.expire() == 1 and killed.rows.count() == 0

    def older(days: int) -> None:
        Import.objects.update(created_at=clock.now() - timedelta(days=days))

    older(expiry.UNREAD_DAYS - 1)
    assert expiry.expire() == 0
    older(expiry.UNREAD_DAYS + 1)
    assert expiry.expire() == 1
    unread.refresh_from_db()
    assert unread.state == "cancelled" and not Upload.objects.exists()
    older(expiry.PREVIEW_DAYS + 1)
    assert looked_at.rows.count() == 2 and expiry.expire() == 1
    assert StagedRow.objects.count() == 0


def test_a_file_that_turns_out_to_be_broken_is_not_kept(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = flow.upload(flow.edition(), write(FIRST))
    path = Upload.objects.get(pk=one.upload_id).path
    path.write_bytes(b"%PDF-1.4 no table at all")
    services.set_mapping(
        SYSTEM, services.SetMapping(one.pk, Mapping.from_json(one.mapping).columns)
    )
    run_pending()
    one.refresh_from_db()
    assert one.state == "failed" and not Upload.objects.exists()
