"""What learners do beside the references: detours, dead ends, edits afterwards."""
