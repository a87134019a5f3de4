"""Answers are saved as they are typed, from several windows, and nothing is lost silently."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import NOBODY
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.participants.registering import expiry
from talex.participants.registering.models import Draft
from talex.participants.registering.services import (
    BeginDraft,
    PutBack,
    SaveDraft,
    begin_draft,
    discard_draft,
    put_back,
    save_draft,
)
from talex.participants.registering.values import sign_of
from tests.participants import factories as make
from tests.participants.registering.factories import begun

pytestmark = pytest.mark.django_db


def test_one_draft_an_account_and_kind_goes_on() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = begun(user, edition)
    save_draft(actor, SaveDraft(draft=draft.pk, values={"names": ["Ada"]}))
    again = begin_draft(actor, BeginDraft(edition=edition.pk, kind="talent"))
    assert (again.pk, again.values["names"]) == (draft.pk, ["Ada"])
    _actor, other = begun(user, edition, "owner")
    assert other.pk != draft.pk


def test_who_may_not_begin() -> None:
    edition = make.edition()
    with pytest.raises(NotAllowed):
        begin_draft(NOBODY, BeginDraft(edition=edition.pk, kind="talent"))
    actor = actor_for(make.user())
    with pytest.raises(Invalid):
        begin_draft(actor, BeginDraft(edition=edition.pk, kind="spy"))
    with pytest.raises(NotFound):
        begin_draft(actor, BeginDraft(edition=make.edition(state="draft").pk, kind="talent"))
    with pytest.raises(Conflict, match="not open"):
        begin_draft(actor, BeginDraft(edition=make.edition(state="closed").pk, kind="talent"))


def test_nobody_else_writes_into_a_draft() -> None:
    edition = make.edition()
    _actor, draft = begun(make.user(), edition)
    for other in (actor_for(make.user()), make.office(edition)):
        with pytest.raises(NotFound):
            save_draft(other, SaveDraft(draft=draft.pk, values={"names": ["Eve"]}))


def test_half_typed_answers_are_kept() -> None:
    actor, draft = begun(make.user(), make.edition())
    saved = save_draft(actor, SaveDraft(draft=draft.pk, values={"birth_year": "19", "mode": ""}))
    assert saved.draft.values["birth_year"] == "19"


@pytest.mark.parametrize(
    "values",
    [{"colour": "red"}, {"names": {"a": 1}}, {"skills": [1]}, {"profile_text": "x" * 500_000}],
)
def test_what_no_page_sends_is_refused(values: dict[str, object]) -> None:
    actor, draft = begun(make.user(), make.edition())
    with pytest.raises(Invalid):
        save_draft(actor, SaveDraft(draft=draft.pk, values=values))
    assert "colour" not in Draft.objects.get().values


def seen(draft: Draft, *names: str) -> dict[str, tuple[int, str]]:
    """What a page is made with."""
    return {n: (draft.stamps.get(n, 0), sign_of(draft.values.get(n) or "")) for n in names}


def test_a_window_that_did_not_touch_an_answer_leaves_the_newer_one() -> None:
    actor, draft = begun(make.user(), make.edition())
    draft = save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Bonn"})).draft
    old = seen(draft, "region", "phone")
    save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Wuhan"}, seen=old))
    late = save_draft(
        actor,
        SaveDraft(draft=draft.pk, values={"region": "Bonn", "phone": "+49 1"}, seen=old),
    )
    assert (list(late.elsewhere), list(late.replaced)) == (["region"], [])
    assert late.draft.values["region"] == "Wuhan"
    assert late.draft.values["phone"] == "+49 1"


def test_where_both_changed_it_the_newer_is_kept_and_the_other_put_aside() -> None:
    actor, draft = begun(make.user(), make.edition())
    draft = save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Bonn"})).draft
    old = seen(draft, "region")
    save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Wuhan"}, seen=old))
    late = save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Graz"}, seen=old))
    assert list(late.replaced) == ["region"]
    assert late.draft.values["region"] == "Graz"
    assert [one["value"] for one in late.draft.replaced] == ["Wuhan"]
    back = put_back(actor, PutBack(draft=draft.pk, at=0))
    assert back.values["region"] == "Wuhan"
    assert [one["value"] for one in back.replaced] == ["Graz"]
    assert put_back(actor, PutBack(draft=draft.pk, at=0, take=False)).replaced == []
    with pytest.raises(NotFound):
        put_back(actor, PutBack(draft=draft.pk, at=3))


def test_typing_on_is_no_conflict_with_oneself() -> None:
    actor, draft = begun(make.user(), make.edition())
    page = seen(draft, "region")
    for text in ("B", "Bo", "Bonn"):
        saved = save_draft(actor, SaveDraft(draft=draft.pk, values={"region": text}, seen=page))
        assert not saved.replaced and not saved.elsewhere
        page = seen(saved.draft, "region")
    assert saved.draft.replaced == []


def test_a_draft_can_be_given_up() -> None:
    actor, draft = begun(make.user(), make.edition())
    discard_draft(actor, draft.pk)
    assert not Draft.objects.exists()


def test_what_nobody_touches_goes_after_a_while() -> None:
    edition = make.edition()
    _actor, old = begun(make.user(), edition)
    _actor, fresh = begun(make.user(), edition)
    past = clock.now() - timedelta(days=expiry.UNTOUCHED_DAYS + 1)
    Draft.objects.filter(pk=old.pk).update(changed_at=past)
    assert expiry.expire() == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [fresh.pk]
