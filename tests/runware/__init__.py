"""The wire: what is sent, and what answers mean."""
