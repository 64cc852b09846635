"""The databases of one workspace: live, copies, dumps, roles and sessions."""
