"""Who acts: a person signed in, the machine itself, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in one edition; for an organisation or as a person where the role says so.

    `function`: what somebody may do within the organisation. `pending`: the office has not let the
    organisation in yet, or suspended it; such a grant opens nothing but what a rule opens to it by
    name. `abroad`: the organisation is in another country than the edition, so that people's data
    go to it only with their separate consent.
    """

    role: str
    edition: UUID
    organisation: UUID | None = None
    person: UUID | None = None
    function: str = "head"
    pending: bool = False
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `system` is the operator on the machine (command line, worker)."""

    user: UUID | None = None
    name: str = ""
    kind: str = "nobody"  # nobody | user | system
    site_admin: bool = False
    language: str = "en"
    time_zone: str = "UTC"
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def signed_in(self) -> bool:
        return self.kind != "nobody"

    @property
    def all_powerful(self) -> bool:
        """Site administrators and the machine itself are bound by no edition's roles."""
        return self.kind == "system" or self.site_admin

    @property
    def id(self) -> str:
        """What the ledger records: the account's random id, never a name."""
        return str(self.user) if self.user else self.kind

    def has(self, edition: UUID | None, *roles: str) -> bool:
        """Whether one of `roles` is held in the edition."""
        return any(g.edition == edition and g.role in roles for g in self.grants)

    def editions(self, *roles: str) -> set[UUID]:
        """The editions in which one of `roles` is held."""
        return {g.edition for g in self.grants if g.role in roles}

    def organisations(self, edition: UUID | None = None, *, pending: bool = False) -> set[UUID]:
        """The organisations this actor is a delegate of (in one edition, or in any).

        With `pending` also those that wait to be let in.
        """
        return {
            g.organisation
            for g in self.grants
            if g.organisation
            and (edition is None or g.edition == edition)
            and (pending or not g.pending)
        }

    def organisations_abroad(self, edition: UUID) -> set[UUID]:
        """Those it is a delegate of there, let in or not, that are abroad from the edition."""
        return {
            g.organisation
            for g in self.grants
            if g.organisation and g.edition == edition and g.abroad
        }

    def acts_as(self, edition: UUID | None, organisation: UUID, *functions: str) -> bool:
        """Whether the actor is a delegate of the organisation there with one of these functions.

        Also of one that waits to be let in: what is asked here concerns the organisation's own.
        """
        return any(
            g.organisation == organisation and g.edition == edition and g.function in functions
            for g in self.grants
        )

    def persons(self) -> set[UUID]:
        """The person records that are this account's own."""
        return {g.person for g in self.grants if g.person}


NOBODY = Actor()
SYSTEM = Actor(kind="system", name="Talex")

GrantProvider = Callable[[UUID], Iterable[Grant]]
_providers: list[GrantProvider] = []


def register_grants(provider: GrantProvider) -> None:
    """A room tells which grants an account has; called for every signed-in request."""
    if provider not in _providers:
        _providers.append(provider)


def grants_of(user: UUID) -> frozenset[Grant]:
    """All grants of an account, from every room."""
    return frozenset(grant for provider in _providers for grant in provider(user))


ActorLoader = Callable[[UUID], Actor]
NamesOf = Callable[[Iterable[UUID]], Mapping[UUID, str]]
_loader: ActorLoader | None = None
_names: NamesOf | None = None


def register_loader(loader: ActorLoader, names: NamesOf) -> None:
    """The room that keeps the accounts tells how to make the actor of an id, and its name."""
    global _loader, _names
    _loader, _names = loader, names


def load(user: UUID | None) -> Actor:
    """The actor as a job's owner: the account with its grants of now, or the machine (None)."""
    if user is None:
        return SYSTEM
    if _loader is None:
        raise RuntimeError("no room has registered how to load an account")
    return _loader(user)


def names_of(users: Iterable[UUID]) -> Mapping[UUID, str]:
    """What accounts are called; one that is gone is left out."""
    wanted = set(users)
    return _names(wanted) if _names is not None and wanted else {}
