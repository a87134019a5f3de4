"""What every installation shares."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from talex.settings import channels, environment, signing_in

PACKAGE = Path(__file__).resolve().parent.parent
HOME = environment.home()
SECRET_KEY = environment.secret_key(HOME)

DEBUG = environment.flag("TALEX_DEBUG")
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("TALEX_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TALEX_ORIGINS", "").split(",") if o]
# Where the installation is reached from outside: links in mails and calendars.
TALEX_URL = os.environ.get("TALEX_URL", "http://127.0.0.1:8000").rstrip("/")
# Sign-in links for every role: only where the data is a rehearsal (make demo).
TALEX_REHEARSAL_SIGN_IN = environment.flag("TALEX_REHEARSAL_SIGN_IN")
# Whether an organiser of one edition may make another; site administrators always may.
TALEX_ORGANISERS_MAY_CREATE = environment.flag("TALEX_ORGANISERS_MAY_CREATE")
# The key of a remote embedding service (talex embedder use remote), or the file that holds it.
TALEX_EMBEDDER_KEY = os.environ.get("TALEX_EMBEDDER_KEY", "")
TALEX_EMBEDDER_KEY_FILE = os.environ.get("TALEX_EMBEDDER_KEY_FILE", "")
# Where files that people give are scanned for malware: tcp://host:3310, unix:///run/clamd.ctl.
TALEX_CLAMD_URL = environment.clamd("TALEX_CLAMD_URL")
# Days after its decision that the papers of a verification are kept; the decision stays.
TALEX_EVIDENCE_DAYS = environment.number("TALEX_EVIDENCE_DAYS", 90)
TALEX_UPLOAD_LIMIT = environment.number("TALEX_UPLOAD_LIMIT", 200 * 1024 * 1024)

DATABASES = {
    "default": environment.database(
        os.environ.get("TALEX_DATABASE_URL", f"sqlite:///{HOME / 'talex.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the order of DESIGN 2: a room may use those above it in this list. The ui comes first where
# templates are looked up, so that its pages win over allauth's.
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
    "talex.core",
    "talex.ui",
    "talex.ledger",
    "talex.accounts",
    "talex.editions",
    "talex.evidence",
    "talex.participants",
    "talex.participants.importing",
    "talex.participants.looking",
    "talex.participants.registering",
    "talex.participants.credentials",
    "talex.participants.cohorts",
    "talex.participants.belonging",
    "talex.participants.reach",
    "talex.programme",
    "talex.meetings",
    "talex.fair",
    "talex.fair.conversations",
    "talex.fair.publishing",
    "talex.fair.collecting",
    "talex.bulletin",
    "talex.messages",
    "talex.messages.webhooks",
    "talex.messages.campaigns",
    "talex.messages.bounces",
    "talex.rehearsing",
    "talex.web",
    "talex.api",
    "talex.cli",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.weixin",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "talex.ui.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "talex.accounts.middleware.ActorMiddleware",
    "talex.editions.middleware.EditionMiddleware",
    "talex.ui.middleware.ErrorPagesMiddleware",
    "talex.accounts.middleware.ProvidersMiddleware",
    "talex.web.nowhere.UnreadMiddleware",
    "talex.web.nowhere.NulMiddleware",
    "talex.web.limiting.LimitsMiddleware",
    "talex.web.nowhere.PanicMiddleware",
]

ROOT_URLCONF = "talex.web.urls"
WSGI_APPLICATION = "talex.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "talex.ui.context.ui",
            ],
            "builtins": ["talex.ui.templatetags.ui_tags", "django.templatetags.i18n"],
        },
    },
]
FORM_RENDERER = "talex.ui.forms.TalexFormRenderer"

# Languages. Another one is a catalogue more (docs/operators/languages.md).
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English")), ("de", _("German"))]
LANGUAGE_COOKIE_NAME = "talex_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
# Before the catalogues of every app: Django's own words some of the same texts otherwise.
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
FORMAT_MODULE_PATH = ["talex.ui.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
# Whitenoise serves what the apps carry; collecting is not needed to run.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Accounts.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_ADAPTER = "talex.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "talex.accounts.forms.SignupForm",
    "request_login_code": "talex.accounts.forms.RequestCodeForm",
    "confirm_login_code": "talex.accounts.forms.ConfirmCodeForm",
    "verify_phone": "talex.accounts.forms.ConfirmPhoneForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# Only in the browser that just signed up (allauth keeps it in the session): there one goes on.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# A second line behind talex.web.limiting, which counts over all processes. As generous for an
# address: a whole hall comes from one.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "300/10m/ip",
    "login_failed": "300/10m/ip,10/5m/key",
    "signup": "300/h/ip",
    "reset_password": "300/h/ip,5/m/key",
    "request_login_code": "300/h/ip,3/m/key",
    "change_phone": "6/m/user",
    "verify_phone": "300/h/ip,1/30s/key",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Whoever owns the account hears of every change of its password, addresses and factors.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Time for a mail that comes late (greylisting); a code is good for three tries.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 15 * 60
# How often another one may be asked for is counted by the hour (talex.accounts.codes): allauth
# would take the request after its last one for a wrong code.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = 1000
# Signing in through others: each is off until the operator sets it up.
SOCIALACCOUNT_PROVIDERS = signing_in.providers()
SOCIALACCOUNT_ADAPTER = "talex.accounts.social.SocialAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "talex.accounts.forms.SocialSignupForm",
    "disconnect": "talex.accounts.forms.DisconnectForm",
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
# A way in is only added or taken away by who shows anew who they are.
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# Telephone numbers of this country may be typed without its code.
TALEX_PHONE_REGION = signing_in.region("TALEX_PHONE_REGION")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Talex: "
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TALEX_URL.startswith("http://")
MFA_FORMS = {
    "add_webauthn": "talex.accounts.forms.AddKeyForm",
    "edit_webauthn": "talex.accounts.forms.EditKeyForm",
    "authenticate": "talex.accounts.forms.SecondStepForm",
    "reauthenticate": "talex.accounts.forms.SecondStepAgainForm",
}
MFA_TOTP_ISSUER = "Talex"

# Mail: printed where none is set up, so that a demo shows it.
for _key, _value in environment.mail(os.environ.get("TALEX_MAIL_URL", "console://")).items():
    globals()[_key] = _value
# Other ways out, each off until it is set up; {} where it is.
TALEX_SMS = channels.sms()
TALEX_WECHAT = channels.wechat()
TALEX_WECOM = channels.wecom()
# Mails that come back: the address they go to, the mailbox they are read from ({}: none).
TALEX_BOUNCE_ADDRESS = channels.bounce_address()
TALEX_BOUNCES = channels.bounces()
# Whether webhooks may go into the own network, and without https.
TALEX_WEBHOOKS_PRIVATE = environment.flag("TALEX_WEBHOOKS_PRIVATE")
# Days without success after which a webhook is switched off.
TALEX_WEBHOOKS_FAILING_DAYS = environment.number("TALEX_WEBHOOKS_FAILING_DAYS", 5)
# Days that the log of sent messages is kept.
TALEX_MESSAGES_KEPT_DAYS = environment.number("TALEX_MESSAGES_KEPT_DAYS", 180)
DEFAULT_FROM_EMAIL = os.environ.get("TALEX_MAIL_FROM", "Talex <talex@localhost>")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A job whose worker has not been heard of for this long is queued again (seconds).
TALEX_JOB_LEASE = 60
TALEX_JOB_ATTEMPTS = 3

# Security. Which proxies' X-Forwarded-For is believed, and how often what may be done.
TALEX_REDIS_URL = os.environ.get("TALEX_REDIS_URL", "")
TALEX_TRUSTED_PROXIES = environment.networks("TALEX_TRUSTED_PROXIES")
TALEX_RATES = environment.rates("TALEX_RATES")
TALEX_RATES_ON = environment.flag("TALEX_RATES_ON", True)
CSRF_FAILURE_VIEW = "talex.ui.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TALEX_URL.startswith("https://")
if TALEX_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # One year. Subdomains are the operator's to decide on (TALEX_HSTS_SUBDOMAINS).
    SECURE_HSTS_SECONDS = environment.number("TALEX_HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("TALEX_HSTS_SUBDOMAINS")
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Cameras read badges, keys sign in; no page of ours asks for anything else.
TALEX_PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

if TALEX_REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": TALEX_REDIS_URL,
        }
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "talex": {"handlers": ["stderr"], "level": os.environ.get("TALEX_LOG_LEVEL", "INFO")},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}

# What the environment says that cannot be used; see there.
TALEX_MISFITS = environment.MISFITS
