"""The product's settings as they serve, with the bare view's address beside the others and a quiet log."""

import importlib
from pathlib import Path

_product = importlib.import_module("config.settings")
globals().update({name: getattr(_product, name) for name in dir(_product) if name.isupper()})

ROOT_URLCONF = "bench.urls"
# Everything is logged as it is when serving; to a file, because the figures go where the log would.
LOGGING = {
    **_product.LOGGING,
    "handlers": {
        "console": {
            "class": "logging.FileHandler",
            "filename": Path(_product.STATIC_ROOT).parent / "log",
            "mode": "w",
            "formatter": "line",
        }
    },
}
