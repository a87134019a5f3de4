"""Many organisations or delegates withdraw at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from talex.core.errors import NotAllowed, NotFound
from talex.editions.models import RoleGrant
from talex.participants.models import Delegate, Participation
from talex.participants.services import withdraw_delegates, withdraw_organisations
from tests.editions.factories import make_user
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


def test_through_the_lists(client: Client) -> None:
    edition = make.edition()
    companies = [make.organisation(edition, f"Works {n}") for n in range(3)]
    delegates = [make.delegate(edition, company) for company in companies]
    office = make_user()
    RoleGrant.objects.create(user=office, edition=edition, role="organiser")
    client.force_login(office)
    for name, rows in (("delegates", delegates[:2]), ("organisations", companies[:2])):
        page = reverse(f"participants:{name}", kwargs={"edition": edition.slug})
        data = {"action": "withdraw", "ids": [str(row.pk) for row in rows]}
        assert "Nothing is deleted" in client.post(page, data).content.decode()
        assert client.post(page, data | {"confirmed": "1"}).status_code in {302, 303}
    assert Delegate.objects.filter(withdrawn_at=None).get() == delegates[2]
    assert Participation.objects.filter(withdrawn_at=None).get().organisation == companies[2]


def test_a_delegate_may_not_send_others_away() -> None:
    edition = make.edition()
    own, other = make.organisation(edition, "Own"), make.organisation(edition, "Other")
    actor = make.as_delegate(make.delegate(edition, own))
    stranger = make.delegate(edition, other)
    with pytest.raises(NotAllowed):
        withdraw_organisations(actor, edition.pk, [other.pk])
    with pytest.raises((NotAllowed, NotFound)):
        withdraw_delegates(actor, edition.pk, [stranger.pk])
    assert not Delegate.objects.exclude(withdrawn_at=None).exists()
