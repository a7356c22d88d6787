"""Every setting of the product, read from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.urls import reverse_lazy

from accounts import identity_providers
from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = environment.flag("WARM_HANDOFF_DEMO")
DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = (
    ["localhost", "127.0.0.1"] if DEMO else environment.names("ALLOWED_HOSTS", "localhost,127.0.0.1")
)
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS")
# Wraps each organization's data key. Never SECRET_KEY: the two are changed for different reasons.
MASTER_KEYS = environment.secret("MASTER_KEYS")
# Organizations whose people sign in through a provider of their own; docs/operating.md has the form.
SINGLE_SIGN_ON = identity_providers.parse(environment.secret("SINGLE_SIGN_ON", ""))

INSTALLED_APPS = [
    "config",
    "desk",
    "guidance",
    "referrals",
    "screening",
    "accounts",
    "privacy",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Outermost: whatever answers below, the browser gets these headers with it.
    "config.headers.Headers",
    "csp.middleware.CSPMiddleware",
    # The demonstration signs people in without a password: never from elsewhere, never on real data.
    *(["config.demo.guard.OnlyHere"] if DEMO else []),
    "django.middleware.security.SecurityMiddleware",
    "config.methods.Methods",
    "config.sizes.Sizes",
    "config.health.Health",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privacy.middleware.RequestTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactor",
    "accounts.middleware.CurrentPerson",
    "accounts.limits.SessionLimits",
    "privacy.middleware.OrganizationContext",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Innermost: it hears of an exception before anybody answers it.
    "privacy.middleware.TakenBack",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.product",
            ],
        },
    },
]

# The app's role serves requests and owns nothing. The owner's role exists only where migrations run.
DATABASES: dict[str, dict[str, Any]] = {
    "default": environment.database_at(environment.text("DATABASE_URL"), "DATABASE_URL")
}
if owner := environment.text("OWNER_DATABASE_URL", ""):
    DATABASES["owner"] = environment.database_at(owner, "OWNER_DATABASE_URL")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.People"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.KnownFromBreaches"},
    {"NAME": "accounts.passwords.MadeOfOwnWords"},
]
# Lines that begin with upper-case SHA-1 hashes, in order; looked up by bisection, never read whole.
BREACHED_PASSWORDS_FILE = environment.readable_file("BREACHED_PASSWORDS_FILE")
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("desk:home")
LOGOUT_REDIRECT_URL = reverse_lazy("account_login")

ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignIn",
    "change_password": "accounts.forms.sign_in.ChangePassword",
    "reset_password": "accounts.forms.sign_in.AskForReset",
    "reset_password_from_key": "accounts.forms.sign_in.NewPassword",
}
SOCIALACCOUNT_ADAPTER = "accounts.openid.NobodyNew"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
MFA_ADAPTER = "accounts.adapter.OwnFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
# A passkey stands for both factors: whoever holds the device also unlocks it.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1

# What allauth counts lives in the cache, for each process alone: accounts.attempts counts in rows instead.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
PASSWORD_RESET_TIMEOUT = 60 * 60

SESSION_ENGINE = "accounts.sessions"
# By the server's clock. Shorter where somebody wishes, never longer, never off.
SESSION_IDLE = timedelta(minutes=environment.within("SESSION_IDLE_MINUTES", 15, least=3, most=15))
SESSION_TOTAL = timedelta(hours=environment.within("SESSION_TOTAL_HOURS", 12, least=1, most=12))
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# With this prefix a browser takes a cookie from this very host alone, over HTTPS, for every path.
_PREFIX = "" if DEMO else "__Host-"
SESSION_COOKIE_NAME = f"{_PREFIX}session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = not DEMO
SESSION_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = f"{_PREFIX}device"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
# How many proxies of our own stand in front. Without one no header is believed: not for the address, not for
# HTTPS. With one it has to set X-Forwarded-Proto itself, whatever the client sent.
TRUSTED_PROXIES = environment.within("TRUSTED_PROXIES", 0, least=0, most=9)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", not DEMO)
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 0 if DEMO else environment.whole_number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", not DEMO)
SECURE_HSTS_PRELOAD = environment.flag("SECURE_HSTS_PRELOAD", not DEMO)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Scripts, styles, pictures and fonts are files of ours; nothing is inline, embedded or from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# Whom to tell of a weakness, for /.well-known/security.txt: mailto:, https:// or tel:, by commas.
SECURITY_CONTACT = environment.names("SECURITY_CONTACT", "mailto:security@demo.example" if DEMO else "")
SECURITY_POLICY = environment.text("SECURITY_POLICY", "")

# A section with every answer a scale can hold is far below these; a 10 MB field is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
# A body that says it is larger is refused unread; a smaller file that is too large is told beside its field.
LARGEST_REQUEST = 12_582_912

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English (United States)")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "build" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Each package's jobs.py declares its jobs. What the clock asks for is caught up for a day, once.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}
EMAIL_BACKEND = environment.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Warm Handoff <no-reply@localhost>")
# Where links in e-mails lead: a command has no request to take it from.
PUBLIC_ADDRESS = environment.text("PUBLIC_ADDRESS", "http://127.0.0.1:8000")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Where each audit chain ends is said whatever LOG_LEVEL is: it is kept elsewhere, as proof.
    "loggers": {
        "privacy.heads": {"level": "WARNING" if DEMO else "INFO"},
        # Django would also mail errors to ADMINS, with the values of the request.
        "django": {"handlers": [], "propagate": True},
        # Each job that starts and ends, and each task that it knows.
        "procrastinate": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
}
