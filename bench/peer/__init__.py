"""Another questionnaire product, in an environment of its own, measured in the same rounds as ours."""
