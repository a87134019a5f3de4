"""A person: one human being, whatever they do in whichever edition."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept


class Person(Kept):
    """All fields are personal data; erasing empties them and leaves the row as a tombstone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="persons"
    )
    # The primary name as shown and sorted; the names themselves are PersonName rows.
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # What two records of one person share however they were typed (identity.py).
    email_key = models.CharField(max_length=254, blank=True)
    phone_key = models.CharField(max_length=20, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    nationality = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=now)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    # When the record was last compared with the others (services.comparing); null where it is
    # new or was changed since.
    compared_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(name="", email="", phone="", user__isnull=True, birth_year__isnull=True),
                name="erased_person_is_empty",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="person_not_merged_into_self"
            ),
        ]
        indexes = [
            models.Index(
                fields=["email_key"], name="person_email_key", condition=~models.Q(email_key="")
            ),
            models.Index(
                fields=["phone_key"], name="person_phone_key", condition=~models.Q(phone_key="")
            ),
            # Of the few that were merged. An index of all tempts SQLite, which knows no statistics,
            # to walk through everybody who was not.
            models.Index(
                fields=["merged_into"],
                name="person_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="person_to_be_compared",
                condition=models.Q(compared_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Whatever is saved is to be compared anew."""
        self.compared_at = None
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "compared_at"}
        super().save(*args, **options)


def compare_anew(person: Any) -> None:
    """Something that belongs to the person was saved."""
    Person.objects.filter(pk=person, compared_at__isnull=False).update(compared_at=None)


class PersonName(Kept):
    """One way of writing a person's name; `script` is ISO 15924 (Hans, Latn, Cyrl ...)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    script = models.CharField(max_length=4, default="Latn")
    is_primary = models.BooleanField(default=False)
    # The same for 王伟, Wang Wei and WEI, Wang (identity.py).
    key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_primary=True), name="one_primary_name"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="name_is_not_empty"),
        ]
        indexes = [
            models.Index(fields=["key"], name="person_name_key", condition=~models.Q(key=""))
        ]

    def __str__(self) -> str:
        return self.text


class Keeping(Kept):
    """When a person is erased because the term is over (participants/retention.py).

    `erase_on` is what they were told; `keep_until` is their own wish to be kept longer.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="keeping")
    told_at = models.DateTimeField()
    erase_on = models.DateField(db_index=True)
    keep_until = models.DateField(null=True, blank=True)
