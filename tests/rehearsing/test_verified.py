"""Who was verified in a rehearsal was verified by somebody, not by the machine."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.editions.models import RoleGrant
from talex.editions.roles import Role
from talex.evidence.models import Evidence
from talex.ledger.models import Entry
from talex.rehearsing import load, play

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.django_db(transaction=True)
def test_each_verified_record_names_who_confirmed_it() -> None:
    loaded = load.load(SYSTEM, "small", 3, starts_on=date.today() + timedelta(days=30))
    count = play.verify_people(loaded)
    verified = Evidence.objects.filter(edition=loaded.edition, rung="verified")
    assert verified.count() == count > 20
    (confirmed_by,) = set(verified.values_list("confirmed_by", flat=True))
    clerk = User.objects.get(pk=confirmed_by)
    assert clerk.name == play.CLERK[0]
    grant = RoleGrant.objects.get(user=clerk)
    assert (grant.edition_id, grant.role) == (loaded.edition.id, Role.ORGANISER)
    # The ledger says so too, and so does the page of each of them.
    said = Entry.objects.filter(event="evidence.confirmed")
    assert set(said.values_list("actor", flat=True)) == {confirmed_by}
    office = Client()
    office.force_login(
        User.objects.create(email="office@example.org", is_site_admin=True), backend=BACKEND
    )
    page = reverse("participants:talent", args=[loaded.edition.slug, verified[0].subject_id])
    assert play.CLERK[0] in office.get(page).content.decode()
