"""Many organisations with their delegates at once, as lists have them: a row a delegate.

As in `bulk`: the rows are cleaned and told apart first, a portion at a time, and wait in temporary
tables; the write lock is held only while these are copied, one statement a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, NotAllowed
from talex.core.ids import Kept, ascending
from talex.editions.rules import is_office
from talex.ledger.services import record
from talex.participants.facts import DELEGATE_FIELDS, PERSON_FIELDS, Cleaned
from talex.participants.identity import email_key, name_key, phone_key
from talex.participants.importing.registry import Stale
from talex.participants.models import (
    Delegate,
    Organisation,
    Participation,
    Person,
    PersonName,
    SourceRow,
)
from talex.participants.services import known_organisations as known
from talex.participants.services.linking import link_list
from talex.participants.services.organisation_rows import (
    DelegateRow,
    OrganisationRow,
    Plan,
    fill,
    plans_of,
)
from talex.participants.services.organisations import DEEPEST, lock_tree
from talex.participants.services.waiting import Applied, Waiting, read_portions, taking_over

__all__ = [
    "DelegateRow",
    "OrganisationRow",
    "Prepared",
    "apply_organisations",
    "prepare_organisations",
]

# In the order in which they are inserted.
_MODELS = (Organisation, Participation, Person, PersonName, Delegate, SourceRow)
_ATTEMPTS = 3


class Prepared(Waiting):
    """Organisations that wait in temporary tables.

    Memory: one portion of rows, and about 150 bytes for each delegate, for each organisation that
    was known before, and for each further name of one that has several.
    """

    def __init__(self, actor: Actor, edition: UUID, batch: UUID | None) -> None:
        super().__init__(actor, edition, batch, _MODELS)
        # By what a later row finds the organisation of an earlier one.
        self._loading.index(Organisation, "registration_number", "name_key", "id")
        self._ids = {model: ascending() for model in _MODELS}
        self._met: set[UUID] = set()  # known before, and named by the list
        self._delegates: set[bytes] = set()
        self._parents: list[tuple[UUID, str]] = []
        self._namesakes = 0
        self._others = known.OtherNames()
        # What organisations that rows name are called beside their `name_key`.
        self._called: dict[str, UUID] = {}

    def keep(self, rows: Sequence[OrganisationRow], before: int) -> None:
        """Let a portion of rows wait; `before` rows of the list were kept already."""
        plans, taken = plans_of(self.edition, rows, before)
        self.known += taken
        self._complete(plans)
        found = known.find(
            [(p.identity, p.keys) for p in plans if p.organisation is None], self._others
        )
        new = [p for p in plans if p.organisation is None and p.identity not in found.ids]
        for plan in plans:
            plan.organisation = plan.organisation or found.ids.get(plan.identity)
        made: list[Kept] = list(self._met_first(plans, set(found.ids.values()) - self._met))
        for plan in new:
            made += self._new(plan)
            self._namesakes += found.namesakes.get(plan.cleaned["name_key"], 0)
        for plan in plans:
            made += self._rows_of(plan)
            for _kind, key in plan.identities[1:]:
                assert plan.organisation is not None
                self._called.setdefault(key, plan.organisation)
        self._loading.add(made)

    def _complete(self, plans: Sequence[Plan]) -> None:
        """Connect plans with organisations of earlier portions, filling what those left out."""
        for portion in chunks(plans):
            by_identity, by_id = self._waiting(portion)
            changed: dict[UUID, Organisation] = {}
            for plan in portion:
                for identity in plan.identities:
                    # One that was known before does not wait, and is not changed.
                    pk = self._called.get(identity[1]) if identity[0] == "name_key" else None
                    one = by_identity.get(identity) or (by_id.get(pk) if pk else None)
                    if one is None and pk is None:
                        continue
                    plan.organisation = one.pk if one else pk
                    if one and fill(one, plan):
                        changed[one.pk] = one
                    break
            self._loading.replace(Organisation, list(changed.values()))

    def _waiting(
        self, plans: Sequence[Plan]
    ) -> tuple[dict[known.Identity, Organisation], dict[UUID, Organisation]]:
        """Who waits of those that the plans may be: by identity, and by id."""
        wanted = {identity for plan in plans for identity in plan.identities}
        found: dict[UUID, Organisation] = {}
        ids = [self._called[v] for k, v in wanted if k == "name_key" and v in self._called]
        for name, values in (
            ("registration_number", [v for k, v in wanted if k == "registration_number"]),
            ("name_key", [v for k, v in wanted if k == "name_key"]),
            ("id", ids),
        ):
            for some in chunks(values):
                for one in self._loading.waiting(Organisation, name, some):
                    found.setdefault(one.pk, one)
        by_identity = {
            known.identity_of(one.registration_number, one.name_key): one for one in found.values()
        }
        return by_identity, found

    def _met_first(self, plans: Sequence[Plan], known_ids: set[UUID]) -> Iterator[Participation]:
        """That organisations take part which were known before, where they do not yet."""
        taking_part = known.taking_part(self.edition, known_ids)
        self._delegates |= {
            known.delegate_digest(*one) for one in known.delegates(self.edition, known_ids)
        }
        for plan in plans:
            if plan.organisation in known_ids and plan.organisation not in self._met:
                self._met.add(plan.organisation)
                if plan.organisation not in taking_part:
                    yield self._participation(plan.organisation, plan)

    def _new(self, plan: Plan) -> Iterator[Kept]:
        plan.cleaned.pop("parent", None)
        plan.organisation = next(self._ids[Organisation])
        yield Organisation(id=plan.organisation, **plan.cleaned, unread=plan.unread)
        yield self._participation(plan.organisation, plan)
        if plan.parent_key:
            self._parents.append((plan.organisation, plan.parent_key))

    def _participation(self, organisation: UUID, plan: Plan) -> Participation:
        return Participation(
            id=next(self._ids[Participation]),
            organisation_id=organisation,
            edition_id=self.edition,
            mode=plan.mode,
            source=plan.sources[0].source[:200] if plan.sources else "",
        )

    def _rows_of(self, plan: Plan) -> Iterator[Kept]:
        """The delegates of an organisation that are not there yet, and by what rows are known."""
        assert plan.organisation is not None
        for one in plan.delegates:
            first = one["names"][0].text if one["names"] else ""
            digest = known.delegate_digest(plan.organisation, email_key(one["email"]), first)
            if digest not in self._delegates:
                self._delegates.add(digest)
                yield from self._delegate(plan.organisation, one, first)
        for key in plan.sources:
            yield SourceRow(
                id=next(self._ids[SourceRow]),
                edition_id=self.edition,
                kind="organisation",
                source=key.source[:200],
                fingerprint=key.fingerprint,
                occurrence=key.occurrence,
                object_id=plan.organisation,
                batch=self.batch,
                row_number=key.row_number,
            )

    def _delegate(self, organisation: UUID, one: Cleaned, first: str) -> Iterator[Kept]:
        person = Person(
            id=next(self._ids[Person]),
            **{name: one[name] for name in PERSON_FIELDS if name != "names"},
            name=first,
            email_key=email_key(one["email"]),
            phone_key=phone_key(one["phone"]),
        )
        yield person
        for number, name in enumerate(one["names"]):
            yield PersonName(
                id=next(self._ids[PersonName]),
                person_id=person.pk,
                text=name.text,
                script=name.script,
                is_primary=number == 0,
                key=name_key(name.text),
            )
        yield Delegate(
            id=next(self._ids[Delegate]),
            person_id=person.pk,
            organisation_id=organisation,
            edition_id=self.edition,
            **{name: one[name] for name in DELEGATE_FIELDS if name in one},
        )

    def set_parents(self) -> None:
        """Once all rows wait: who stands below whom, known before or of the same list."""
        above: dict[UUID, UUID] = {}
        for some in chunks(self._parents):
            keys = {key for _child, key in some}
            by_key = known.by_name(keys, self._others)
            by_key |= {key: self._called[key] for key in keys if key in self._called}
            by_key |= {
                one.name_key: one.pk
                for one in self._loading.waiting(Organisation, "name_key", list(keys))
            }
            for child, key in some:
                parent = by_key.get(key)
                # A list may say that some stand below each other in a circle, or below themselves.
                if parent is not None and not _circles(above, child, parent):
                    above[child] = parent
        for some_children in chunks(above):
            children = self._loading.waiting(Organisation, "id", some_children)
            for one in children:
                one.parent_id = above[one.pk]
            self._loading.replace(Organisation, children)

    def apply(self) -> Applied:
        """Insert everything in one transaction with one entry of the ledger, or nothing.

        `Stale` where such an organisation was made meanwhile: prepare again, it is known now.
        `Conflict` where another import took rows of the same list.
        """
        counts = self._loading.counts
        new = counts[Organisation]
        if not new and not self._met:
            return Applied(0, self.known)
        organisations, parts = self._loading.table(Organisation), self._loading.table(Participation)
        with taking_over():
            if self._parents:
                # As everybody who changes who stands below whom; before rows are locked.
                lock_tree()
            if known.namesakes(organisations) != (0, self._namesakes):
                raise Stale
            for some in chunks(self._others.come_since()):
                if self._loading.waiting(Organisation, "name_key", some):
                    raise Stale
            known.leave_out_those_who_take_part(parts, self.edition)
            self._loading.insert()
            link_list(self.actor, self.edition)
            record(
                "participants.organisations_imported",
                actor=self.actor,
                edition=self.edition,
                obj=self.imported,
                facts={
                    "made": new,
                    "taking_part": new + len(self._met),
                    "delegates": counts[Delegate],
                },
            )
        return Applied(new, self.known)


def _circles(above: Mapping[UUID, UUID], child: UUID, parent: UUID) -> bool:
    """Whether `child` below `parent` would close a circle, or makes the tree too deep."""
    at: UUID | None = parent
    for _step in range(DEEPEST):
        if at is None:
            return False
        if at == child:
            return True
        at = above.get(at)
    return True


def prepare_organisations(
    actor: Actor, edition: UUID, rows: Iterable[OrganisationRow], *, batch: UUID | None = None
) -> Prepared:
    """Clean rows and tell organisations apart; nothing is written yet. `rows` is read once.

    Rows that are known (source, fingerprint, occurrence) are left out. Raises `NotAllowed`, and
    `Invalid` for the first rows that are wrong (key: `row <number>.<field>`).
    """
    if not is_office(actor, edition):
        raise NotAllowed
    prepared = Prepared(actor, edition, batch)
    try:
        read_portions(rows, prepared.keep)
        prepared.set_parents()
    except BaseException:
        prepared.close()
        raise
    return prepared


def apply_organisations(
    actor: Actor, edition: UUID, rows: Sequence[OrganisationRow], *, batch: UUID | None = None
) -> Applied:
    """Prepare and insert a list; see `prepare_organisations` and `Prepared.apply`.

    Returns how many organisations were made and how many rows were known.
    """
    for _attempt in range(_ATTEMPTS):
        with prepare_organisations(actor, edition, rows, batch=batch) as prepared:
            try:
                return prepared.apply()
            except Stale:
                continue
    raise Conflict
