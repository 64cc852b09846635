"""The course as data: folders under `lessons/` become parts and steps."""

from tutor.course.load import Course, lessons_folder
from tutor.course.step import (
    AppGoal,
    ColumnGoal,
    CommandGoal,
    ForeignKeyGoal,
    IndexGoal,
    KeptAs,
    Level,
    Part,
    Patch,
    Question,
    Requirement,
    RowsGoal,
    Step,
    TableGoal,
    TrialGoal,
)

__all__ = [
    "AppGoal",
    "ColumnGoal",
    "CommandGoal",
    "Course",
    "ForeignKeyGoal",
    "IndexGoal",
    "KeptAs",
    "Level",
    "Part",
    "Patch",
    "Question",
    "Requirement",
    "RowsGoal",
    "Step",
    "TableGoal",
    "TrialGoal",
    "lessons_folder",
]
