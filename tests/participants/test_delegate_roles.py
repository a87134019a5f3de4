"""What delegates may do by their role, and what an organisation may that waits to be let in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.translated import TranslatedText
from talex.fair import rules as fair
from talex.fair.services.openings import SaveOpening, save_opening, set_openings_state
from talex.participants import queries, rules, services
from talex.participants.commands import (
    AddDelegate,
    SetDelegateRole,
    UpdateDelegate,
    UpdateOrganisation,
    WithdrawDelegate,
)
from talex.participants.facts import Name, PersonFacts
from talex.participants.models import Delegate, Organisation, Participation
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def acting(organisation: Organisation, edition: object, role: str) -> tuple[Delegate, Actor]:
    row = make.delegate(edition, organisation, f"The {role}")  # type: ignore[arg-type]
    Delegate.objects.filter(pk=row.pk).update(role=role)
    row.refresh_from_db()
    return row, make.with_account(row)


def test_each_role_does_what_is_said_of_it() -> None:
    edition = make.edition()
    works = make.organisation(edition)
    (_h, head), (_r, recruiter), (_a, assistant) = (
        acting(works, edition, role) for role in ("head", "recruiter", "assistant")
    )
    colleague = AddDelegate(
        edition=edition.pk, organisation=works.pk, facts=PersonFacts(names=[Name("Colleague")])
    )
    for actor in (recruiter, assistant):
        with pytest.raises(NotAllowed):
            services.add_delegate(actor, colleague)
    assert services.add_delegate(head, colleague).role == "head"
    change = UpdateOrganisation(
        organisation=works.pk, edition=edition.pk, changes={"region": "Wuhan"}
    )
    services.update_organisation(recruiter, change)
    with pytest.raises(NotAllowed):
        services.update_organisation(assistant, change)
    assert fair.can_offer(recruiter, edition.pk, works.pk)
    assert not fair.can_offer(assistant, edition.pk, works.pk)
    # An assistant sees the drafts of the organisation, and the colleagues.
    draft = save_opening(
        head, edition, SaveOpening(works.pk, TranslatedText.of("Engineer"), state="draft")
    )
    assert fair.can_see_opening(assistant, draft) and not fair.can_edit_opening(assistant, draft)
    assert queries.delegates(assistant, edition.pk).count() == 4


def test_roles_are_given_by_heads_and_one_head_stays() -> None:
    edition = make.edition()
    works = make.organisation(edition)
    (first, head), (second, recruiter) = (
        acting(works, edition, role) for role in ("head", "recruiter")
    )
    with pytest.raises(NotAllowed):
        services.set_delegate_role(recruiter, SetDelegateRole(delegate=second.pk, role="head"))
    with pytest.raises(Invalid):
        services.set_delegate_role(head, SetDelegateRole(delegate=second.pk, role="king"))
    with pytest.raises(Conflict):
        services.set_delegate_role(head, SetDelegateRole(delegate=first.pk, role="assistant"))
    services.set_delegate_role(head, SetDelegateRole(delegate=second.pk, role="head"))
    done = services.set_delegate_role(head, SetDelegateRole(delegate=first.pk, role="assistant"))
    assert done.role == "assistant"
    # The office may leave an organisation without a head.
    office = make.office(edition)
    services.set_delegate_role(office, SetDelegateRole(delegate=second.pk, role="assistant"))


def test_a_head_gives_roles_and_ends_the_access_of_a_colleague() -> None:
    edition = make.edition()
    works = make.organisation(edition)
    (first, head), (second, colleague) = (
        acting(works, edition, role) for role in ("head", "recruiter")
    )
    client, other = Client(), Client()
    for one, row in ((client, first), (other, second)):
        row.person.refresh_from_db()
        one.force_login(
            row.person.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    here = {"edition": edition.slug}
    page = reverse("participants:organisation", kwargs={**here, "organisation": works.pk})
    theirs = reverse("participants:delegate_edit", kwargs={**here, "delegate": second.pk})
    end = reverse("participants:delegate_withdraw", kwargs={**here, "delegate": second.pk})
    assert theirs in client.get(page).content.decode()
    text = client.get(theirs).content.decode()
    assert end in text and 'name="role"' in text
    # The colleague's own data stay theirs.
    assert 'name="names"' not in text and 'name="email"' not in text
    assert client.post(theirs, {"role": "assistant", "names": "Nobody"}).status_code == 303
    second.refresh_from_db()
    assert (second.role, second.person.name) == ("assistant", "The recruiter")
    with pytest.raises(NotAllowed):
        services.update_delegate(head, UpdateDelegate(delegate=second.pk, changes={"title": "X"}))
    # A colleague who is no head may do neither to the head.
    first_page = reverse("participants:delegate_edit", kwargs={**here, "delegate": first.pk})
    assert other.get(first_page).status_code == 403
    with pytest.raises(NotAllowed):
        services.withdraw_delegate(colleague, WithdrawDelegate(delegate=first.pk))
    assert client.post(end, {"withdrawn": "1"}).status_code == 303
    second.refresh_from_db()
    assert second.withdrawn_at is not None
    # Who left does not let themselves in again.
    assert other.post(end, {"withdrawn": "0"}).status_code == 404
    second.refresh_from_db()
    assert not rules.can_return_delegate(actor_for(second.person.user), second)
    api = f"/api/editions/{edition.slug}/delegates/{second.pk}/withdraw"
    assert client.post(f"{api}?withdrawn=false").status_code == 200
    assert client.post(api).status_code == 200
    with pytest.raises(Conflict):
        services.withdraw_delegate(head, WithdrawDelegate(delegate=first.pk))


def test_an_organisation_that_waits_to_be_let_in_sees_no_talent_and_is_seen_by_none() -> None:
    edition = make.edition()
    works = make.organisation(edition)
    row = make.delegate(edition, works)
    make.with_account(row)
    shown = make.talent(edition, "Li Lei", consents=("profile", "contact"))
    part = Participation.objects.get(organisation=works)
    part.pending_since = clock.now()
    part.save()
    row.person.refresh_from_db()
    actor, visitor = actor_for(row.person.user), make.holder("press", edition)
    assert not actor.has(edition.pk, "delegate") and not actor.organisations()
    assert not rules.can_see_talent(actor, shown)
    assert not queries.talents(actor, edition.pk).exists()
    assert queries.organisations(actor, edition.pk).get() == works
    assert not queries.organisations(visitor, edition.pk).exists()
    assert not rules.can_see_organisation(visitor, works)
    # It prepares openings; opening them waits.
    offer = SaveOpening(works.pk, TranslatedText.of("Engineer"), state="draft")
    draft = save_opening(actor, edition, offer)
    assert not fair.can_invite(actor, draft) and not fair.can_see_opening(visitor, draft)
    with pytest.raises(Invalid):
        set_openings_state(actor, edition, [draft.pk], "open")
    with pytest.raises(Invalid):
        save_opening(actor, edition, SaveOpening(works.pk, TranslatedText.of("E"), state="open"))
    part.pending_since = None
    part.save()
    let_in = actor_for(row.person.user)
    assert rules.can_see_talent(let_in, shown)
    assert set_openings_state(let_in, edition, [draft.pk], "open") == [draft.pk]
