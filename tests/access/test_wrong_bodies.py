"""Who may not do a thing is refused before what they sent is looked at: a body of the wrong shape
is told only to who may send a right one.
"""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from talex.api import letting_in
from tests.access.scene import ROLES, make_scene
from tests.access.site import Undo
from tests.access.test_access import read_table
from tests.access.values import filled
from tests.access.walk import calls

HERE = "/api/editions/{slug}"
# The least that whoever does it holds is held by everybody signed in, or by many.
LEFT = {
    f"{HERE}/registration/{{kind}}",  # everybody begins one; who has sent one finds none
    f"{HERE}/registration/{{kind}}/file/keep",
    f"{HERE}/registration/{{kind}}/send",
    f"{HERE}/cases/{{pk}}/appeal",  # also who was shut out may appeal
}
# These roles do such things, and the body or the thing says that it is not theirs.
OTHERS = {
    "talent": {
        f"{HERE}/interests/{{pk}}/withdraw",
        f"{HERE}/meetings/{{pk}}/say",
        f"{HERE}/searches/{{pk}}",
        f"{HERE}/verification/{{case}}/submit",
    },
    "delegate": {
        f"{HERE}/belonging",
        f"{HERE}/belonging/end",
        f"{HERE}/blocks",
        f"{HERE}/cohorts/{{cohort}}/members/decide",
        f"{HERE}/collecting/pass",
        f"{HERE}/collecting/return",
        f"{HERE}/hidden",
        f"{HERE}/interests/{{pk}}/answer",
        f"{HERE}/proposals/{{pk}}/answer",
        f"{HERE}/refusals",
        f"{HERE}/searches/{{pk}}",
        f"{HERE}/verification",
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["nobody", "visitor", "talent", "delegate", "press"])
def test_a_wrong_body_is_told_only_to_who_may(role: str) -> None:
    assert role in ROLES
    scene, table = make_scene(), read_table()
    signed_in = Client()
    if (user := scene.users[role]) is not None:
        signed_in.force_login(user)
    told = []
    for address in sorted(set(calls())):
        wanted = table[address.name, address.method][role]
        if address.method in {"GET", "DELETE"} or wanted not in {"401", "403", "404"}:
            continue
        if address.name in LEFT | OTHERS.get(role, set()):
            continue
        path = address.name.format(**filled(address, scene))
        cache.clear()
        try:
            with transaction.atomic():
                answer = signed_in.generic(
                    address.method, path, '{"nothing_like_this": 1}', "application/json"
                )
                raise Undo
        except Undo:
            pass
        if answer.status_code not in {401, 403, 404}:
            told.append(
                f"{address.name} {address.method}: {answer.status_code}, a right body gets {wanted}"
            )
    assert not told, f"as {role}:\n" + "\n".join(told)


def test_what_is_let_in_by_name_is_there() -> None:
    """An address that was renamed would be let in by nobody's notice."""
    there = {f"{address.method} {address.name}" for address in calls()}
    named = letting_in.SITE | letting_in.OFFICE | letting_in.EMPLOYERS
    assert not (named | letting_in.SIDES | letting_in.TALENTS) - there
