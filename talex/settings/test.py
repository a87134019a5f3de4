"""What the tests run: database files, quick passwords, mail kept in memory."""

import os
import tempfile
from pathlib import Path

# One folder a test process; the database itself is a file in it, never memory, because
# SQLite in memory does not behave like a file where several connections write.
os.environ.setdefault("TALEX_HOME", tempfile.mkdtemp(prefix="talex-test-"))
os.environ.setdefault("TALEX_SECRET_KEY", "test-key-not-secret")

from talex.settings.base import *  # noqa: F403
from talex.settings.base import DATABASES, HOME

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(HOME) / "test.sqlite3")}
DATABASES["default"].pop("CONN_MAX_AGE", None)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
