"""Identifiers. Every kept row has a random surrogate id, so that an id tells nothing."""

from __future__ import annotations

import uuid

from django.db import models


class Kept(models.Model):
    """The base of every model: a random UUID (version 4) as the only key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def parse(value: object) -> uuid.UUID | None:
    """The UUID written in `value`, or None where it is none."""
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
