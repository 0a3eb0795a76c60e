"""The timeline: scale, axis, picture, slider and playback."""
