"""The WSGI entry: `talex serve` and any other server start here."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talex.settings.production")

application = get_wsgi_application()

if settings.TALEX_MISFITS:
    raise ImproperlyConfigured(
        "These variables cannot be used, see `talex doctor`: "
        + ", ".join(one.name for one in settings.TALEX_MISFITS)
    )
