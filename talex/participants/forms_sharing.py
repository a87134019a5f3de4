"""Forms of what a talent shares with whom, each box under all that has to be read before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.editions.models import ConsentPurpose, Edition
from talex.participants.abroad import Abroad
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.named import recipient_of
from talex.participants.services.consents import MUST_AGREE
from talex.participants.statements import statement, statement_abroad
from talex.ui.forms import CheckboxList, CheckboxListField


class Statements(CheckboxList):
    """A box for each consent, under what it says. `told` is set by the form that knows where."""

    template_name = "participants/widgets/statements.html"
    told: Mapping[str, Any] = {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        return {**option, "statement": self.told.get(str(option["value"]), [])}


def say(form: forms.Form, name: str, edition: Edition, organisation: Any = None) -> None:
    """Put beside each box what it says: recipient, fields, country, term."""
    field: Any = form.fields[name]
    field.widget.told = {
        str(value): statement(edition, str(value), organisation) for value, _label in field.choices
    }


def abroad_field(
    edition: Edition, organisation: Any = None, *, needed: bool = False
) -> CheckboxListField:
    """The separate consent to one organisation. `needed`: the step it stands in cannot be taken
    without it."""
    return _separate(
        edition, [organisation], _("My data go to this organisation abroad"), needed=needed
    )


def _separate(
    edition: Edition, organisations: Sequence[Any], box: Any, *, needed: bool = False
) -> CheckboxListField:
    """One box under all that has to be read before it. Clean: [] or its one value."""
    field = CheckboxListField(
        label=_("Do you agree to this by itself?"),
        help_text=_("Without it nothing of you goes there, and this cannot be sent.")
        if needed
        else _("Nobody has to: without it nothing of you goes to organisations abroad."),
        choices=[(ConsentPurpose.ABROAD.value, box)],
        required=needed,
        error_messages={"required": MUST_AGREE},
        widget=Statements,
    )
    widget: Any = field.widget
    widget.told = {ConsentPurpose.ABROAD.value: statement_abroad(edition, organisations)}
    return field


class AbroadForm(forms.Form):
    """Whether what a talent shares goes to the organisations abroad; nothing else is asked here.

    Those that came after the talent agreed stand under a box of their own, which nobody ticked.
    """

    def __init__(self, *args: Any, edition: Edition, state: Abroad, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = ConsentPurpose.ABROAD.label
        held = [one for one in state.there if one.pk in state.agreed]
        self.fields["abroad"] = _separate(edition, held if state.given else state.new, label)
        if state.given:
            self.initial["abroad"] = [ConsentPurpose.ABROAD.value]
        if state.given and state.new:
            box = _("These others receive it as well")
            self.fields["new"] = _separate(edition, state.new, box)
        if state.new:
            self.fields["read"] = forms.CharField(
                widget=forms.HiddenInput, initial=recipient_of(state.new)
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("abroad") == []:
            self.add_error(
                "new",
                _(
                    "The first box is empty: it takes back what you agreed to before. Leave it "
                    "ticked to agree to more, or leave both empty."
                ),
            )
        return data


class ChooseForm(forms.Form):
    """With which organisation; what it is shown is asked next, under its name."""

    organisation = forms.ChoiceField(label=_("Which organisation?"))

    def __init__(self, *args: Any, organisations: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", "–"), *organisations]  # type: ignore[attr-defined]


def warn_of(form: forms.Form, ending: int) -> None:
    """Say beside the boxes how many waiting requests end when the profile is taken back."""
    if not ending:
        return
    field: Any = form.fields["purposes"]
    warning = ngettext(
        "If you take back your profile, %(count)d request that waits for an answer ends.",
        "If you take back your profile, %(count)d requests that wait for an answer end.",
        ending,
    ) % {"count": ending}
    field.help_text = f"{field.help_text} {warning}"


class ConsentForm(forms.Form):
    """What a talent agrees to."""

    def __init__(self, *args: Any, edition: Edition, ending: int = 0, **kwargs: Any) -> None:
        """`ending`: how many waiting requests end when the profile is taken back."""
        super().__init__(*args, **kwargs)
        say(self, "purposes", edition)
        warn_of(self, ending)

    purposes = CheckboxListField(
        label=_("What do you agree to?"),
        help_text=_("Whatever is not ticked is not shared. You can change this at any time."),
        choices=GENERAL_PURPOSES,
        required=False,
        widget=Statements,
    )


class ShareForm(forms.Form):
    """What one organisation is shown; it was chosen before, and the statements name it."""

    purposes = CheckboxListField(
        label=_("What does it see?"),
        help_text=_("Nothing ticked: it sees no more than all the others do."),
        choices=[
            (ConsentPurpose.PROFILE.value, _("My profile")),
            (ConsentPurpose.CONTACT.value, _("How to reach me")),
        ],
        required=False,
        widget=Statements,
    )

    def __init__(
        self,
        *args: Any,
        edition: Edition,
        organisation: Any,
        abroad: bool = False,
        ending: int = 0,
        **kwargs: Any,
    ) -> None:
        """`abroad`: the organisation is, so the separate consent is asked for below. `ending`: as
        of `ConsentForm`."""
        super().__init__(*args, **kwargs)
        say(self, "purposes", edition, organisation)
        warn_of(self, ending)
        if abroad:
            self.fields["abroad"] = abroad_field(edition, organisation)
