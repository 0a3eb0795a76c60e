"""The timeline: scale, axis, picture, slider and playing."""
