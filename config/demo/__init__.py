"""The demonstration: `manage.py demo` serves an invented network to whoever sits at this computer."""
