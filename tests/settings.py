"""The product's settings, as production has them but for what would slow tests down."""

import base64
import importlib
import os

# Set outright: a developer's own environment must not change what tests see. Only the two addresses of a
# PostgreSQL server are taken from it, and those are read in tests/databases.py.
os.environ.update(
    {
        "SECRET_KEY": "tests-only-" + "k" * 50,
        "MASTER_KEYS": "tests:" + base64.b64encode(bytes(range(32))).decode(),
        "WARM_HANDOFF_DEMO": "no",
        "SECURE_SSL_REDIRECT": "no",
        "SECURITY_CONTACT": "mailto:security@handoff.example",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }
)

# The product insists on an address; this run's own is known only once it has cloned a database.
_given = os.environ.get("DATABASE_URL")
os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1/not_cloned_yet"
_product = importlib.import_module("config.settings")
if _given is None:
    del os.environ["DATABASE_URL"]
else:
    os.environ["DATABASE_URL"] = _given
globals().update({name: getattr(_product, name) for name in dir(_product) if name.isupper()})

# The name is filled in once this run has cloned its own database (tests/conftest.py).
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "not_cloned_yet",
        "CONN_MAX_AGE": 0,
        "TEST": {"MIGRATE": False},
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# The journeys come over plain HTTP, where no browser takes a cookie with production's names.
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, DEVICE_COOKIE_NAME = "session", "csrf", "device"
