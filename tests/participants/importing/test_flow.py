"""A file from its upload to what was made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talex.core.actor import NOBODY, SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.models import Upload
from talex.ledger.models import Entry
from talex.participants.importing import queries, services
from talex.participants.importing.mapping import Column, Mapping
from talex.participants.importing.models import Import, RememberedMapping
from talex.participants.models import Organisation, Participation, SourceRow, Talent
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]

PEOPLE = """姓名,E-mail,学历,工作年限,技能,备注,身高
王伟,wang@example.org,硕士,5年,Python；焊接,好,180
Anna Schmidt,anna@example.org,Diplom,viele,CATIA,,
李娜,not an address,本科,3-5年,,,
"""


def test_a_file_becomes_talents_and_what_was_not_understood_is_kept(write: Write) -> None:
    where = flow.edition()
    one = flow.preview(where, write(PEOPLE, "gb18030"))
    assert one.state == "previewed" and one.file_facts["encoding"] == "GB18030"
    summary = queries.summary(one)
    assert (summary.total, summary.states["new"], summary.can_apply) == (3, 3, True)
    assert dict(summary.codes) == {"years_not_understood": 1, "email_not_understood": 1}
    one = flow.apply(one)
    assert one.state == "applied" and flow.job(one).state == "succeeded"
    assert one.result["created"] == {"participants.talent": 3}
    wang = Talent.objects.get(person__name="王伟")
    assert (wang.degree_level, wang.experience_years) == ("master", 5)
    assert wang.skills == ["Python", "焊接"] and wang.unread == {"备注": "好", "身高": "180"}
    assert Talent.objects.get(person__name="Anna Schmidt").unread == {"工作年限": "viele"}
    assert Talent.objects.get(person__name="李娜").unread == {"E-mail": "not an address"}
    assert {entry.event for entry in Entry.objects.filter(object_id=one.pk)} == {
        "importing.file_uploaded",
        "participants.talents_imported",
        "importing.applied",
    }


def test_nothing_of_the_file_stays_in_staging(write: Write) -> None:
    one = flow.upload(flow.edition(), write(PEOPLE))
    path = Upload.objects.get(pk=one.upload_id).path
    assert path.exists()
    one = flow.read(one)
    # The file goes first: its rows are read, and an erasure reaches them.
    assert one.rows.count() == 3 and not Upload.objects.filter(pk=one.upload_id).exists()
    one = flow.apply(one)
    assert one.rows.count() == 0


def test_the_same_file_twice_changes_nothing_and_later_edits_stay(write: Write) -> None:
    where = flow.edition()
    flow.apply(flow.preview(where, write(PEOPLE)))
    Talent.objects.filter(person__name="王伟").update(degree_level="doctorate")
    again = flow.preview(where, write(PEOPLE, name="again.csv"))
    summary = queries.summary(again)
    assert summary.states == {"new": 0, "known": 3, "fault": 0, "excluded": 0, "merged": 0}
    again = flow.apply(again)
    assert again.result["created"] == {"participants.talent": 0}
    assert Talent.objects.count() == SourceRow.objects.count() == 3
    assert Talent.objects.get(person__name="王伟").degree_level == "doctorate"
    # One row more, and another order: only that one is new.
    longer = PEOPLE.splitlines()
    longer[1:] = [longer[3], "赵敏,zhao@example.org,博士,1年,,,", *longer[1:3]]
    third = flow.apply(flow.preview(where, write("\n".join(longer))))
    assert third.result["created"] == {"participants.talent": 1}
    assert Talent.objects.count() == 4


def test_another_source_is_another_list(write: Write) -> None:
    where = flow.edition()
    flow.apply(flow.preview(where, write(PEOPLE), source="spring"))
    other = flow.preview(where, write(PEOPLE), source="autumn")
    assert queries.summary(other).states["new"] == 3
    notes = [fault.code for fault in queries.faults(other, flow.row(other, 2))]
    assert notes == ["email_known"]


def test_a_broken_row_stops_the_import_until_it_is_mended(write: Write) -> None:
    where = flow.edition()
    text = PEOPLE + "孙强,sun@example.org,硕士,5年,a,b,c,d,e\n"
    one = flow.preview(where, write(text))
    with pytest.raises(Conflict) as refused:
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    assert "Row 5" in str(refused.value.items[0]) and "9" in str(refused.value.items[0])
    assert Talent.objects.count() == 0
    assert services.accept_rows(SYSTEM, services.AcceptRows(one.pk)) == 1
    one.refresh_from_db()
    one = flow.apply(one)
    sun = Talent.objects.get(person__name="孙强")
    assert sun.unread == {"备注": "b", "身高": "c", "(H)": "d", "(I)": "e"}


def test_cells_are_mended_and_defaults_fill_gaps(write: Write) -> None:
    one = flow.preview(flow.edition(), write(PEOPLE), discipline="材料科学")
    row = services.correct_row(
        SYSTEM, services.CorrectRow(one.pk, 4, {"email": "li@example.org", "degree_level": ""})
    )
    assert row.values["email"] == "li@example.org" and "degree_level" not in row.values
    assert queries.faults(one, row) == []
    with pytest.raises(Invalid, match="no such field"):
        services.correct_row(SYSTEM, services.CorrectRow(one.pk, 4, {"shoe_size": "42"}))
    back = services.correct_row(SYSTEM, services.CorrectRow(one.pk, 4, {"degree_level": None}))
    assert back.values["degree_level"] == "bachelor"
    one.refresh_from_db()
    flow.apply(one)
    talent = Talent.objects.get(person__name="李娜")
    assert (talent.person.email, talent.disciplines) == ("li@example.org", ["材料科学"])


def test_what_is_applied_is_the_preview_that_was_looked_at(write: Write) -> None:
    one = flow.preview(flow.edition(), write(PEOPLE))
    seen = one.revision
    services.exclude_rows(SYSTEM, services.ExcludeRows(one.pk, [2]))
    with pytest.raises(Conflict, match="changed since"):
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, seen))
    one.refresh_from_db()
    services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    # Somebody tampers with a staged row behind the services' back.
    row = one.rows.get(number=3)
    row.values = row.values | {"degree_level": "doctorate"}
    row.save(update_fields=["values"])
    flow.run_pending()
    one.refresh_from_db()
    assert one.state == "previewed" and flow.job(one).state == "failed"
    assert Talent.objects.count() == 0


def test_left_out_rows_stay_out_and_can_come_later(write: Write) -> None:
    where = flow.edition()
    one = flow.preview(where, write(PEOPLE))
    assert services.exclude_rows(SYSTEM, services.ExcludeRows(one.pk, [2, 3])) == 2
    assert services.exclude_rows(SYSTEM, services.ExcludeRows(one.pk, [3], exclude=False)) == 1
    one.refresh_from_db()
    flow.apply(one)
    assert set(Talent.objects.values_list("person__name", flat=True)) == {"Anna Schmidt", "李娜"}
    later = flow.preview(where, write(PEOPLE))
    assert queries.summary(later).states["new"] == 1


def test_the_mapping_is_checked_and_remembered(write: Write) -> None:
    where = flow.edition()
    one = flow.upload(where, write(PEOPLE))
    columns = Mapping.from_json(one.mapping).columns
    twice = [Column(c.heading, "name" if c.heading == "备注" else c.field) for c in columns]
    with pytest.raises(Invalid) as refused:
        services.set_mapping(SYSTEM, services.SetMapping(one.pk, twice))
    assert "姓名" in str(refused.value.fields["备注"][0])
    with pytest.raises(Invalid, match="at least one column"):
        services.set_mapping(
            SYSTEM, services.SetMapping(one.pk, [Column(c.heading) for c in columns])
        )
    with pytest.raises(Invalid, match="not those of the file"):
        services.set_mapping(SYSTEM, services.SetMapping(one.pk, columns[1:]))
    one = flow.read(one, {"备注": "current_position"})
    assert flow.row(one, 2).values["current_position"] == "好"
    # The next file has its columns in another order.
    lines = [line.split(",")[::-1] for line in PEOPLE.splitlines()]
    other = flow.upload(where, write("\n".join(",".join(line) for line in lines)))
    assert Mapping.from_json(other.mapping).places()["current_position"] == 1
    assert RememberedMapping.objects.count() == 1


def test_a_new_mapping_reads_the_staged_rows_again_and_keeps_what_was_typed(write: Write) -> None:
    one = flow.preview(flow.edition(), write(PEOPLE))
    services.correct_row(SYSTEM, services.CorrectRow(one.pk, 2, {"degree_level": "博士"}))
    one = flow.read(one, {"身高": "source_id", "工作年限": None})
    row = flow.row(one, 2)
    assert row.values["degree_level"] == "doctorate" and row.values["source_id"] == "180"
    assert "experience_years" not in row.values and row.kept["工作年限"] == "5年"


def test_who_may(write: Write) -> None:
    where, other = flow.edition(), flow.edition("other")
    stranger, office = flow.organiser(other), flow.organiser(where)
    path = write(PEOPLE)
    for actor in (NOBODY, stranger):
        with pytest.raises(NotAllowed):
            services.upload_import(actor, services.UploadFile(where.pk, "talent", path))
    assert Upload.objects.count() == 0
    one = services.upload_import(office, services.UploadFile(where.pk, "talent", path))
    assert one.source == "file"
    for actor in (NOBODY, stranger):
        with pytest.raises(NotFound):
            services.cancel_import(actor, services.CancelImport(one.pk))
        with pytest.raises(NotAllowed):
            queries.imports(actor, where)
    assert list(queries.imports(office, where)) == [one]


def test_no_table_is_refused_with_what_to_do(write: Write) -> None:
    where = flow.edition()
    with pytest.raises(Invalid, match="not a table"):
        flow.upload(where, write(b"%PDF-1.7 something", name="list.csv"))
    with pytest.raises(Invalid, match="headings but no rows"):
        flow.upload(where, write("姓名,学历\n"))
    with pytest.raises(Invalid, match="cannot be imported"):
        flow.upload(where, write(PEOPLE), target="planet")
    assert Import.objects.count() == 0 and Upload.objects.count() == 0


def test_giving_up_deletes_rows_and_file(write: Write) -> None:
    one = flow.preview(flow.edition(), write(PEOPLE))
    services.cancel_import(SYSTEM, services.CancelImport(one.pk))
    one.refresh_from_db()
    assert one.state == "cancelled" and one.rows.count() == 0
    assert not Upload.objects.filter(pk=one.upload_id).exists()
    with pytest.raises(Conflict):
        services.cancel_import(SYSTEM, services.CancelImport(one.pk))


ORGANISATIONS = """单位名称,英文名称,单位性质,统一社会信用代码,规模,联系人,联系邮箱,荣誉
武汉光电有限公司,Wuhan Optics,民营企业,91420100MA4KXXXX1A,150-500人,刘洋,liu@example.org,奖
TU Musterstadt,,university,,,,,
武汉光电,,,,,,,
"""


def test_organisations_come_in_and_known_ones_are_not_changed(write: Write) -> None:
    where = flow.edition()
    one = flow.preview(where, write(ORGANISATIONS), target="organisation")
    assert queries.summary(one).can_apply
    flow.apply(one)
    optics = Organisation.objects.get(registration_number="91420100MA4KXXXX1A")
    assert optics.name.texts() == {"zh-hans": "武汉光电有限公司", "en": "Wuhan Optics"}
    assert (optics.kind, optics.size, optics.unread) == ("enterprise", "150-500", {"荣誉": "奖"})
    assert optics.delegates.get().person.email == "liu@example.org"
    optics.region = "Wuhan"
    optics.save()
    # The next edition meets the same organisation.
    second = flow.edition("second")
    again = flow.preview(second, write(ORGANISATIONS), target="organisation")
    assert [f.code for f in queries.faults(again, flow.row(again, 2))] == ["organisation_known"]
    flow.apply(again)
    optics.refresh_from_db()
    assert optics.region == "Wuhan"
    assert Participation.objects.filter(organisation=optics).count() == 2


def test_an_organisation_needs_a_name(write: Write) -> None:
    one = flow.preview(
        flow.edition(), write("name,region\nA GmbH,Berlin\n,Hamburg\n"), target="organisation"
    )
    assert services.accept_rows(SYSTEM, services.AcceptRows(one.pk)) == 0
    (fault,) = queries.faults(one, flow.row(one, 3))
    assert (fault.code, fault.field) == ("name_missing", "name")
    services.correct_row(SYSTEM, services.CorrectRow(one.pk, 3, {"name": "B AG"}))
    one.refresh_from_db()
    assert queries.summary(one).can_apply


def test_a_talent_without_any_name_stops_the_import_until_somebody_looked(write: Write) -> None:
    text = (
        "姓名,英文名,E-mail,学历\n王伟,,wang@example.org,硕士\n,,imp4@example.org,大专\n"
        ",Li Na,li@example.org,本科\n,,imp6@example.org,本科\n"
    )
    one = flow.preview(flow.edition(), write(text))
    summary = queries.summary(one)
    assert (summary.states["fault"], summary.states["new"]) == (2, 2)
    (fault,) = queries.faults(one, flow.row(one, 3))
    assert (fault.code, fault.field, fault.heading) == ("nameless", "name", "姓名")
    services.correct_row(SYSTEM, services.CorrectRow(one.pk, 3, {"name": "孙强"}))
    # Or the row is taken as it stands, by whoever says so.
    assert services.accept_rows(SYSTEM, services.AcceptRows(one.pk)) == 1
    one.refresh_from_db()
    assert queries.summary(one).can_apply
    flow.apply(one)
    assert set(Talent.objects.values_list("person__name", flat=True)) == {
        "王伟", "孙强", "Li Na", "",
    }  # fmt: skip


def test_a_list_that_tells_no_names_needs_none(write: Write) -> None:
    one = flow.preview(flow.edition(), write("E-mail,学历\na@example.org,硕士\n"))
    assert queries.summary(one).codes == []


def test_a_way_to_reach_somebody_does_not_come_in_as_their_name(write: Write) -> None:
    one = flow.preview(
        flow.edition(),
        write(
            "姓名,英文名,E-mail\n王伟 13800138000,Wang Wei,wang@example.org\nAnna,,a@example.org\n"
        ),
    )
    assert dict(queries.summary(one).codes) == {"contact_as_name": 1}
    flow.apply(one)
    wang = Talent.objects.get(person__email="wang@example.org")
    # What else they are called stays; the cell is kept, for the office alone.
    assert wang.person.name == "Wang Wei" and wang.unread == {"姓名": "王伟 13800138000"}
