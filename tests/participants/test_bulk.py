"""Many at once: whole or not at all, and the same list again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.translated import TranslatedText
from talex.editions.models import Consent
from talex.evidence.queries import tally
from talex.ledger.models import Block, Entry
from talex.participants import queries, services
from talex.participants.commands import UpdateTalent
from talex.participants.facts import Name
from talex.participants.importing.registry import Stale
from talex.participants.models import (
    Delegate,
    Organisation,
    Participation,
    Person,
    PersonName,
    SourceRow,
    Talent,
)
from talex.participants.services import bulk_organisations, waiting
from talex.participants.services.bulk import TalentRow, apply_talents, prepare_talents
from talex.participants.services.bulk_organisations import (
    DelegateRow,
    OrganisationRow,
    apply_organisations,
)
from talex.participants.services.waiting import SourceKey
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def _rows(count: int, start: int = 0) -> Iterator[TalentRow]:
    for number in range(start, start + count):
        yield TalentRow(
            names=[Name(f"王伟{number}"), Name(f"Wang Wei {number}")],
            email=f"w{number}@example.org",
            degree_level="master",
            skills=["激光", "optics"],
            languages=[{"code": "de", "level": "C1"}],
            industry="laser",
            windows=[{"start": "2027-04-12T09:00+08:00", "end": "2027-04-12T12:00+08:00"}],
            local_from="09:00",
            available_from="2027-04-12",
            consents=["profile"],
            unread={"备注": "?"},
            sources=[SourceKey("list.csv", f"{number:064x}", 1, number + 2)],
        )


def test_rows_become_the_same_as_talents_made_one_by_one() -> None:
    edition = make.edition()
    batch = uuid4()
    office = make.office(edition)
    entries, blocks = Entry.objects.count(), Block.objects.count()
    applied = apply_talents(office, edition.pk, _rows(3), batch=batch)
    assert (applied.created, applied.known) == (3, 0)
    assert (Entry.objects.count() - entries, Block.objects.count() - blocks) == (1, 1)
    talent = Talent.objects.select_related("person").get(person__email="w1@example.org")
    single = make.talent(
        make.edition(),
        "王伟1",
        "Wang Wei 1",
        **{
            name: getattr(next(_rows(1, 1)), name)
            for name in ("email", "degree_level", "skills", "languages", "industry", "windows",
                         "local_from", "available_from")
        },
    )  # fmt: skip
    single.refresh_from_db()
    for field in Talent._meta.concrete_fields:
        if field.name not in {"id", "person", "edition", "source", "unread", "created_at"}:
            assert getattr(talent, field.name) == getattr(single, field.name), field.name
    for field in Person._meta.concrete_fields:
        if field.name not in {"id", "created_at"}:
            assert getattr(talent.person, field.name) == getattr(single.person, field.name)
    assert sorted(talent.person.names.values_list("text", "script", "is_primary", "key")) == sorted(
        single.person.names.values_list("text", "script", "is_primary", "key")
    )
    assert (talent.source, talent.unread) == ("list.csv", {"备注": "?"})
    assert Consent.objects.filter(person=talent.person_id).get().source == "import"
    assert tally(edition.pk, by="industry") == {("registered", "laser"): 3}
    source = SourceRow.objects.get(object_id=talent.pk)
    assert (source.batch, source.row_number, source.occurrence) == (batch, 3, 1)
    assert queries.talents(office, edition.pk).count() == 3


def test_the_same_list_again_changes_nothing_and_edits_stay() -> None:
    edition = make.edition()
    apply_talents(SYSTEM, edition.pk, _rows(2))
    talent = Talent.objects.get(person__email="w0@example.org")
    services.update_talent(SYSTEM, UpdateTalent(talent=talent.pk, changes={"skills": ["new"]}))
    entries = Entry.objects.count()
    applied = apply_talents(SYSTEM, edition.pk, _rows(3))
    assert (applied.created, applied.known) == (1, 2)
    assert apply_talents(SYSTEM, edition.pk, _rows(3)).created == 0
    assert Entry.objects.count() == entries + 1
    talent.refresh_from_db()
    assert talent.skills == ["new"]
    assert apply_talents(SYSTEM, make.edition().pk, _rows(2)).created == 2


def test_identical_rows_are_told_apart_or_merged_by_decision() -> None:
    edition = make.edition()
    two = [TalentRow(sources=[SourceKey("l", "a" * 64, n)]) for n in (1, 2)]
    one = [TalentRow(sources=[SourceKey("l", "b" * 64, n) for n in (1, 2)])]
    assert apply_talents(SYSTEM, edition.pk, two + one).created == 3
    assert SourceRow.objects.count() == 4
    assert apply_talents(SYSTEM, edition.pk, two + one).known == 3


def test_one_wrong_row_stops_all_and_is_named() -> None:
    edition = make.edition()
    wrong = TalentRow(email="nobody", sources=[SourceKey("l", "c" * 64, 1, 17)])
    with pytest.raises(Invalid) as refused:
        apply_talents(SYSTEM, edition.pk, [*_rows(3), wrong])
    assert list(refused.value.fields) == ["row 17.email"]
    assert not Talent.objects.exists() and not SourceRow.objects.exists()


def test_a_list_taken_over_meanwhile_is_refused_whole() -> None:
    edition = make.edition()
    with prepare_talents(SYSTEM, edition.pk, _rows(5)) as prepared:
        apply_talents(SYSTEM, edition.pk, _rows(1, 4))
        with pytest.raises(Conflict):
            prepared.apply()
    assert Talent.objects.count() == 1


def test_only_the_office_takes_over_lists() -> None:
    edition = make.edition()
    for actor in (make.office(make.edition()), make.holder("auditor", edition)):
        with pytest.raises(NotAllowed):
            apply_talents(actor, edition.pk, _rows(1))
        with pytest.raises(NotAllowed):
            apply_organisations(actor, edition.pk, [])


def test_progress_is_told_and_may_stop_it() -> None:
    edition = make.edition()
    told: list[int] = []

    class Stop(Exception):
        pass

    def progress(read: int) -> None:
        told.append(read)
        if read > 2000:
            raise Stop

    with pytest.raises(Stop):
        prepare_talents(SYSTEM, edition.pk, _rows(4500), progress=progress)
    assert told == [2000, 4000] and not Talent.objects.exists()


def _firm(name: str, number: int, **more: object) -> OrganisationRow:
    given: dict[str, object] = {
        "name": TranslatedText.of(name),
        "sources": [SourceKey("firms", f"{number:064x}")],
    }
    return OrganisationRow(**{**given, **more})  # type: ignore[arg-type]


def test_rows_of_one_organisation_bring_its_delegates() -> None:
    edition = make.edition()
    rows = [
        _firm("Acme GmbH", 1, delegates=[DelegateRow(names=[Name("Ann")], email="a@example.org")]),
        _firm("ACME", 2, region="de",
              delegates=[DelegateRow(names=[Name("Bob")], email="b@example.org"), DelegateRow()]),
        _firm("Part", 3, parent_name="Acme", kind="institute",
              delegates=[DelegateRow(names=[Name("Ann")], email="a@example.org")]),
    ]  # fmt: skip
    assert apply_organisations(SYSTEM, edition.pk, rows).created == 2
    acme = Organisation.objects.get(name_key="acme")
    assert acme.region == "de" and str(acme.name) == "Acme GmbH"
    assert Organisation.objects.get(kind="institute").parent == acme
    assert sorted(acme.delegates.values_list("person__name", flat=True)) == ["Ann", "Bob"]
    assert Delegate.objects.count() == 3 and Participation.objects.count() == 2
    again = apply_organisations(SYSTEM, edition.pk, rows)
    assert (again.created, again.known, Delegate.objects.count()) == (0, 3, 3)


def test_a_known_organisation_takes_part_and_keeps_what_it_says() -> None:
    first, later = make.edition(), make.edition()
    make.organisation(first, "Acme", registration_number="HRB 1", region="cn")
    apply_organisations(
        SYSTEM,
        later.pk,
        [
            _firm("Acme (new name)", 1, registration_number="HRB 1", region="de"),
            _firm("Acme", 2, registration_number="HRB 2"),
        ],
    )
    assert Organisation.objects.count() == 2
    known = Organisation.objects.get(registration_number="HRB 1")
    assert (str(known.name), known.region) == ("Acme", "cn")
    assert Participation.objects.filter(edition=later).count() == 2


def _list_of_firms() -> list[OrganisationRow]:
    ann = DelegateRow(names=[Name("Ann")], email="a@example.org")
    return [
        _firm("Part", 1, parent_name="Acme", kind="institute", delegates=[ann]),
        _firm("Acme GmbH", 2, delegates=[ann], unread={"Halle": "3"}),
        _firm("Numbered", 3, registration_number="HRB 3", parent_name="Numbered"),
        _firm("ACME", 4, region="de", delegates=[DelegateRow(names=[Name("Bob")]), ann]),
        _firm("Other name", 5, registration_number="HRB 3", website="numbered.example.org"),
        _firm("Known", 6, delegates=[ann]),
        _firm("Acme", 7, region="cn", address="Street 1", unread={"Halle": "4", "Etage": "2"}),
        _firm("Known", 8, delegates=[ann, DelegateRow(names=[Name("Old")])]),
    ]


@pytest.mark.parametrize("portion", [1, 2, 3, 2000])
def test_where_a_list_is_cut_into_portions_changes_nothing(
    portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PORTION", portion)
    edition = make.edition()
    known = make.organisation(edition, "Known")
    make.delegate(edition, known, "Old")
    assert apply_organisations(SYSTEM, edition.pk, _list_of_firms()).created == 3
    acme = Organisation.objects.get(name_key="acme")
    assert (str(acme.name), acme.region, acme.address) == ("Acme GmbH", "de", "Street 1")
    assert acme.unread == {"Halle": "4", "Etage": "2"}
    numbered = Organisation.objects.get(registration_number="HRB 3")
    assert str(numbered.name) == "Numbered" and numbered.parent is None
    assert numbered.website == "https://numbered.example.org"
    assert Organisation.objects.get(kind="institute").parent == acme
    assert sorted(acme.delegates.values_list("person__name", flat=True)) == ["Ann", "Bob"]
    assert sorted(known.delegates.values_list("person__name", flat=True)) == ["Ann", "Old"]
    assert Participation.objects.filter(edition=edition).count() == 4
    assert SourceRow.objects.filter(object_id=acme.pk).count() == 3
    told = json.loads(Entry.objects.get(event="participants.organisations_imported").canonical)
    assert told["facts"] == {"made": 3, "taking_part": 4, "delegates": 4}


def test_the_transaction_asks_as_often_for_many_organisations_as_for_few() -> None:
    edition = make.edition()
    apply_organisations(SYSTEM, edition.pk, [_firm("First", 0)])  # the chain begins here
    asked = []
    for count in (3, 60):
        rows = [
            _firm(
                f"Firm {count} {n}", count * 1000 + n, delegates=[DelegateRow(email=f"{n}@a.org")]
            )
            for n in range(count)
        ]
        with (
            bulk_organisations.prepare_organisations(SYSTEM, edition.pk, rows) as prepared,
            CaptureQueriesContext(connection) as queries,
        ):
            prepared.apply()
        asked.append(len(queries))
    assert asked[0] == asked[1] and Organisation.objects.count() == 64


def test_an_organisation_made_meanwhile_is_seen_before_anything_is_written() -> None:
    edition = make.edition()
    for meanwhile in ({"name": "Acme"}, {"name": "Another", "registration_number": "HRB 9"}):
        rows = [_firm("Acme", 1), _firm("Nine", 2, registration_number="HRB 9")]
        with bulk_organisations.prepare_organisations(SYSTEM, edition.pk, rows) as prepared:
            made = make.organisation(make.edition(), **meanwhile)
            with pytest.raises(Stale):
                prepared.apply()
        assert list(Organisation.objects.all()) == [made]
        Participation.objects.all().delete()
        made.delete()


def test_who_was_let_take_part_meanwhile_is_not_in_the_way() -> None:
    edition = make.edition()
    known = make.organisation(make.edition(), "Acme")
    with bulk_organisations.prepare_organisations(
        SYSTEM, edition.pk, [_firm("Acme", 1), _firm("New", 2)]
    ) as prepared:
        Participation.objects.create(organisation=known, edition=edition)
        assert prepared.apply().created == 1
    assert Participation.objects.filter(edition=edition).count() == 2


def test_a_person_name_is_never_empty() -> None:
    edition = make.edition()
    apply_talents(SYSTEM, edition.pk, [TalentRow(names=[Name("  ")])])
    assert not PersonName.objects.exists()


def test_a_list_that_goes_in_a_circle_leaves_the_last_of_it_out_and_takes_the_tree_s_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[bool] = []

    def lock() -> None:
        held.append(connection.in_atomic_block and not Organisation.objects.exists())

    monkeypatch.setattr(bulk_organisations, "lock_tree", lock)
    edition = make.edition()
    names = {"Alpha": "Beta", "Beta": "Gamma", "Gamma": "Alpha", "Delta": "Alpha"}
    rows = [_firm(name, n, parent_name=above) for n, (name, above) in enumerate(names.items())]
    assert apply_organisations(SYSTEM, edition.pk, rows).created == 4
    assert held == [True]
    above = {
        str(o.name): str(o.parent.name) if o.parent else "" for o in Organisation.objects.all()
    }
    assert above == {"Alpha": "Beta", "Beta": "Gamma", "Gamma": "", "Delta": "Alpha"}
    apply_organisations(SYSTEM, make.edition().pk, [_firm("Alone", 1)])
    assert held == [True]  # who sets nobody below anybody waits for nobody
