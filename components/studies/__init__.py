"""Studies: several runs that are planned together, to learn what one setting does or to find better ones."""

from components.studies.study import (
    LIVE,
    Choices,
    NumberRange,
    Range,
    Search,
    SettingValue,
    Study,
    Sweep,
    Trial,
    TrialStatus,
    read_study,
    value_of,
    with_settings,
)

__all__ = [
    "LIVE",
    "Choices",
    "NumberRange",
    "Range",
    "Search",
    "SettingValue",
    "Study",
    "Sweep",
    "Trial",
    "TrialStatus",
    "read_study",
    "value_of",
    "with_settings",
]
