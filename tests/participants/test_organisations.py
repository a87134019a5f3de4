"""Organisations, their trees, their delegates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.participants import queries, services
from talex.participants.commands import (
    AddDelegate,
    CreateOrganisation,
    OrganisationFacts,
    TakePart,
    UpdateDelegate,
    UpdateOrganisation,
    WithdrawDelegate,
)
from talex.participants.facts import Name, PersonFacts
from talex.participants.models import Organisation, Person
from talex.participants.search import OrganisationSource
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def _create(edition: Edition, **facts: object) -> Organisation:
    return services.create_organisation(
        SYSTEM, CreateOrganisation(edition=edition.pk, facts=OrganisationFacts(**facts))
    )


def test_an_organisation_has_a_name_in_several_languages_and_a_place_in_a_tree() -> None:
    edition = make.edition()
    park = make.organisation(edition, "Optics Valley", kind="industrial_park")
    firm = _create(
        edition,
        name=TranslatedText({"zh-hans": "光谷激光有限公司", "en": "Valley Laser Ltd"}),
        parent=park.pk,
        website="example.org",
        industries=["laser", "advanced_materials"],
    )
    assert (firm.name_key, firm.website, firm.industry) == (
        "valleylaser",
        "https://example.org",
        "laser",
    )
    assert "光谷激光" in firm.name_line and "Valley" in firm.name_line
    assert list(park.children.all()) == [firm]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", TranslatedText()),
        ("name", TranslatedText.of("Acme, WeChat: acme_hr88")),
        ("name", TranslatedText.of("Acme 138 1234 5678")),
        ("kind", "castle"),
        ("region", "Wuhan, hr@acme.de"),
        ("industry", "Robots +49 171 5550777"),
        ("industries", ["laser", "Mail hr@acme.de"]),
        ("founded", "last year"),
        ("website", "no address"),
        ("size", "x" * 61),
        ("size", "WeChat: acme_hr88"),
        ("parent", "8d3df3f6-9d8e-4a5c-9f2e-000000000000"),
    ],
)
def test_a_wrong_value_is_told_by_its_field(field: str, value: object) -> None:
    edition = make.edition()
    with pytest.raises(Invalid) as refused:
        _create(edition, **{"name": TranslatedText.of("A"), field: value})
    assert list(refused.value.fields) == [field]


def test_no_circle_of_parents() -> None:
    edition = make.edition()
    above = make.organisation(edition, "Above")
    below = make.organisation(edition, "Below", parent=above.pk)
    with pytest.raises(Invalid):
        services.update_organisation(
            SYSTEM,
            UpdateOrganisation(
                organisation=above.pk, edition=edition.pk, changes={"parent": below.pk}
            ),
        )


def test_a_registration_number_is_one_organisation() -> None:
    edition, later = make.edition(), make.edition()
    known = make.organisation(edition, "Acme", registration_number="HRB 1")
    with pytest.raises(Conflict):
        make.organisation(later, "Acme again", registration_number="HRB 1")
    services.take_part(SYSTEM, TakePart(organisation=known.pk, edition=later.pk))
    office = make.office(later)
    assert list(queries.organisations(office, later.pk)) == [known]
    services.take_part(office, TakePart(organisation=known.pk, edition=later.pk, withdrawn=True))
    assert not queries.organisations(make.holder("press", later), later.pk).exists()


def test_delegates_change_their_own_organisation_but_not_what_identifies_it() -> None:
    edition = make.edition()
    mine, other = make.organisation(edition, "Mine"), make.organisation(edition, "Other")
    actor = make.with_account(make.delegate(edition, mine))

    def change(which: Organisation, **changes: object) -> Organisation:
        return services.update_organisation(
            actor,
            UpdateOrganisation(organisation=which.pk, edition=edition.pk, changes=changes),
        )

    assert change(mine, size="200").size == "200"
    with pytest.raises(NotAllowed):
        change(mine, kind="university")
    with pytest.raises(NotAllowed):
        change(other, size="1")


def test_an_old_version_is_refused() -> None:
    edition = make.edition()
    firm = make.organisation(edition)
    command = UpdateOrganisation(
        organisation=firm.pk, edition=edition.pk, changes={"size": "9"}, version=1
    )
    services.update_organisation(SYSTEM, command)
    with pytest.raises(Conflict):
        services.update_organisation(
            SYSTEM,
            UpdateOrganisation(
                organisation=firm.pk, edition=edition.pk, changes={"size": "8"}, version=1
            ),
        )


def test_a_colleague_is_added_once() -> None:
    edition = make.edition()
    firm, other = make.organisation(edition, "Mine"), make.organisation(edition, "Other")
    actor, office = make.with_account(make.delegate(edition, firm)), make.office(edition)
    command = AddDelegate(
        edition=edition.pk,
        organisation=firm.pk,
        facts=PersonFacts(names=[Name("Kim")], email="kim@example.org"),
    )
    services.add_delegate(office, command)
    with pytest.raises(Conflict):
        services.add_delegate(office, command)
    assert Person.objects.filter(email_key="kim@example.org").count() == 1
    with pytest.raises(NotAllowed):
        services.add_delegate(actor, AddDelegate(edition=edition.pk, organisation=other.pk))
    with pytest.raises(Invalid):
        services.add_delegate(actor, AddDelegate(edition=edition.pk, organisation=firm.pk))


def test_nobody_acts_for_an_organisation_by_an_address_that_its_head_entered() -> None:
    """Who is meant says so, by an invitation; a slip would show talents to a stranger."""
    edition = make.edition()
    firm = make.organisation(edition, "Mine")
    actor = make.with_account(make.delegate(edition, firm))
    stranger = make.user("lee@example.org")
    facts = PersonFacts(names=[Name("Lee")], email="lee@example.org")
    command = AddDelegate(edition=edition.pk, organisation=firm.pk, facts=facts)
    with pytest.raises(Invalid) as refused:
        services.add_delegate(actor, command)
    assert list(refused.value.fields) == ["email"] and not firm.delegates.filter(
        person__email_key="lee@example.org"
    )
    services.add_delegate(actor, replace(command, facts=replace(facts, email="")))
    assert not Person.objects.filter(user=stranger.pk).exists()


def test_a_withdrawn_delegate_has_no_role_any_more() -> None:
    edition = make.edition()
    delegate = make.delegate(edition, make.organisation(edition))
    actor = make.with_account(delegate)
    assert actor.has(edition.pk, "delegate")
    services.update_delegate(
        actor, UpdateDelegate(delegate=delegate.pk, changes={"title": "Head of research"})
    )
    # Who heads it alone names a successor first.
    with pytest.raises(Conflict):
        services.withdraw_delegate(actor, WithdrawDelegate(delegate=delegate.pk))
    make.delegate(edition, delegate.organisation, "Noor")
    services.withdraw_delegate(actor, WithdrawDelegate(delegate=delegate.pk))
    from talex.accounts.actors import actor_for

    assert not actor_for(delegate.person.user).has(edition.pk, "delegate")
    with pytest.raises(NotFound):
        services.withdraw_delegate(
            make.holder("press", edition), WithdrawDelegate(delegate=delegate.pk)
        )


def test_an_account_gets_the_records_with_its_verified_address() -> None:
    edition = make.edition()
    delegate = make.delegate(edition, make.organisation(edition), email="Kim@Example.org")
    talent = make.talent(edition, "Kim", email="kim@example.org")
    taken = make.talent(edition, "Kim 2", email="kim@example.org")
    make.with_account(taken)
    account = make.user("kim@example.org")
    linked = services.link_account(SYSTEM, account.pk, "KIM@example.org")
    assert {p.pk for p in linked} == {delegate.person_id, talent.person_id}
    from talex.accounts.actors import actor_for

    actor = actor_for(account)
    assert actor.has(edition.pk, "delegate") and actor.has(edition.pk, "talent")
    assert services.link_account(SYSTEM, account.pk, "") == []


def test_how_to_reach_it_stands_in_no_text_of_its_own() -> None:
    """Else a firm would walk round what its openings hide. Its people and the office read it."""
    edition, mail = make.edition(), TranslatedText.of("hr@acme.de")
    firm = make.organisation(edition, "Acme", description=mail)
    # As it could be written before it was refused.
    Organisation.objects.update(region="Wuhan, WeChat acme_hr88", size="5000-10000")
    own, office = make.with_account(make.delegate(edition, firm)).user, make.office(edition).user
    paths = (
        f"/e/{edition.slug}/organisations/{firm.pk}/",
        f"/api/editions/{edition.slug}/organisations/{firm.pk}",
        f"/api/editions/{edition.slug}/organisations",
    )
    for account in (None, make.user().pk, own, office):
        client, reads = Client(), account in (own, office)
        if account is not None:
            client.force_login(User.objects.get(pk=account))
        for path in paths:
            told = client.get(path).content.decode()
            assert "Acme" in told and "Wuhan" in told
            assert path.endswith("organisations") or "5000-10000" in told
            assert ("hr@acme.de" in told, "acme_hr88" in told) == (reads, reads), path
    firm.refresh_from_db()
    assert "hr@acme.de" in str(firm.description)
    (document,) = OrganisationSource().documents([firm.participations.get().pk])
    assert "hr@acme.de" not in document.body and "Wuhan" in document.body
