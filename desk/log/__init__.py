"""The audit log as people read it: who looked at a client, and a lead's list and export."""
