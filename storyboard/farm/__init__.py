"""The same jobs on many machines: one task for each storyboard, on Procrastinate and PostgreSQL."""
