"""Forms: the renderer, widgets and fields, and the way from a form to a service."""

from talex.ui.forms.again import key_for
from talex.ui.forms.fields import (
    CheckboxListField,
    DateField,
    DateTimeField,
    FileField,
    TagsField,
    TimeField,
    TimeZoneField,
    TranslatedTextField,
    UnitField,
)
from talex.ui.forms.numbers import (
    AmountField,
    NumberField,
    NumberText,
    WholeField,
    YearsField,
    number_shown,
    read_number,
)
from talex.ui.forms.renderer import TalexFormRenderer
from talex.ui.forms.service import (
    ServiceFormView,
    add_errors,
    form_response,
    redirect_after,
    service_form,
)
from talex.ui.forms.widgets import (
    CheckboxList,
    DateInput,
    DateTimeInput,
    FileDrop,
    RadioCards,
    TagsInput,
    TimeInput,
    TranslatedTextInput,
    UnitInput,
)

__all__ = [
    "AmountField",
    "CheckboxList",
    "CheckboxListField",
    "DateField",
    "DateInput",
    "DateTimeField",
    "DateTimeInput",
    "FileDrop",
    "FileField",
    "NumberField",
    "NumberText",
    "RadioCards",
    "ServiceFormView",
    "TagsField",
    "TagsInput",
    "TalexFormRenderer",
    "TimeField",
    "TimeInput",
    "TimeZoneField",
    "TranslatedTextField",
    "TranslatedTextInput",
    "UnitField",
    "UnitInput",
    "WholeField",
    "YearsField",
    "add_errors",
    "form_response",
    "key_for",
    "number_shown",
    "read_number",
    "redirect_after",
    "service_form",
]
