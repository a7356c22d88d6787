"""The fixed words of documents and findings."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of answer a question takes."""

    YES_NO = "yes_no"
    ONE_CHOICE = "one_choice"
    MANY_CHOICES = "many_choices"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    ENTRIES = "entries"


class Level(StrEnum):
    """How pressing a consideration is."""

    URGENT = "urgent"
    DISCUSS = "discuss"
    INFORM = "inform"


class ScoreKind(StrEnum):
    """How a score is made from its items."""

    SUM = "sum"
    MEAN = "mean"


class Basis(StrEnum):
    """Where a criterion comes from."""

    PUBLISHED = "published"
    PRODUCT_DEFAULT = "product_default"


class Read(StrEnum):
    """How well a source was read."""

    YES = "yes"
    SECONDARY = "secondary"
    NO = "no"


class Outcome(StrEnum):
    """What the recorded answers say about an indication."""

    INDICATORS_PRESENT = "indicators_present"
    INDICATORS_NOT_PRESENT = "indicators_not_present"
    NOT_ENOUGH_INFORMATION = "not_enough_information"


class CriterionState(StrEnum):
    """What the recorded answers say about one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    PROVIDER_JUDGES = "provider_judges"


class ConsiderationState(StrEnum):
    """What the recorded answers say about one consideration."""

    RAISED = "raised"
    NOT_RAISED = "not_raised"
    NOT_ASSESSED = "not_assessed"


class ScopeState(StrEnum):
    """Whether the questionnaire is for this person."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
