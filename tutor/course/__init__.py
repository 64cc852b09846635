"""The course as data: folders under `lessons/` become parts and steps."""

from tutor.course.load import Course, lessons_folder
from tutor.course.step import (
    AppGoal,
    ColumnGoal,
    ForeignKeyGoal,
    IndexGoal,
    Level,
    Part,
    Patch,
    Question,
    RowsGoal,
    Step,
    TableGoal,
    TrialGoal,
)

__all__ = [
    "AppGoal",
    "ColumnGoal",
    "Course",
    "ForeignKeyGoal",
    "IndexGoal",
    "Level",
    "Part",
    "Patch",
    "Question",
    "RowsGoal",
    "Step",
    "TableGoal",
    "TrialGoal",
    "lessons_folder",
]
