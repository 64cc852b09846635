"""What runs in the learner's interpreter: their models, their revisions and their app.

Nothing here imports the tutor: the folder is run by its path (`__main__`) under a name of its own,
so that no file in the workspace can stand in its way. The wire to the parent is in `wire`.
"""
