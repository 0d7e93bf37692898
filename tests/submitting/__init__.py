"""The room between ways in and jobs: the desk, its offers and what they say."""
