"""How gunicorn serves the product, in the demonstration as in production."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "config.worker.Worker"
threads = 4
timeout = 60
graceful_timeout = 10
# Which proxy is believed about HTTPS and addresses is said once, by TRUSTED_PROXIES (config/settings.py).
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# A worker is replaced now and then, so that nothing grows for ever.
max_requests = 5_000
max_requests_jitter = 500
# No access log: what was read, by whom, is in the audit log.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
# Its own lines would quote what was sent, and the messages of exceptions.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"handlers": [], "level": "INFO"},
    "formatters": {"generic": {"()": "config.logs.Line"}},
    "handlers": {"said": {"class": "logging.StreamHandler", "formatter": "generic"}},
    "loggers": {
        name: {"level": loglevel.upper(), "handlers": ["said"], "propagate": False}
        for name in ("gunicorn.error", "gunicorn.access")
    },
}
