"""A tree of organisations whose openings are collected, with delegates who have accounts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from talex.accounts.models import User
from talex.core.actor import Actor, Grant
from talex.core.translated import TranslatedText
from talex.fair import contents
from talex.fair import services as fair
from talex.fair.collecting import services
from talex.fair.collecting.models import Submission
from talex.fair.models import Opening
from talex.fair.services import SaveOpening
from talex.participants.models import Delegate, Organisation
from tests.fair import factories as make


class Tree:
    """Region > district > park > company; another district with a company; one of its own."""

    def __init__(self) -> None:
        self.edition = make.edition()
        self.office = make.office(self.edition)
        self.region = self.add("Hubei")
        self.district = self.add("Hongshan", self.region)
        self.park = self.add("Optics Valley", self.district)
        self.company = self.add("Laser Works", self.park)
        self.sister = self.add("Fibre Works", self.park)
        self.elsewhere = self.add("Jianghan", self.region)
        self.stranger = self.add("Soup Kitchen", self.elsewhere)
        self.alone = self.add("Lone Company")
        services.set_reviewed(self.office, self.edition, True)

    def add(self, name: str, parent: Organisation | None = None) -> Organisation:
        return make.organisation(self.edition, name, parent=parent)

    def delegate(
        self, of: Organisation, language: str = "en", role: str = "head"
    ) -> tuple[Actor, str]:
        """A delegate with an account: the actor and the address."""
        row: Delegate = make.delegate(self.edition, of, f"Of {of.name_line}", role=role)
        address = f"{uuid4().hex[:8]}@example.org"
        user = User.objects.create(email=address, language=language)
        row.person.user = user
        row.person.save()
        grant = Grant("delegate", self.edition.pk, of.pk, row.person_id, role)
        return Actor(user=user.pk, kind="user", grants=frozenset([grant])), address

    def quota(self, of: Organisation, openings: int = 5, seats: int | None = None) -> None:
        services.set_quota(self.office, self.edition, services.SetQuota(of.pk, openings, seats))

    def write(
        self, actor: Actor, of: Organisation, title: str = "Laser engineer", **values: Any
    ) -> Opening:
        command = SaveOpening(
            **{"organisation": of.pk, "title": TranslatedText.of(title), "state": "open", **values}
        )
        return fair.save_opening(actor, self.edition, command)

    def change(self, actor: Actor, opening: Opening, **values: Any) -> Opening:
        kept = Opening.objects.get(pk=opening.pk)
        said = {name: getattr(kept, name) for name in contents.RELEVANT}
        command = SaveOpening(
            **{
                **said, "organisation": kept.organisation_id, "mode": kept.mode,
                "interviews_wanted": kept.interviews_wanted, "state": "open", "id": kept.pk,
                **values,
            }
        )  # fmt: skip
        return fair.save_opening(actor, self.edition, command)

    def back(self, actor: Actor, *of: Opening, words: str = "", faults: Any = ("pay",)) -> int:
        ids = [sub(one).pk for one in of]
        return services.return_submissions(
            actor, self.edition, services.Return(ids, list(faults), words)
        )

    def forward(self, actor: Actor, *of: Opening) -> int:
        return services.pass_on(actor, self.edition, [sub(one).pk for one in of])

    def approve(self, *of: Opening) -> services.Approved:
        return services.approve(self.office, self.edition, [sub(one).pk for one in of])


def sub(of: Opening) -> Submission:
    return Submission.objects.get(opening=of)


def state(of: Opening) -> str:
    return Opening.objects.get(pk=of.pk).state
