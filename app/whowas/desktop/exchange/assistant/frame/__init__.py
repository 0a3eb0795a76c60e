"""The dialog of the assistant without its pages: heading, steps, notice and foot."""
