"""The WSGI entry: `talex serve` and any other server start here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talex.settings.production")

application = get_wsgi_application()
