"""The course as data: folders under `lessons/` become parts and steps."""

from tutor.course.goals import (
    AppGoal,
    ColumnGoal,
    ForeignKeyGoal,
    Goal,
    IndexGoal,
    KeptAs,
    ProbeGoal,
    RowsGoal,
    TableGoal,
)
from tutor.course.load import Course, lessons_folder
from tutor.course.patch import Edit, Patch
from tutor.course.step import CommandGoal, Part, Question, Requirement, Step

__all__ = [
    "AppGoal",
    "ColumnGoal",
    "CommandGoal",
    "Course",
    "Edit",
    "ForeignKeyGoal",
    "Goal",
    "IndexGoal",
    "KeptAs",
    "Part",
    "Patch",
    "ProbeGoal",
    "Question",
    "Requirement",
    "RowsGoal",
    "Step",
    "TableGoal",
    "lessons_folder",
]
