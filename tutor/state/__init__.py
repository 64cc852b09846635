"""The tutor's own state on disk: where it is, locks, progress."""
