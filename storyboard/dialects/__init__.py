"""The same storyboard in other people's notations, in and out; one notation, one module."""
