"""The organiser's own terms: added, changed, removed, brought in; suggestions set aside."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.engine.text import Concept, ConceptTable, Kind, cut
from talex.fair import rules
from talex.fair.models import BuiltTable, DismissedTerm, Term, TermSource
from talex.fair.understanding import OPEN, own_table, prepare
from talex.ledger.services import record

LONGEST = 120
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
BATCH = 500


@dataclass(frozen=True, slots=True)
class SaveTerm:
    """A term; with `id` another version of it, `version` what the writer saw.

    concept: the id of a concept that gets these labels; '' makes a new concept.
    labels: language -> labels, the preferred one first. parents: ids of industries.
    """

    kind: str
    labels: Mapping[str, Sequence[str]]
    concept: str = ""
    parents: Sequence[str] = ()
    abbreviations: Sequence[str] = ()
    id: UUID | None = None
    version: int | None = None


@dataclass
class _Faults:
    found: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, name: str, text: Message) -> None:
        self.found.setdefault(name, []).append(text)


def named(concept: Concept) -> str:
    """A concept in the reader's language, else in any."""
    language = (get_language() or "en").split("-")[0]
    label = concept.label(language) or concept.label("en")
    return label or next((labels[0] for labels in concept.labels.values()), concept.id)


def _seen(label: str) -> str:
    """Without signs that nobody sees: what turns the direction would turn a whole page's words."""
    if not label.isprintable():
        label = "".join(sign for sign in label if unicodedata.category(sign) not in ("Cf", "Cs"))
    return " ".join(label.split())


def _tidy(labels: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(text for text in map(_seen, labels) if text))


def checked(command: SaveTerm, table: ConceptTable) -> Concept:
    """The concept of a command, free of clashes with `table`. Raises `Invalid`."""
    faults = _Faults()
    if command.kind not in set(Kind):
        kinds = ", ".join(Kind)
        raise Invalid({"kind": _("Choose one of: %(kinds)s.") % {"kinds": kinds}})
    kind = Kind(command.kind)
    known = table.get(command.concept) if command.concept else None
    if known is not None and known.kind is not kind:
        faults.add("concept", _("This concept is of another kind: %(name)s.")
                   % {"name": named(known)})  # fmt: skip
    labels = {
        language: tidy for language, given in command.labels.items() if (tidy := _tidy(given))
    }
    short = _tidy(command.abbreviations)
    if not labels and not (known is not None and short):
        faults.add("labels", _("Give at least one label."))
    own = command.concept or f"{kind}:own-{uuid.uuid4().hex[:12]}"
    for language, given in labels.items():
        if not _LANGUAGE.fullmatch(language):
            faults.add("labels", _("“%(language)s” is not a language code such as zh, en or de.")
                       % {"language": language})  # fmt: skip
        for label in given:
            _check_label(label, own, kind, table, faults, "labels")
    for label in short:
        _check_label(label, own, kind, table, faults, "abbreviations")
    for parent in command.parents:
        above = table.get(parent)
        if above is None or above.kind is not Kind.INDUSTRY or parent == own:
            faults.add("parents", _("There is no such industry: %(name)s.") % {"name": parent})
    if faults.found:
        raise Invalid(faults.found)
    return Concept(
        own, kind, {language: tuple(given) for language, given in labels.items()},
        tuple(dict.fromkeys(command.parents)), tuple(short),
    )  # fmt: skip


def _check_label(
    label: str, own: str, kind: Kind, table: ConceptTable, faults: _Faults, name: str
) -> None:
    if len(label) > LONGEST:
        faults.add(name, _("At most %(n)d characters: “%(label)s”")
                   % {"n": LONGEST, "label": label[:40] + "…"})  # fmt: skip
    elif not cut(label).folded:
        faults.add(name, _("“%(label)s” has no letters.") % {"label": label})
    for other in table.exactly(label, [kind]):
        if other.id != own:
            faults.add(name, _("“%(label)s” already stands for: %(other)s.")
                       % {"label": label, "other": named(other)})  # fmt: skip


def _fill(term: Term, concept: Concept) -> None:
    term.concept, term.kind = concept.id, concept.kind.value
    term.labels = {language: list(labels) for language, labels in concept.labels.items()}
    term.parents, term.abbreviations = list(concept.parents), list(concept.abbreviations)
    every = [*(one for labels in concept.labels.values() for one in labels), *term.abbreviations]
    term.line = " · ".join(every)
    term.changed_at = now()


def save_term(actor: Actor, edition: Edition, command: SaveTerm) -> Term:
    """Add or change a term. Raises `Invalid` with every clash, `Conflict` for an old version."""
    if not rules.can_edit_terms(actor, edition.pk):
        raise NotAllowed
    with work():
        # Two terms at once could claim one label.
        Edition.objects.select_for_update().get(pk=edition.pk)
        term = _asked(edition, command)
        concept = checked(
            SaveTerm(command.kind, command.labels, term.concept or command.concept,
                     command.parents, command.abbreviations),
            own_table(edition, without=term.pk),
        )  # fmt: skip
        _fill(term, concept)
        term.save()
        record(
            "fair.term.saved", actor=actor, edition=edition.pk, obj=term,
            facts={"concept": term.concept, "kind": term.kind, "labels": term.labels,
                   "version": term.version},
        )  # fmt: skip
        prepare(edition)
    return term


