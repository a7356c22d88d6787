"""The small questionnaire without vignettes: what is read is read by rules, gates and scores alone."""

import json
from typing import Any

from tests.factories import small_questionnaire

DOCUMENT: dict[str, Any] = {**small_questionnaire.DOCUMENT, "vignettes": []}
TEXT = json.dumps(DOCUMENT)
