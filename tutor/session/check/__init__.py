"""`tutor check`, and what a pass leads to."""
