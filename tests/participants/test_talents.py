"""One talent: made, changed, verified, withdrawn."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from talex.accounts.actors import actor_for
from talex.core.actor import NOBODY, SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.models import Consent, Edition
from talex.evidence.models import Dimension, Evidence
from talex.ledger.models import Entry, Payload
from talex.participants import queries, services
from talex.participants.commands import (
    CreateTalent,
    SetConsents,
    UpdateTalent,
    VerifyTalents,
    WithdrawTalent,
)
from talex.participants.facts import Name, TalentFacts
from talex.participants.models import Person, Talent
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def seen(edition: Edition, talents: list[UUID]) -> VerifyTalents:
    """The office saw their passports."""
    return VerifyTalents(edition=edition.pk, talents=talents, seen="passport")


def test_a_talent_has_names_in_several_scripts_and_is_registered() -> None:
    edition = make.edition()
    talent = make.talent(
        edition,
        "王伟",
        "Wang Wei",
        degree_level="doctorate",
        languages=[{"code": "DE", "level": "B2"}, {"code": "zh", "level": "native"}],
        education=[
            {"level": "bachelor", "institution": "Tongji"},
            {"level": "doctorate", "institution": "TU Berlin", "year": 2019},
        ],
        industry="life_science",
        region="de",
    )
    assert talent.person.name == "王伟"
    names = talent.person.names.order_by("-is_primary")
    assert [(n.text, n.script, n.key) for n in names] == [
        ("王伟", "Hans", "wang wei"),
        ("Wang Wei", "Latn", "wang wei"),
    ]
    assert talent.languages[0] == {"code": "de", "level": "B2"}
    assert [e["level"] for e in talent.education] == ["doctorate", "bachelor"]
    evidence = Evidence.objects.get(subject_id=talent.pk)
    assert (evidence.rung, evidence.confirmed_by) == ("registered", "system")
    frozen = Dimension.objects.get(subject_id=talent.pk)
    assert (frozen.degree_level, frozen.industry, frozen.region) == (
        "doctorate",
        "life_science",
        "de",
    )
    assert set(Entry.objects.values_list("event", flat=True)) == {
        "participants.talent_created",
        "evidence.confirmed",
    }


def test_no_personal_word_stands_in_the_chain() -> None:
    talent = make.talent(make.edition(), "Ada Lovelace", email="ada@example.org")
    chain = " ".join(Entry.objects.values_list("canonical", flat=True))
    assert "Ada" not in chain and "example.org" not in chain
    assert "ada@example.org" in Payload.objects.get(subject=talent.person_id).body


def test_name_and_address_may_be_missing() -> None:
    edition = make.edition()
    first, second = make.talent(edition), make.talent(edition)
    assert first.person_id != second.person_id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("phone", "call me"),
        ("degree_level", "wizard"),
        ("time_zone", "Mars/Base"),
        ("languages", [{"code": "de", "level": "Z9"}]),
        ("languages", "de"),
        ("experience_years", -1),
        ("birth_year", 1700),
        ("mode", "dream"),
        ("daily_max", 0),
        ("available_from", "soon"),
        ("windows", [{"start": "2027-04-12T09:00", "end": "2027-04-12T10:00"}]),
        ("windows", [{"start": "2027-04-12T10:00+08:00", "end": "2027-04-12T09:00+08:00"}]),
        ("local_from", "25:00"),
        ("skills", "python"),
        ("current_position", "x" * 201),
        ("names", [Name("x" * 201)]),
        ("education", ["PhD"]),
    ],
)
def test_a_wrong_value_is_told_by_its_field(field: str, value: object) -> None:
    edition = make.edition()
    command = CreateTalent(edition=edition.pk, facts=TalentFacts(**{field: value}))
    with pytest.raises(Invalid) as refused:
        services.create_talent(SYSTEM, command)
    assert list(refused.value.fields) == [field]
    assert not Talent.objects.exists()


def test_the_last_day_is_not_before_the_first() -> None:
    edition = make.edition()
    talent = make.talent(edition, available_from=date(2027, 4, 13))
    with pytest.raises(Invalid) as refused:
        services.update_talent(
            SYSTEM, UpdateTalent(talent=talent.pk, changes={"available_until": "2027-04-12"})
        )
    assert "available_until" in refused.value.fields


def test_faults_are_told_in_the_readers_language() -> None:
    from django.utils import translation

    edition = make.edition()
    with pytest.raises(Invalid) as refused:
        services.create_talent(
            SYSTEM, CreateTalent(edition=edition.pk, facts=TalentFacts(email="nobody"))
        )
    told = refused.value.fields["email"][0]
    texts = set()
    for language in ("en", "de", "zh-hans"):
        with translation.override(language):
            texts.add(str(told))
    assert len(texts) == 3


def test_an_edit_tells_what_changed_and_freezes_new_facts() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada", degree_level="master")
    changed = services.update_talent(
        make.office(edition),
        UpdateTalent(
            talent=talent.pk,
            changes={"degree_level": "doctorate", "skills": ["maths"], "phone": "+49 30 123456"},
            version=talent.version,
        ),
    )
    assert changed.version == talent.version + 1
    assert Person.objects.get().phone_key == "4930123456"
    assert list(Dimension.objects.order_by("step").values_list("step", "degree_level")) == [
        (1, "master"),
        (2, "doctorate"),
    ]
    entry = Entry.objects.get(event="participants.talent_updated")
    assert '"fields":["degree_level","phone","skills"]' in entry.canonical


def test_who_read_an_old_version_is_refused_and_nothing_is_lost() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    read = talent.version
    services.update_talent(
        SYSTEM, UpdateTalent(talent=talent.pk, changes={"institution": "ETH"}, version=read)
    )
    with pytest.raises(Conflict):
        services.update_talent(
            SYSTEM, UpdateTalent(talent=talent.pk, changes={"institution": "MIT"}, version=read)
        )
    talent.refresh_from_db()
    assert talent.institution == "ETH"


def test_an_edit_that_changes_nothing_records_nothing() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada", institution="ETH")
    before = Entry.objects.count()
    services.update_talent(SYSTEM, UpdateTalent(talent=talent.pk, changes={"institution": " ETH "}))
    talent.refresh_from_db()
    assert (talent.version, Entry.objects.count()) == (1, before)


def test_an_unknown_field_is_refused() -> None:
    talent = make.talent(make.edition())
    with pytest.raises(Invalid):
        services.update_talent(SYSTEM, UpdateTalent(talent=talent.pk, changes={"person": "x"}))


def test_people_register_themselves_once() -> None:
    edition = make.edition()
    actor = actor_for(make.user("ada@example.org", name="Ada Lovelace"))
    command = CreateTalent(
        edition=edition.pk, facts=TalentFacts(degree_level="master"), own=True, consents=["profile"]
    )
    talent = services.create_talent(actor, command)
    assert (talent.person.name, talent.person.email) == ("Ada Lovelace", "ada@example.org")
    assert Consent.objects.get().purpose == "profile"
    actor = actor_for(talent.person.user)
    assert actor.has(edition.pk, "talent") and queries.own_talent(actor, edition.pk) == talent
    with pytest.raises(Conflict):
        services.create_talent(actor, command)
    assert Person.objects.count() == 1


def test_registration_closes() -> None:
    edition = make.edition(state="closed")
    with pytest.raises(Conflict):
        services.create_talent(actor_for(make.user()), CreateTalent(edition=edition.pk, own=True))


def test_who_may_not() -> None:
    edition, other = make.edition(), make.edition()
    talent = make.talent(edition, "Ada")
    stranger = actor_for(make.user())
    for actor in (NOBODY, stranger, make.office(other), make.holder("press", edition)):
        with pytest.raises(NotAllowed):
            services.create_talent(actor, CreateTalent(edition=edition.pk))
        with pytest.raises(NotFound):
            services.update_talent(actor, UpdateTalent(talent=talent.pk, changes={}))
        with pytest.raises(NotAllowed):
            services.verify_talents(actor, seen(edition, [talent.pk]))
        with pytest.raises(NotFound):
            services.set_consents(actor, SetConsents(talent=talent.pk, purposes=[]))
    auditor = make.holder("auditor", edition)
    with pytest.raises(NotAllowed):
        services.update_talent(auditor, UpdateTalent(talent=talent.pk, changes={}))


def test_own_profile_is_edited_but_not_ones_verification() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada", email="ada@example.org")
    actor = make.with_account(talent)
    services.update_talent(actor, UpdateTalent(talent=talent.pk, changes={"skills": ["a"]}))
    with pytest.raises(NotAllowed):
        services.verify_talents(actor, seen(edition, [talent.pk]))
    with pytest.raises(Invalid):
        services.update_talent(
            actor, UpdateTalent(talent=talent.pk, changes={"email": "other@example.org"})
        )


def test_verifying_twice_counts_once() -> None:
    edition = make.edition()
    office = make.office(edition)
    ids = [make.talent(edition).pk for _number in range(3)]
    assert services.verify_talents(office, seen(edition, ids[:2])) == 2
    assert services.verify_talents(office, seen(edition, ids)) == 1
    verified = queries.talents(office, edition.pk).filter(is_verified=True)
    assert verified.count() == 3
    foreign = make.talent(make.edition())
    with pytest.raises(NotFound):
        services.verify_talents(office, seen(edition, [foreign.pk]))


def test_consents_are_given_and_withdrawn() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada", consents=("profile", "contact"))
    actor = make.with_account(talent)
    assert services.set_consents(
        actor, SetConsents(talent=talent.pk, purposes=["profile", "press"])
    ) == ["press", "profile"]
    gone = Consent.objects.get(purpose="contact")
    assert gone.withdrawn_at is not None
    with pytest.raises(Invalid):
        services.set_consents(actor, SetConsents(talent=talent.pk, purposes=["everything"]))


def test_withdrawing_and_returning() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada", consents=("profile",))
    actor = make.with_account(talent)
    gone = services.withdraw_talent(actor, WithdrawTalent(talent=talent.pk))
    assert gone.withdrawn_at is not None
    back = services.withdraw_talent(actor, WithdrawTalent(talent=talent.pk, withdrawn=False))
    assert back.withdrawn_at is None


def test_the_database_refuses_what_cannot_be() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    for change in (
        {"experience_years": -3},
        {"mode": "dream"},
        {"available_from": date(2027, 1, 2), "available_until": date(2027, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Talent.objects.filter(pk=talent.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Talent.objects.create(person=talent.person, edition=edition)
