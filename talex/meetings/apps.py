from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# The pages about one meeting: each of them for its people and for the office.
ABOUT_ONE = (
    "meetings:cancel",
    "meetings:move",
    "meetings:outcome",
    "meetings:propose",
    "fair:say",
    "fair:record",
    "fair:take_back",
)


class MeetingsConfig(AppConfig):
    name = "talex.meetings"
    label = "meetings"

    def ready(self) -> None:
        from talex.core import registries
        from talex.core.jobs.ticks import register_tick
        from talex.editions.next_steps import register_next_steps
        from talex.ledger.words import name_events
        from talex.meetings import (  # noqa: F401  (tasks: the job)
            ports,
            proposals,
            reminding,
            rules,
            search,
            steps,
            tasks,
            telling,
        )
        from talex.meetings.event_names import EVENT_NAMES
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        ports.register()
        telling.register()
        reminding.register()
        register_tick("meetings.tomorrow", 600, reminding.remind)
        registries.search.register(search.MeetingSource())
        register_tick("meetings.proposals", 30, proposals.expire_due)
        register_next_steps(steps.steps)
        register(
            NavItem(
                key="agenda",
                label=_("My agenda"),
                url_name="meetings:agenda",
                icon="calendar",
                section="main",
                order=20,
                also=("meetings:meetings", "meetings:meeting", *ABOUT_ONE),
                visible=lambda actor, edition: rules.has_agenda(actor, edition.id),
            )
        )
        register(
            NavItem(
                key="meetings",
                label=_("Meetings"),
                url_name="meetings:meetings",
                icon="users",
                section="fair",
                order=40,
                also=("meetings:agenda_of", *ABOUT_ONE),
                visible=lambda actor, edition: rules.can_audit_meetings(actor, edition.id),
            )
        )
        register(
            NavItem(
                key="timetable",
                label=_("Timetable"),
                url_name="meetings:timetable",
                icon="clock",
                section="fair",
                order=41,
                visible=lambda actor, edition: rules.can_schedule(actor, edition.id),
            )
        )
