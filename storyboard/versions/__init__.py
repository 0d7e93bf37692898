"""Two or three versions of one storyboard: what changed, shot by shot, and how both sides' changes go together."""
