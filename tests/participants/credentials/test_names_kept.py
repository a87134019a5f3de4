"""An organisation that was let in keeps its name until the office gives it another one."""

from __future__ import annotations

import pytest

from talex.core.errors import NotAllowed
from talex.core.translated import TranslatedText
from talex.participants import services as people
from talex.participants.commands import UpdateOrganisation
from talex.participants.credentials import services
from talex.participants.credentials.models import Case
from tests.participants import factories as make
from tests.participants.credentials.test_cases import accept, hand_in
from tests.participants.credentials.test_looked_at import client_of
from tests.participants.credentials.test_registering import again, register, somebody

pytestmark = pytest.mark.django_db


def test_a_head_names_it_until_it_is_let_in_and_the_office_afterwards() -> None:
    edition = make.edition()
    office, head = make.office(edition), somebody()
    row = register(head, edition, name={"en": "Blimp Work"})
    head = again(head)

    def rename(actor: object, name: str) -> None:
        people.update_organisation(
            actor,  # type: ignore[arg-type]
            UpdateOrganisation(
                organisation=row.pk,
                edition=edition.pk,
                changes={"name": TranslatedText.of(name), "region": "Bonn"},
            ),
        )
        row.refresh_from_db()

    page = f"/e/{edition.slug}/organisations/{row.pk}/edit/"
    assert 'name="name__en"' in client_of(head).get(page).content.decode()
    rename(head, "Blimp Works")
    assert str(row.name) == "Blimp Works"
    case = hand_in(head, Case.objects.get(organisation=row), "licence")
    services.claim_case(office, case.pk)
    accept(office, case.pk)
    head = again(head)
    with pytest.raises(NotAllowed) as refused:
        rename(head, "Apple Inc")
    assert "Ask the office to change the name" in str(refused.value)
    row.refresh_from_db()
    assert str(row.name) == "Blimp Works"
    rename(head, "Blimp Works")  # what is no change is saved
    shown = client_of(head).get(page).content.decode()
    assert 'name="name__en"' not in shown and "It takes part as: Blimp Works" in shown
    assert client_of(head).post(page, {"region": "Berlin"}).status_code == 303
    rename(office, "Blimp Works AG")
    assert str(row.name) == "Blimp Works AG"
    assert 'name="name__en"' in client_of(office).get(page).content.decode()
