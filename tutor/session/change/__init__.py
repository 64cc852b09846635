"""Commands that replace files and database: begin, reset, goto, solution, undo."""
