"""What is kept of an import: the file's rows while they are looked at, and who each row became.

Rows are staged here in small commits; nothing else of the house reads them. The file goes once
they are all here, they go once the import is applied or given up (or nobody ends it: expiry.py),
and whoever is erased meanwhile goes from them at once (erasing.py). What stays is
`participants.SourceRow`: a fingerprint and the random id of what the row became.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.ids import Kept


class _Readable(json.JSONEncoder):
    """JSON with Chinese as it is: half the bytes of its escapes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"ensure_ascii": False}))


class ImportState(models.TextChoices):
    """How far an import has come. Nothing but `applied` has changed anything outside."""

    UPLOADED = "uploaded", _("Uploaded")
    MAPPED = "mapped", _("Columns chosen")
    PARSING = "parsing", _("Being read")
    PREVIEWED = "previewed", _("To be looked at")
    APPLYING = "applying", _("Being imported")
    APPLIED = "applied", _("Imported")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class RowState(models.TextChoices):
    """What becomes of a row when its import is applied."""

    NEW = "new", _("New")
    KNOWN = "known", _("Known already")
    FAULT = "fault", _("To be mended")
    EXCLUDED = "excluded", _("Left out")
    MERGED = "merged", _("Merged into another row")


class Decision(models.TextChoices):
    """What somebody decided about rows that are alike."""

    NONE = "", _("Not decided")
    KEEP = "keep", _("Kept apart")
    MERGE = "merge", _("Merged")


class Import(Kept):
    """One file on its way in."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    target = models.CharField(max_length=20)
    # Where files come from, by the organiser's name for it: rows are known within one source.
    source = models.CharField(max_length=200)
    upload_id = models.UUIDField()
    file_name = models.CharField(max_length=300)
    file_digest = models.CharField(max_length=64)
    # What the file was found to be: encoding, separator, sheet, sheets, heading_row, notes.
    file_facts = models.JSONField(default=dict)
    sheet = models.CharField(max_length=200, blank=True)
    headings = models.JSONField(default=list)
    signature = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    # Raised with every change of the mapping: rows read under an older one are read again.
    mapping_version = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    # Up to which row of the file the rows are staged, and whether the end was reached.
    staged_to = models.PositiveIntegerField(default=0)
    staged_all = models.BooleanField(default=False)
    # Raised by every change of the preview; what is applied is the revision that was looked at.
    revision = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    # state -> rows, and field -> {stated, understood}: written at the end of the reading.
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    # Why it failed or went back, as code and parameters of a note.
    failure = models.JSONField(null=True, blank=True)
    job_id = models.UUIDField(null=True, blank=True)
    # Traces (importing.traces) of people who were erased before the file was read to its end,
    # and how many rows went because of an erasure.
    forgotten = models.JSONField(default=list, blank=True)
    forgotten_rows = models.PositiveIntegerField(default=0)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["edition", "-created_at"], name="importing_of_edition")]

    def __str__(self) -> str:
        return self.file_name


class StagedRow(Kept):
    """A row of the file as it stands, and what was made of it."""

    owner = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    # As a spreadsheet counts: from 1, headings included.
    number = models.PositiveIntegerField()
    # SHA-256 in hex (importing.fingerprint).
    fingerprint = models.CharField(max_length=64)
    occurrence = models.PositiveIntegerField()
    cells = models.JSONField(encoder=_Readable)
    # Faults of the file itself (broken rows), as notes.
    faults = models.JSONField(default=list, encoder=_Readable)
    # field -> text typed in the preview.
    corrections = models.JSONField(default=dict, encoder=_Readable)
    accepted = models.BooleanField(default=False)

    # Made by `evaluate` from the above.
    mapping_version = models.PositiveIntegerField()
    values = models.JSONField(encoder=_Readable)
    kept = models.JSONField(default=dict, encoder=_Readable)
    notes = models.JSONField(default=list, encoder=_Readable)
    # ' code code ', to filter by.
    codes = models.CharField(max_length=1000, blank=True)
    severity = models.PositiveSmallIntegerField(default=0)
    # Changes whenever what would be imported changes (`Evaluated.digest`, hex).
    content = models.CharField(max_length=32)
    # What makes two rows probably the same one (a hash of it); empty where nothing does.
    likeness = models.CharField(max_length=32, blank=True)
    # ' trace trace ' of the people whom the row names (importing.traces), to find the erased.
    traces = models.TextField(blank=True)

    # Made by looking at all rows together.
    identical = models.PositiveIntegerField(default=1)
    similar = models.PositiveIntegerField(default=1)
    known = models.BooleanField(default=False)
    known_as = models.UUIDField(null=True, blank=True)
    # About identical rows; about rows that are alike: whether somebody looked at the group.
    decision = models.CharField(max_length=5, choices=Decision.choices, blank=True, default="")
    reviewed = models.BooleanField(default=False)
    excluded = models.BooleanField(default=False)
    merged_into = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.NEW)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="importing_row_once")
        ]
        indexes = [
            models.Index(fields=["owner", "state", "number"], name="importing_row_state"),
            models.Index(fields=["owner", "fingerprint"], name="importing_row_fingerprint"),
            models.Index(
                fields=["owner", "likeness"],
                name="importing_row_likeness",
                condition=~models.Q(likeness=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class RememberedMapping(Kept):
    """The last mapping that was applied to files with these headings."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    target = models.CharField(max_length=20)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "target", "signature"], name="importing_mapping_once"
            )
        ]
        indexes = [models.Index(fields=["target", "signature"], name="importing_mapping_found")]