def _asked(edition: Edition, command: SaveTerm) -> Term:
    if command.id is None:
        if command.concept:
            same = Term.objects.filter(edition=edition, concept=command.concept).first()
            if same is not None:
                raise Invalid({"concept": _("There are own labels for this concept already.")})
            if (
                own_table(edition).get(command.concept) is None
                and not Term.objects.filter(source__isnull=False, concept=command.concept).exists()
            ):
                raise Invalid({"concept": _("There is no such concept.")})
        return Term(edition=edition)
    term = Term.objects.select_for_update().filter(edition=edition, pk=command.id).first()
    if term is None:
        raise NotFound
    if command.version is not None and command.version != term.version:
        raise Conflict(
            _("Somebody changed this term meanwhile. Open it again and add your change to what "
              "stands there now.")
        )  # fmt: skip
    term.version += 1
    return term


def remove_terms(actor: Actor, edition: Edition, ids: Sequence[UUID]) -> int:
    """Remove terms of an edition; the next matching does without them."""
    if not rules.can_edit_terms(actor, edition.pk):
        raise NotAllowed
    with work():
        rows = list(Term.objects.filter(edition=edition, pk__in=list(ids)))
        for term in rows:
            record(
                "fair.term.removed", actor=actor, edition=edition.pk, obj=term,
                facts={"concept": term.concept, "labels": term.labels},
            )  # fmt: skip
        Term.objects.filter(pk__in=[term.pk for term in rows]).delete()
        prepare(edition)
    return len(rows)


def import_terms(actor: Actor, edition: Edition, rows: Sequence[tuple[int, SaveTerm]]) -> int:
    """Bring in terms, all or none: (row of the file, term). What has a concept's id that is an own
    term's replaces it. Raises `Invalid` that names each row."""
    if not rules.can_edit_terms(actor, edition.pk):
        raise NotAllowed
    faults: list[Message] = []
    with work():
        Edition.objects.select_for_update().get(pk=edition.pk)
        known = {term.concept: term for term in Term.objects.filter(edition=edition)}
        replaced = {command.concept for _number, command in rows if command.concept in known}
        table = ConceptTable.default()
        for term in known.values():
            if term.concept not in replaced:
                table = table.extended([_concept(term)])
        made: list[Term] = []
        first: dict[str, int] = {}
        for number, command in rows:
            try:
                if command.concept and (before := first.get(command.concept)) is not None:
                    text = _("The concept %(concept)s stands in row %(before)d already.")
                    raise Invalid(
                        {"concept": text % {"concept": command.concept, "before": before}}
                    )
                concept = checked(command, table)
                first[concept.id] = number
                table = table.extended([concept])
            except Invalid as error:
                faults += [
                    _("Row %(row)d: %(text)s") % {"row": number, "text": text}
                    for texts in error.fields.values()
                    for text in texts
                ]
                continue
            term = known.get(concept.id) or Term(edition=edition)
            term.version += concept.id in known
            _fill(term, concept)
            made.append(term)
        if faults:
            raise Invalid({"file": faults})
        for term in made:
            term.save()
        record(
            "fair.terms.imported", actor=actor, edition=edition.pk, obj=edition,
            facts={"terms": str(len(made)), "concepts": [term.concept for term in made[:1000]]},
        )  # fmt: skip
        prepare(edition)
    return len(made)


def _concept(term: Term) -> Concept:
    from talex.fair.understanding import concept_of

    return concept_of(term)


def dismiss(actor: Actor, edition: Edition, key: str) -> None:
    """Do not suggest this skill as a term again."""
    if not rules.can_edit_terms(actor, edition.pk):
        raise NotAllowed
    if not key or len(key) > 200:
        raise NotFound
    with work():
        _row, made = DismissedTerm.objects.get_or_create(edition=edition, key=key)
        if made:
            record(
                "fair.term.dismissed", actor=actor, edition=edition.pk, obj=edition,
                facts={"skill": key},
            )  # fmt: skip


def import_esco(
    actor: Actor,
    folder: Path,
    *,
    languages: Sequence[str] | None = None,
    release: str = "",
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> TermSource:
    """Keep ESCO's concepts for every edition, in place of an earlier release.

    `tell(done, all)` while they are read; it may raise to stop. Raises `NotAllowed` for anybody
    but the operator, `Invalid` for files that are not ESCO's.
    """
    from talex.engine.text.esco import EscoError, read_esco
    from talex.fair.esco_words import wrong_file

    if not actor.all_powerful:
        raise NotAllowed
    try:
        concepts = read_esco(folder, languages)
    except (EscoError, OSError) as error:
        raise Invalid({"folder": wrong_file(error)}) from error
    rows = []
    for at, concept in enumerate(concepts):
        if at % BATCH == 0:
            tell(at, len(concepts))
        term = Term()
        _fill(term, concept)
        rows.append(term)
    with work():
        TermSource.objects.filter(name="ESCO").delete()
        source = TermSource.objects.create(
            name="ESCO", release=release, attribution=ATTRIBUTION, concepts=len(concepts),
            languages=sorted({language for one in concepts for language in one.labels}),
        )  # fmt: skip
        for term in rows:
            term.source = source
        Term.objects.bulk_create(rows, batch_size=BATCH)
        record(
            "fair.esco.imported", actor=actor, edition=None, obj=source,
            facts={"release": release, "concepts": str(len(concepts)),
                   "languages": source.languages},
        )  # fmt: skip
        for edition in Edition.objects.filter(state__in=OPEN):
            prepare(edition)
    return source


def remove_esco(actor: Actor) -> bool:
    """Take ESCO out again; whether there was one."""
    if not actor.all_powerful:
        raise NotAllowed
    with work():
        source = TermSource.objects.filter(name="ESCO").first()
        if source is None:
            return False
        record("fair.esco.removed", actor=actor, edition=None, obj=source, facts={})
        source.delete()
        BuiltTable.objects.all().delete()
    return True
