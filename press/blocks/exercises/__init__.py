"""Exercises: questions whose answers the page and `grade` check, and tasks solved in Python."""

from press.blocks.exercises.exercise import Exercise
from press.blocks.exercises.task import Task

__all__ = ["Exercise", "Task"]
