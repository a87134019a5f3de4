"""A share that people judged is told where people judged, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.engine.text import ConceptTable, default_embedder
from talex.fair import reasons
from talex.fair.choices import Side
from talex.fair.matching import frame
from talex.fair.proposing import told_reasons
from talex.fair.words import Words
from tests.fair import factories as make

WORDS = Words(ConceptTable.default())

pytestmark = pytest.mark.django_db


def titles(talent: str, opening: str) -> dict[str, object]:
    where = make.edition()
    make.talent(where, current_position=talent)
    make.opening(where, make.organisation(where), opening)
    found = frame(where, default_embedder())
    assert found is not None
    [told] = told_reasons(found, np.array([[0, 0]]))
    return next(one for one in told if one["part"] == "title")


def test_titles_of_one_language_tell_the_share_that_was_judged() -> None:
    close = titles("Mechanical engineer", "Engineer for mechanics and machines")
    far = titles("Mechanical engineer", "Pastry chef in a hotel")
    assert 0 <= far["judged"] < close["judged"] <= 1  # type: ignore[operator]
    said = reasons.told([close], WORDS, Side.TALENT)[0].text
    assert f"about {round(100 * float(str(close['judged'])))} %" in said


def test_titles_across_languages_and_other_models_tell_none() -> None:
    assert "judged" not in titles("机械工程师", "Mechanical engineer")
    other = reasons.told([titles("机械工程师", "Mechanical engineer")], WORDS, Side.TALENT)
    assert "%" not in other[0].text


def test_points_are_no_percentage(client: Client) -> None:
    where = make.edition()
    opening = make.opening(where, make.organisation(where))
    match = make.match(make.talent(where), opening, 0.42)
    client.force_login(User.objects.create(email="a@example.org", name="A", is_site_admin=True))
    page = client.get(reverse("fair:match", kwargs={"edition": where.slug, "pk": match.pk}))
    text = page.content.decode()
    assert "of 100 points" in text and "<strong>42</strong>" in text and "no percentage" in text
    assert "42 %" not in text and "42%" not in text
