"""Who has another main address is reached by it in the conferences, too."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.ledger.models import Entry
from talex.participants.models import Person
from tests.participants import factories as make

pytestmark = pytest.mark.django_db
OLD, NEW = "anna@example.org", "anna@example.net"


def test_the_records_of_the_account_follow_its_address() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Anna", email=OLD)
    user = User.objects.get(pk=make.with_account(talent).user)
    delegate = make.delegate(edition, make.organisation(edition), "Anna W.")
    # A record of the same account with an address of its own, and somebody else's.
    Person.objects.filter(pk=delegate.person_id).update(user=user, email="work@example.org")
    other = make.talent(edition, "Other", email="other@example.org")
    User.objects.filter(pk=user.pk).update(email=OLD)
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=OLD, primary=True, verified=True)
    EmailAddress.objects.create(user=user, email=NEW, verified=True)
    client = Client()
    client.force_login(user)
    answer = client.post(reverse("account_email"), {"action_primary": "", "email": NEW})
    assert answer.status_code in (302, 303)
    user.refresh_from_db()
    kept = dict(Person.objects.values_list("pk", "email"))
    assert user.email == NEW == kept[talent.person_id]
    assert (kept[delegate.person_id], kept[other.person_id]) == (
        "work@example.org", "other@example.org",
    )  # fmt: skip
    talent.refresh_from_db()
    assert talent.person.email_key == NEW and talent.version == 2
    assert Entry.objects.filter(event="participants.talent_updated", object_id=talent.pk).exists()
