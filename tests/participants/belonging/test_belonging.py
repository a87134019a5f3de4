"""An organisation belongs to another one when both said so, and never to itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound, TalexError
from talex.ledger.models import Block
from talex.messages.models import Message
from talex.participants import services as people
from talex.participants.belonging import queries, services
from talex.participants.belonging.models import Belonging
from talex.participants.commands import UpdateOrganisation
from talex.participants.models import Organisation
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def headed(edition: Any, name: str) -> tuple[Organisation, Actor]:
    row = make.organisation(edition, name)
    return row, make.with_account(make.delegate(edition, row, f"Head of {name}"))


def ask(actor: Actor, edition: Any, child: Organisation, parent: Organisation) -> Belonging:
    command = services.AskToBelong(edition=edition.pk, child=child.pk, parent=parent.pk)
    return services.ask_to_belong(actor, command)


def answer(actor: Actor, row: Belonging, *, confirm: bool = True, reason: str = "") -> Belonging:
    command = services.AnswerBelonging(belonging=row.pk, confirm=confirm, reason=reason)
    return services.answer_belonging(actor, command)


def end(actor: Actor, edition: Any, child: Organisation, reason: str = "Moved away.") -> None:
    command = services.EndBelonging(edition=edition.pk, child=child.pk, reason=reason)
    services.end_belonging(actor, command)


def events() -> list[str]:
    entries = [entry for block in Block.objects.all() for entry in block.entries.all()]
    return [entry.event for entry in entries if entry.event.startswith("belonging.")]


def test_it_belongs_once_the_head_of_the_other_side_confirmed() -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    _other, stranger = headed(edition, "Other")
    for wrong in (ranger, stranger, make.holder("auditor", edition)):
        with pytest.raises(NotAllowed):
            ask(wrong, edition, works, park)
    row = ask(head, edition, works, park)
    assert ask(head, edition, works, park) == row  # the second click
    with pytest.raises(NotAllowed):
        answer(head, row)  # nobody confirms their own request
    with pytest.raises(NotFound):
        answer(stranger, row)
    works.refresh_from_db()
    assert works.parent is None
    answer(ranger, row)
    with pytest.raises(Conflict):
        answer(ranger, row)
    works.refresh_from_db()
    assert works.parent == park
    assert events() == ["belonging.asked", "belonging.confirmed"]
    assert Message.objects.get(kind="belonging.answered").user_id == head.user


def test_declining_says_why_and_changes_nothing() -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    row = ask(head, edition, works, park)
    with pytest.raises(Invalid):
        answer(ranger, row, confirm=False)
    answer(ranger, row, confirm=False, reason="You are outside of the park.")
    works.refresh_from_db()
    assert (
        works.parent is None
        and "outside of the park" in Message.objects.get(kind="belonging.answered").text
    )
    assert ask(head, edition, works, park) != row  # may ask anew


@pytest.mark.parametrize("who", ["child", "parent", "office"])
def test_either_side_or_the_office_ends_it_with_a_reason(who: str) -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    _other, stranger = headed(edition, "Other")
    answer(ranger, ask(head, edition, works, park))
    with pytest.raises(NotAllowed):
        end(stranger, edition, works)
    actor = {"child": head, "parent": ranger, "office": make.office(edition)}[who]
    with pytest.raises(Invalid):
        end(actor, edition, works, reason=" ")
    end(actor, edition, works)
    works.refresh_from_db()
    assert works.parent is None and events()[-1] == "belonging.ended"
    assert Belonging.objects.get().state == "ended"
    with pytest.raises(NotFound):
        end(actor, edition, works)


def test_one_asks_one_at_a_time_and_may_take_it_back() -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    district, _mayor = headed(edition, "District")
    row = ask(head, edition, works, park)
    with pytest.raises(Conflict):
        ask(head, edition, works, district)
    with pytest.raises(NotAllowed):
        services.take_back(ranger, row.pk)
    services.take_back(head, row.pk)
    with pytest.raises(Conflict):
        answer(ranger, row)
    ask(head, edition, works, district)


def test_moving_to_another_parent_ends_the_former_one() -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    district, mayor = headed(edition, "District")
    first = answer(ranger, ask(head, edition, works, park))
    answer(mayor, ask(head, edition, works, district))
    works.refresh_from_db()
    first.refresh_from_db()
    assert works.parent == district and first.state == "ended"
    assert not queries.below(ranger, edition).exists()


def test_no_circle_and_none_that_came_about_meanwhile() -> None:
    edition = make.edition()
    a, of_a = headed(edition, "A")
    b, of_b = headed(edition, "B")
    c, of_c = headed(edition, "C")
    with pytest.raises(Invalid):
        ask(of_a, edition, a, a)
    up, down = ask(of_a, edition, a, b), ask(of_b, edition, b, c)
    back = ask(of_c, edition, c, a)  # no circle yet: nothing is confirmed
    answer(of_b, up)
    answer(of_c, down)
    with pytest.raises(Invalid):
        answer(of_a, back)
    back.refresh_from_db()
    assert back.state == "asked"  # it can be declined
    with pytest.raises(Invalid):
        people.update_organisation(
            make.office(edition),
            UpdateOrganisation(edition=edition.pk, organisation=c.pk, changes={"parent": a.pk}),
        )


def test_the_page_says_that_it_would_be_a_circle_and_still_offers_to_decline(
    client: Client,
) -> None:
    edition = make.edition()
    a, of_a = headed(edition, "A")
    b, of_b = headed(edition, "B")
    up, down = ask(of_a, edition, a, b), ask(of_b, edition, b, a)
    answer(of_b, up)
    client.force_login(User.objects.get(pk=of_a.user))
    page = client.post(reverse("belonging:confirm", args=[edition.slug, down.pk]))
    text = page.content.decode()
    assert page.status_code == 422 and "would be a circle" in text
    decline = reverse("belonging:decline", args=[edition.slug, down.pk])
    assert decline in text
    assert client.post(decline, {"reason": "We belong to you."}).status_code in (302, 303)
    down.refresh_from_db()
    assert down.state == "declined"


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmed_at_once_that_would_make_a_circle_one_is_refused() -> None:
    edition = make.edition()
    heads = [headed(edition, name) for name in "ABCD"]
    (a, of_a), (b, of_b), (c, of_c), (d, of_d) = heads
    answer(of_c, ask(of_b, edition, b, c))
    answer(of_a, ask(of_d, edition, d, a))
    # A below B and C below D share no organisation, and close the circle only together.
    requests = [(of_b, ask(of_a, edition, a, b)), (of_d, ask(of_c, edition, c, d))]
    gate, outcomes = threading.Barrier(2), []

    def confirm(actor: Actor, row: Belonging) -> None:
        try:
            gate.wait()
            answer(actor, row)
            outcomes.append("yes")
        except TalexError as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=one) for one in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Invalid", "yes"]


def test_an_organisation_that_was_not_let_in_neither_asks_nor_is_asked(client: Client) -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    park.participations.update(pending_since="2027-01-01T00:00Z")
    with pytest.raises(NotFound):
        ask(head, edition, works, park)
    client.force_login(User.objects.get(pk=ranger.user))
    refused = client.get(f"/e/{edition.slug}/belonging/")
    assert refused.status_code == 403 and "has let in" in refused.content.decode()


def test_the_pages_of_both_sides(client: Client) -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    here = f"/e/{edition.slug}/belonging/"
    assert client.get(here).status_code in (302, 401, 403)
    client.force_login(User.objects.get(pk=head.user))
    assert client.get(here).status_code == 200
    sent = {"child": works.pk, "parent": park.pk, "message": "Building 4"}
    assert client.post(f"{here}ask/", sent).status_code in (302, 303)
    row = Belonging.objects.get()
    assert client.post(f"{here}{row.pk}/confirm/").status_code == 403
    client.force_login(User.objects.get(pk=ranger.user))
    assert "Building 4" in client.get(here).content.decode()
    assert client.post(f"{here}{row.pk}/decline/", {"reason": ""}).status_code == 422
    assert client.post(f"{here}{row.pk}/confirm/").status_code in (302, 303)
    text = client.get(here).content.decode()
    assert "Works" in text and f"{here}end/{works.pk}/" in text
    ended = client.post(f"{here}end/{works.pk}/", {"reason": "Moved."})
    assert ended.status_code in (302, 303)
    works.refresh_from_db()
    assert works.parent is None


def test_the_api(client: Client) -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    here = f"/api/editions/{edition.slug}/belonging"
    client.force_login(User.objects.get(pk=head.user))
    made = client.post(here, {"child": works.pk, "parent": park.pk}, "application/json")
    assert made.status_code == 201
    pk = made.json()["id"]
    refused = client.post(f"{here}/{pk}/answer", {"confirm": True}, "application/json")
    assert refused.status_code == 403
    client.force_login(User.objects.get(pk=ranger.user))
    done = client.post(f"{here}/{pk}/answer", {"confirm": True}, "application/json")
    assert done.json()["state"] == "confirmed"
    gone = client.post(f"{here}/end", {"child": works.pk, "reason": "Moved."}, "application/json")
    assert gone.status_code == 204
    _other, stranger = headed(edition, "Other")
    client.force_login(User.objects.get(pk=stranger.user))
    assert client.get(here).json() == []


def test_nobody_is_offered_to_belong_to_itself_or_to_what_stands_below(client: Client) -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    hall, _chief = headed(edition, "Hall of Works")
    Organisation.objects.filter(pk=hall.pk).update(parent=works)
    park, _ranger = headed(edition, "Park")
    client.force_login(User.objects.get(pk=head.user))
    form = client.get(f"/e/{edition.slug}/belonging/ask/").context["form"]
    offered = {value for value, _label in form.fields["parent"].choices}
    assert offered == {"", str(park.pk)}
    # Whoever heads two may put one below the other.
    found = queries.parents([works, park], [works, hall, park], office=False)
    assert found == [works, hall, park]
    assert queries.parents([works], [works, hall, park], office=True) == [works, hall, park]


def test_a_late_answer_leads_back_and_says_what_was_answered() -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    row = ask(head, edition, works, park)
    pages = {who: Client() for who in ("head", "ranger")}
    pages["head"].force_login(User.objects.get(pk=head.user))
    pages["ranger"].force_login(User.objects.get(pk=ranger.user))
    confirm = reverse("belonging:confirm", args=[edition.slug, row.pk])
    decline = reverse("belonging:decline", args=[edition.slug, row.pk])
    back = reverse("belonging:take_back", args=[edition.slug, row.pk])
    assert pages["head"].post(back).status_code in (302, 303)
    for late in (
        pages["ranger"].post(confirm, follow=True),
        pages["ranger"].get(decline, follow=True),
        pages["head"].post(back, follow=True),
    ):
        assert late.status_code == 200
        assert "This was taken back by who asked." in late.content.decode()


def test_the_heads_of_the_one_that_is_asked_are_told_in_their_language() -> None:
    edition = make.edition()
    group, head = headed(edition, "Group")
    works, asking = headed(edition, "Works")
    User.objects.filter(pk=head.user).update(language="de")
    ask(asking, edition, works, group)
    told = Message.objects.get(kind="belonging.asked")
    assert (told.user_id, told.language) == (head.user, "de")
    assert "Works möchte" in told.text and f"/e/{edition.slug}/" in told.text


def test_what_one_asked_does_not_stand_below_nobody_asks(client: Client) -> None:
    edition = make.edition()
    works, head = headed(edition, "Works")
    park, ranger = headed(edition, "Park")
    ask(head, edition, works, park)
    page = reverse("belonging:list", kwargs={"edition": edition.slug})

    def read(actor: Actor) -> str:
        client.force_login(User.objects.get(pk=actor.user))
        return client.get(page).content.decode()

    own, theirs = read(head), read(ranger)
    assert own.index("To be answered by you") < own.index("Asked by you") < own.index("Works asked")
    assert "Asked by you" not in theirs and "wants to belong to Park" in theirs
