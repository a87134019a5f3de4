"""One person in two records: proposed with reasons, merged everywhere, taken apart again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed
from talex.core.registries import merge as ports
from talex.editions.models import Consent
from talex.evidence.queries import reached
from talex.participants import queries, services
from talex.participants.commands import (
    ErasePerson,
    MergePersons,
    SayNotSame,
    UndoMerge,
    UpdateTalent,
)
from talex.participants.models import Delegate, Merge, Person, SamePair, Talent
from talex.participants.same import Candidate, candidate, waiting
from talex.participants.services import comparing
from talex.participants.services.comparing import compare_due, due
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def _merge(keep: Talent, drop: Talent) -> Merge:
    return services.merge_persons(SYSTEM, MergePersons(keep=keep.person_id, drop=drop.person_id))


def candidates(edition: UUID) -> list[Candidate]:
    """The pairs of an edition after everything that is new was compared."""
    compare_due()
    return [candidate(pair) for pair in waiting(edition)]


def test_candidates_say_why() -> None:
    edition = make.edition()
    first = make.talent(edition, "王伟", email="w@example.org", phone="+86 138 0013 8000")
    second = make.talent(edition, "Wei Wang", email="W@Example.org", phone="13800138000")
    third = make.talent(edition, "WANG Wei", institution="Tongji", degree_level="master")
    fourth = make.talent(edition, "伟王", institution="Tongji", degree_level="master")
    make.talent(edition, "Ada Lovelace", institution="Tongji", degree_level="master")
    found = {frozenset((c.first, c.second)): c.reasons for c in candidates(edition.pk)}
    assert found[frozenset((first.person_id, second.person_id))] == ("email", "phone", "name")
    assert found[frozenset((third.person_id, fourth.person_id))] == ("name", "studies")
    everybody = {person for pair in found for person in pair}
    assert Person.objects.get(name="Ada Lovelace").pk not in everybody
    best = candidates(edition.pk)[0]
    assert {best.first, best.second} == {first.person_id, second.person_id}
    assert candidates(make.edition().pk) == []


def test_the_same_long_text_is_a_reason_and_studies_alone_are_none() -> None:
    edition = make.edition()
    text = "I have built lasers for the production of batteries since 2009. " * 3
    first = make.talent(edition, profile_text=text, institution="ETH", degree_level="master")
    second = make.talent(edition, profile_text=text.upper().replace(" ", "  "))
    make.talent(edition, institution="ETH", degree_level="master")
    (found,) = candidates(edition.pk)
    assert {found.first, found.second} == {first.person_id, second.person_id}
    assert found.reasons == ("text",)


def test_what_everybody_has_tells_nobody_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a list whose every row says "see attachment"; the address still tells."""
    monkeypatch.setattr(comparing, "EVERYBODYS", 4)
    edition = make.edition()
    text = "Please see the attachment for everything about this applicant. " * 3
    rows = [make.talent(edition, f"Ada {n}", profile_text=text) for n in range(5)]
    first, second = (
        make.talent(edition, name, profile_text=text, email="same@example.org")
        for name in ("Bo", "Cy")
    )
    (found,) = candidates(edition.pk)
    assert {found.first, found.second} == {first.person_id, second.person_id}
    assert found.reasons[0] == "email" and len(rows) > comparing.EVERYBODYS


def test_a_common_name_alone_pairs_nobody() -> None:
    edition = make.edition()
    for _number in range(12):
        make.talent(edition, "王伟")
    assert candidates(edition.pk) == []


def test_not_the_same_is_remembered() -> None:
    edition = make.edition()
    first, second = make.talent(edition, "Li Na"), make.talent(edition, "李娜")
    office = make.office(edition)
    assert len(candidates(edition.pk)) == 1
    command = SayNotSame(first=second.person_id, second=first.person_id, edition=edition.pk)
    services.say_not_same(office, command)
    services.say_not_same(office, command)
    assert candidates(edition.pk) == []


