"""Pure edits of a questionnaire's document: a JSON value in, a JSON value out, or a refusal that says why."""
