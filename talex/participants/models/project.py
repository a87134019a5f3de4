"""A project owner: a person who comes with a project, before the project has a room of its own."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.choices import ProjectStage
from talex.participants.models.person import Person


class ProjectOwner(Kept):
    """What a project is about and what it seeks, as its owner told it when registering.

    `seeks`: names of `choices.ProjectSeeks`. The room of dossiers takes a row up by its id, which
    stays; a person may own several.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="projects")
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="project_owners")
    title = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    industry = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=20, blank=True, choices=ProjectStage)
    seeks = models.JSONField(default=list, blank=True)
    region = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(title="", about=""),
                name="erased_project_is_empty",
            ),
        ]
        indexes = [models.Index(fields=["edition", "created_at"], name="project_owner_of_edition")]

    def __str__(self) -> str:
        return self.title
