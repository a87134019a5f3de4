"""What each role sees: the predicate on one row and the filter on many say the same."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.core import clock
from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.editions.models import Consent
from talex.participants import queries, rules, services
from talex.participants.commands import ShareContact, WithdrawTalent
from talex.participants.models import Delegate, Organisation, Participation, Talent
from tests.participants import factories as make

pytestmark = pytest.mark.django_db

ROLES = ("organiser", "auditor", "press", "partner", "judge", "talent", "delegate")


class World:
    """Two editions with people of every state."""

    def __init__(self) -> None:
        self.editions = [make.edition(), make.edition(state="draft")]
        self.organisations = [
            make.organisation(edition, f"Firm {number}")
            for edition in self.editions
            for number in (1, 2)
        ]
        self.shared = make.organisation(self.editions[0], "Both")
        Participation.objects.create(organisation=self.shared, edition=self.editions[1])
        gone = make.organisation(self.editions[0], "Gone")
        Participation.objects.filter(organisation=gone).update(withdrawn_at=clock.now())
        self.organisations += [self.shared, gone]
        for edition in self.editions:
            for consents in (
                (),
                ("profile",),
                ("contact",),
                ("partners",),
                ("profile", "partners"),
            ):
                make.talent(edition, "A Person", consents=consents)
            for recipient in ("", str(self.shared.pk)):
                far = make.talent(edition, "Also abroad", consents=("profile", "contact"))
                Consent.objects.create(
                    edition=edition,
                    person=far.person_id,
                    purpose="abroad",
                    recipient=recipient,
                    wording="t",
                )
            one = make.talent(edition, "Shown to one")
            Consent.objects.create(
                edition=edition,
                person=one.person_id,
                purpose="profile",
                recipient=str(self.shared.pk),
                wording="t",
            )
            took_back = make.talent(edition, "Took back", consents=("profile", "partners"))
            Consent.objects.filter(person=took_back.person_id).update(withdrawn_at=clock.now())
            withdrawn = make.talent(edition, "Withdrawn", consents=("profile", "partners"))
            services.withdraw_talent(SYSTEM, WithdrawTalent(talent=withdrawn.pk))
            for state in ("merged_into", "erased_at"):
                other = make.talent(edition, "Other", consents=("profile",))
                value = withdrawn.pk if state == "merged_into" else clock.now()
                Talent.objects.filter(pk=other.pk).update(**{state: value})
            for organisation in self.organisations:
                if organisation.participations.filter(edition=edition).exists():
                    make.delegate(edition, organisation)
        merged = Delegate.objects.order_by("pk").first()
        assert merged is not None
        last = Delegate.objects.exclude(pk=merged.pk).order_by("-pk").first()
        Delegate.objects.filter(pk=merged.pk).update(merged_into=last)
        self.persons = list(Talent.objects.values_list("person_id", flat=True)) + list(
            Delegate.objects.values_list("person_id", flat=True)
        )


def _actors(world: World) -> st.SearchStrategy[Actor]:
    organisations: list[UUID] = [o.pk for o in world.organisations]
    grant = st.builds(
        Grant,
        role=st.sampled_from(ROLES),
        edition=st.sampled_from([e.pk for e in world.editions]),
        organisation=st.none(),
        person=st.none() | st.sampled_from(world.persons),
    ).flatmap(
        lambda g: (
            st.builds(
                lambda o, far: replace(g, organisation=o, abroad=far),
                st.sampled_from(organisations),
                st.booleans(),
            )
            if g.role == "delegate"
            else st.just(g)
        )
    )
    return st.builds(
        Actor,
        user=st.just(world.persons[0]),
        kind=st.just("user"),
        site_admin=st.sampled_from([False] * 9 + [True]),
        grants=st.frozensets(grant, max_size=4),
    ) | st.sampled_from([NOBODY, SYSTEM])


def test_predicates_and_filters_agree() -> None:
    world = World()
    rows = {
        "talent": (
            Talent.objects.select_related("person"), rules.visible_talents, rules.can_see_talent
        ),
        "organisation": (
            Organisation.objects.all(), rules.visible_organisations, rules.can_see_organisation
        ),
        "delegate": (
            Delegate.objects.select_related("person"),
            rules.visible_delegates,
            rules.can_see_delegate,
        ),
    }  # fmt: skip

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(_actors(world))
    def check(actor: Actor) -> None:
        for name, (queryset, visible, can_see) in rows.items():
            by_filter = set(queryset.filter(visible(actor)).values_list("pk", flat=True))
            by_predicate = {row.pk for row in queryset if can_see(actor, row)}
            assert by_filter == by_predicate, name
        for talent in Talent.objects.select_related("person"):
            seen = rules.can_see_talent(actor, talent)
            assert bool(rules.talent_fields(actor, talent)) == seen
        contacts = set(
            Talent.objects.filter(rules.visible_contacts(actor)).values_list("pk", flat=True)
        )
        for talent in Talent.objects.select_related("person"):
            assert ("email" in rules.talent_fields(actor, talent)) == (talent.pk in contacts)

    check()


def test_press_and_nobody_see_no_person() -> None:
    edition = make.edition()
    make.talent(edition, "Ada", consents=("profile", "contact", "press", "partners"))
    firm = make.organisation(edition)
    make.delegate(edition, firm)
    for actor in (NOBODY, make.holder("press", edition), make.holder("judge", edition)):
        assert not queries.talents(actor, edition.pk).exists()
        assert not queries.delegates(actor, edition.pk).exists()
        assert list(queries.organisations(actor, edition.pk)) == [firm]


def test_delegates_see_who_agreed_and_reach_them_once_allowed() -> None:
    edition = make.edition()
    firm, other = make.organisation(edition, "Mine"), make.organisation(edition, "Other")
    shy = make.talent(edition, "Shy", email="shy@example.org", birth_year=1990)
    open_ = make.talent(
        edition, "Open", email="open@example.org", birth_year=1990, consents=("profile",)
    )
    mine = make.with_account(make.delegate(edition, firm))
    rival = make.with_account(make.delegate(edition, other))
    assert list(queries.talents(mine, edition.pk)) == [open_]
    shown = queries.shown(mine, open_)
    assert shown["names"][0]["text"] == "Open"
    assert not {"email", "phone", "birth_year", "unread"} & shown.keys()
    services.share_contact(
        make.with_account(shy), ShareContact(talent=shy.pk, organisation=firm.pk)
    )
    assert set(queries.talents(mine, edition.pk)) == {shy, open_}
    assert queries.shown(mine, shy)["email"] == "shy@example.org"
    assert "birth_year" not in queries.shown(mine, shy)
    assert list(queries.talents(rival, edition.pk)) == [open_]
    services.share_contact(SYSTEM, ShareContact(talent=shy.pk, organisation=firm.pk, share=False))
    assert list(queries.talents(mine, edition.pk)) == [open_]


def test_partners_see_who_agreed_to_partners() -> None:
    edition = make.edition()
    make.talent(edition, "A", consents=("profile",))
    shared = make.talent(edition, "B", email="b@example.org", consents=("partners",))
    partner = make.holder("partner", edition)
    assert list(queries.talents(partner, edition.pk)) == [shared]
    assert "email" not in queries.shown(partner, shared)
