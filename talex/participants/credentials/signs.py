"""What makes an organisation look like none: hints for the office, never a verdict."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from talex.participants.credentials import numbers
from talex.participants.models import Delegate, Organisation, Person

#: Addresses that anybody can have.
FREE_MAIL = frozenset(
    {
        "126.com", "139.com", "163.com", "189.cn", "aliyun.com", "foxmail.com", "gmail.com",
        "gmx.de", "gmx.net", "hotmail.com", "icloud.com", "mail.com", "mail.ru", "msn.com",
        "outlook.com", "proton.me", "protonmail.com", "qq.com", "sina.cn", "sina.com", "sohu.com",
        "t-online.de", "web.de", "yahoo.com", "yandex.ru", "yeah.net",
    }
)  # fmt: skip


def signs(organisation: Organisation, edition: UUID) -> list[str]:
    """What the office should look at, in words; empty where nothing stands out."""
    found = []
    people = Person.objects.filter(
        delegacies__organisation=organisation,
        delegacies__edition_id=edition,
        delegacies__withdrawn_at__isnull=True,
    ).distinct()
    domains = {p.email.rpartition("@")[2].lower() for p in people if "@" in p.email}
    free = domains & FREE_MAIL
    if free:
        found.append(_("A free mail address is used: %(domains)s") % _joined(free))
    site = (urlsplit(organisation.website).hostname or "").removeprefix("www.").lower()
    others = {d for d in domains - FREE_MAIL if site and not _related(d, site)}
    if others:
        found.append(
            _("The mail address is not of the website's domain: %(domains)s, %(site)s")
            % {**_joined(others), "site": site}
        )
    if not organisation.website:
        found.append(_("There is no website."))
    if not organisation.registration_number:
        found.append(_("There is no registration number."))
    elif elsewhere := _same_elsewhere(organisation):
        found.append(
            _("Another register has the same number, of: %(names)s")
            % {"names": "; ".join(elsewhere)}
        )
    keys = {p.phone_key for p in people if p.phone_key}
    same = (
        Delegate.objects.filter(person__phone_key__in=keys, withdrawn_at__isnull=True)
        .exclude(organisation=organisation)
        .exclude(person__in=people)
        .select_related("organisation")
        .order_by("organisation__name_line")
    )
    if names := {str(one.organisation.name) for one in same[:20]}:
        found.append(
            _("The telephone number is also that of: %(names)s") % {"names": "; ".join(names)}
        )
    twins = Organisation.objects.exclude(pk=organisation.pk).filter(name_key=organisation.name_key)
    if organisation.name_key and twins.exists():
        found.append(_("Another organisation has the same name."))
    return found


def _same_elsewhere(organisation: Organisation) -> list[str]:
    """Those with this number in another country's register, or kept before it was told apart."""
    number = numbers.bare(organisation.registration_number)
    rows = Organisation.objects.exclude(pk=organisation.pk).filter(
        registration_number__istartswith=number
    )
    return sorted(
        str(one.name) for one in rows[:20] if numbers.bare(one.registration_number) == number
    )


def _joined(domains: set[str]) -> dict[str, str]:
    return {"domains": ", ".join(sorted(domains))}


def _related(domain: str, site: str) -> bool:
    return domain == site or domain.endswith(f".{site}") or site.endswith(f".{domain}")
