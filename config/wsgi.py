"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from config import database_log, logs, lost_keys, role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
logs.begin()

application = get_wsgi_application()
# Not in AppConfig.ready: that runs for every command, before a database may be asked.
role.refuse_a_mighty_one()
database_log.warn_where_it_tells()
lost_keys.refuse_lost_keys()