def test_a_merge_takes_over_what_is_missing_and_counts_once() -> None:
    edition = make.edition()
    keep = make.talent(edition, "王伟", skills=["lasers"], consents=("profile",))
    drop = make.talent(
        edition,
        "Wang Wei",
        email="w@example.org",
        skills=["optics", "lasers"],
        degree_level="doctorate",
        languages=[{"code": "de", "level": "B1"}],
        consents=("profile", "contact"),
    )
    assert set(reached(edition.pk, "registered")) == {keep.pk, drop.pk}
    merge = _merge(keep, drop)
    keep.refresh_from_db()
    person = Person.objects.get(pk=keep.person_id)
    assert (person.email, keep.degree_level) == ("w@example.org", "doctorate")
    assert keep.skills == ["lasers", "optics"]
    assert {n.text for n in person.names.all()} == {"王伟", "Wang Wei"}
    assert list(queries.talents(SYSTEM, edition.pk)) == [keep]
    assert queries.talent(SYSTEM, drop.pk) == keep
    assert set(reached(edition.pk, "registered")) == {keep.pk}
    assert set(Consent.objects.filter(person=keep.person_id).values_list("purpose", flat=True)) == {
        "profile",
        "contact",
    }
    assert "w@example.org" in str(merge.undo)


def test_an_undone_merge_leaves_both_as_they_were_but_for_later_edits() -> None:
    edition, other = make.edition(), make.edition()
    keep = make.talent(edition, "王伟", skills=["lasers"])
    drop = make.talent(edition, "Wang Wei", email="w@example.org", skills=["optics"],
                       degree_level="doctorate", consents=("contact",))  # fmt: skip
    elsewhere = services.create_talent(SYSTEM, _again(other))
    Talent.objects.filter(pk=elsewhere.pk).update(person=drop.person)
    firm = make.organisation(edition)
    delegate = make.delegate(edition, firm)
    Delegate.objects.filter(pk=delegate.pk).update(person=drop.person)
    before = _picture()
    merge = _merge(keep, drop)
    assert Talent.objects.get(pk=elsewhere.pk).person_id == keep.person_id
    assert Delegate.objects.get(pk=delegate.pk).person_id == keep.person_id
    services.undo_merge(SYSTEM, UndoMerge(merge=merge.pk))
    assert _picture() == before
    assert set(reached(edition.pk, "registered")) == {keep.pk, drop.pk}
    again = _merge(keep, drop)
    services.update_talent(SYSTEM, UpdateTalent(talent=keep.pk, changes={"degree_level": "master"}))
    services.undo_merge(SYSTEM, UndoMerge(merge=again.pk))
    keep.refresh_from_db()
    assert keep.degree_level == "master"
    with pytest.raises(Conflict):
        services.undo_merge(SYSTEM, UndoMerge(merge=again.pk))


def _again(edition: Any) -> Any:
    from talex.participants.commands import CreateTalent

    return CreateTalent(edition=edition.pk)


def _picture() -> list[Any]:
    """All rows without their versions."""
    rows: list[Any] = []
    for model in (Person, Talent, Delegate, Consent):
        for row in model.objects.order_by("pk").values():
            row.pop("version", None)
            rows.append(row)
    for person in Person.objects.order_by("pk"):
        rows.append(sorted(person.names.values_list("text", "is_primary")))
    return rows


def test_chains_of_merges_count_once_and_are_undone_from_the_end() -> None:
    edition = make.edition()
    a, b, c = (make.talent(edition, name) for name in ("Ann One", "Ann Two", "Ann Three"))
    first = _merge(b, a)
    second = _merge(c, b)
    assert set(reached(edition.pk, "registered")) == {c.pk}
    with pytest.raises(Conflict):
        services.undo_merge(SYSTEM, UndoMerge(merge=first.pk))
    services.undo_merge(SYSTEM, UndoMerge(merge=second.pk))
    assert set(reached(edition.pk, "registered")) == {b.pk, c.pk}
    services.undo_merge(SYSTEM, UndoMerge(merge=first.pk))
    assert set(reached(edition.pk, "registered")) == {a.pk, b.pk, c.pk}


def test_what_cannot_be_merged() -> None:
    edition = make.edition()
    first, second = make.talent(edition, "A One"), make.talent(edition, "A Two")
    with pytest.raises(Invalid):
        _merge(first, first)
    make.with_account(first)
    make.with_account(second)
    with pytest.raises(Conflict) as refused:
        _merge(first, second)
    assert len(refused.value.items) == 1


