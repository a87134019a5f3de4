"""No table that names a person is forgotten: it is in the archive, or it is said here why not."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from talex.accounts.models import User
from talex.participants.models import Delegate, Person, ProjectOwner, Talent
from talex.participants.own_data import export_person
from tests.participants import factories as make
from tests.participants.credentials.test_cases import an_identity

pytestmark = pytest.mark.django_db

NAMED = (User, Person, Talent, Delegate, ProjectOwner)
#: Columns that name who acted where there is no foreign key.
ACTED = {"author", "reader", "reporter"}

EXCEPTIONS = {
    "account.EmailConfirmation": "a key that opens a door; the address itself is told",
    "socialaccount.SocialToken": "a secret of another service; the link to it is told",
    "participants.SamePair": "a guess of the machine that names another person as well",
    "participants.NotSame": "the office's answer to such a guess; names another person as well",
    "participants.Merge": "which records became one; all of them are told under `records`",
    "evidence.SameSubject": "the same, as figures count it",
    "campaigns.Wording": "a text of the office; the id is of who wrote it for the office",
    "webhooks.Delivery": "an event of the ledger, sent on with ids and coarse facts; told there",
    "core.SearchDocument": "an index of texts that are told where they come from",
    "fair.TextVector": "numbers made of texts that are told under `registrations`",
    "meetings.Placement": "a draft that only the office sees; meetings are told",
    "cohorts.RollDraft": "a university's list that it is still checking; gone within days",
    "belonging.Belonging": "about two organisations; the ids are of who decided for the office",
    "fair.OpeningCoverage": "about an opening of an organisation",
    "programme.Table": "the id is of an organisation",
    "publishing.Wording": "the ids are of openings and organisations",
    "publishing.Entry": "the id is of an opening",
}


def naming_models() -> set[type[models.Model]]:
    """Every model with a key to a person or an account, or with an id that may be one; and what
    hangs on such a row."""
    found: set[type[models.Model]] = set(NAMED)
    every = apps.get_models()
    for model in every:
        for field in model._meta.concrete_fields:
            loose = isinstance(field, models.UUIDField) and not field.primary_key
            if loose or field.name in ACTED:
                found.add(model)
    before = -1
    while before != len(found):
        before = len(found)
        roots = {one for one in found if one._meta.label not in EXCEPTIONS}
        for model in every:
            keys = [f for f in model._meta.concrete_fields if f.is_relation and not f.primary_key]
            if any(key.related_model in roots for key in keys):
                found.add(model)
    return found


def test_every_model_that_names_a_person_is_in_the_archive_or_excused() -> None:
    actor, case = an_identity(make.edition())
    assert case.talent is not None
    with CaptureQueriesContext(connection) as seen:
        export_person(actor, case.talent.person_id)
    asked = " ".join(one["sql"] for one in seen.captured_queries)
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', asked))
    labels = {one._meta.label: one._meta.db_table for one in naming_models()}
    forgotten = {name for name, table in labels.items() if table not in read} - set(EXCEPTIONS)
    assert not forgotten, f"neither in own_data (or an erase port) nor excused: {forgotten}"
    assert not {name for name in EXCEPTIONS if name not in labels}, "an excuse for nothing"
