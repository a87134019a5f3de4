"""What the tests run: database files, quick passwords, mail kept in memory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# One folder a test process, pytest-xdist's workers each their own; the database itself is a file
# in it, never memory, because SQLite in memory does not behave like a file where several
# connections write. What a test starts finds the same folder in the environment.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_made_by = os.environ.get("TALEX_TEST_HOME_OF")
if "TALEX_HOME" not in os.environ or _made_by not in {None, _worker}:
    os.environ["TALEX_HOME"] = tempfile.mkdtemp(prefix=f"talex-test-{_worker}-")
    os.environ["TALEX_TEST_HOME_OF"] = _worker
    if os.environ.get("TALEX_KEEP_HOME") != "1":
        atexit.register(shutil.rmtree, os.environ["TALEX_HOME"], ignore_errors=True)
os.environ.setdefault("TALEX_SECRET_KEY", "test-key-not-secret")

from talex.settings.base import *  # noqa: E402, F403
from talex.settings.base import DATABASES, HOME  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(HOME) / "test.sqlite3")}
DATABASES["default"].pop("CONN_MAX_AGE", None)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
# Tests that are about limits switch them on.
TALEX_RATES_ON = False