def test_an_office_merges_only_people_of_its_own_editions() -> None:
    mine, other = make.edition(), make.edition()
    office = make.office(mine)
    first, second = make.talent(mine, "A One"), make.talent(other, "A One")
    with pytest.raises(NotAllowed):
        services.merge_persons(office, MergePersons(keep=first.person_id, drop=second.person_id))


class _Port:
    """A room above that holds something of persons."""

    name, kind = "test.port", "person"

    def __init__(self) -> None:
        self.against: list[Message] = []
        self.fail = False
        self.seen: list[Any] = []

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        return self.against

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        if self.fail:
            raise Conflict
        # Talents that became one can be told here.
        pairs = Talent.objects.filter(person=gone, merged_into__isnull=False)
        return {"pairs": [[str(t.pk), str(t.merged_into_id)] for t in pairs]}

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        self.seen.append(moved)


@pytest.fixture
def port() -> Iterator[_Port]:
    made = _Port()
    ports.register(made)
    yield made
    ports.unregister(made.name)


def test_other_rooms_take_part_and_may_refuse(port: _Port) -> None:
    edition = make.edition()
    first, second = make.talent(edition, "A One"), make.talent(edition, "A Two")
    port.against = ["10:00: two meetings"]
    with pytest.raises(Conflict) as refused:
        _merge(first, second)
    assert refused.value.items == ["10:00: two meetings"]
    port.against, port.fail = [], True
    before = _picture()
    with pytest.raises(Conflict):
        _merge(first, second)
    assert _picture() == before and not Merge.objects.exists()
    port.fail = False
    merge = _merge(first, second)
    services.undo_merge(SYSTEM, UndoMerge(merge=merge.pk))
    assert port.seen == [{"pairs": [[str(second.pk), str(first.pk)]]}]


def test_pairs_follow_what_is_changed_merged_taken_apart_and_erased() -> None:
    edition = make.edition()
    first = make.talent(edition, "Ada Lovelace", email="a@example.org")
    second = make.talent(edition, "Grace Hopper")
    third = make.talent(edition, "Mary Somerville", email="m@example.org")
    assert candidates(edition.pk) == [] and due() == 0
    services.update_talent(
        SYSTEM,
        UpdateTalent(talent=second.pk, changes={"email": "A@example.org"}, version=second.version),
    )
    assert due() == 1
    (found,) = candidates(edition.pk)
    assert {found.first, found.second} == {first.person_id, second.person_id}
    merge = _merge(first, second)
    # Nobody is offered a record that is merged, not even before anything is compared anew.
    assert not waiting(edition.pk).exists() and candidates(edition.pk) == []
    services.undo_merge(SYSTEM, UndoMerge(merge=merge.pk))
    assert len(candidates(edition.pk)) == 1
    services.erase_person(SYSTEM, ErasePerson(person=second.person_id))
    assert not waiting(edition.pk).exists() and candidates(edition.pk) == []
    assert Person.objects.filter(pk=third.person_id, compared_at__isnull=False).exists()


def test_pairs_are_found_however_the_records_are_portioned() -> None:
    edition = make.edition()
    for number in range(9):
        make.talent(edition, f"Ada Lovelace {number // 3}", email=f"a{number % 4}@example.org")
    whole = {(one.first, one.second, one.reasons) for one in candidates(edition.pk)}
    assert whole
    SamePair.objects.all().delete()
    Person.objects.update(compared_at=None)
    while compare_due(2):
        pass
    again = {
        (one.first, one.second, tuple(one.reasons)) for one in map(candidate, waiting(edition.pk))
    }
    assert again == whole


def test_what_a_page_asks_does_not_grow_with_the_number_of_people(
    django_assert_num_queries: Any,
) -> None:
    edition = make.edition()
    for number in range(30):
        make.talent(edition, f"Ada {number}", email=f"a{number % 7}@example.org")
    compare_due()
    with django_assert_num_queries(1):
        assert compare_due(10) == 0
    with django_assert_num_queries(2):
        assert waiting(edition.pk).count() > 30 and len(waiting(edition.pk)[:50])
