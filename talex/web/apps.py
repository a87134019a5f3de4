"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WebConfig(AppConfig):
    name = "talex.web"
    label = "web"

    def ready(self) -> None:
        from talex.core.views import set_job_page
        from talex.editions.rules import can_audit, is_office
        from talex.ui.nav import NavItem, register
        from talex.web.board.providers import PROVIDERS
        from talex.web.board.registry import register_attention
        from talex.web.home import may_enter

        set_job_page("web/job.html")
        for provider in PROVIDERS:
            register_attention(provider)
        register(
            NavItem(
                key="home",
                label=_("What to do next"),
                url_name="web:edition_home",
                icon="home",
                section="main",
                order=1,
                visible=lambda actor, edition: edition is not None and may_enter(actor, edition),
            )
        )
        register(
            NavItem(
                key="board",
                label=pgettext_lazy("navigation", "Board"),
                url_name="web:board",
                icon="table",
                section="main",
                order=5,
                visible=lambda actor, edition: edition is not None and can_audit(actor, edition.pk),
            )
        )
        register(
            NavItem(
                key="retention",
                label=_("What is kept how long"),
                url_name="web:retention",
                icon="lock",
                section="admin",
                order=65,
                visible=lambda actor, edition: is_office(actor, edition.pk),
            )
        )
        register(
            NavItem(
                key="jobs",
                label=_("Jobs"),
                url_name="web:jobs",
                icon="history",
                section="admin",
                order=70,
                visible=lambda actor, edition: is_office(actor, edition.pk),
            )
        )
