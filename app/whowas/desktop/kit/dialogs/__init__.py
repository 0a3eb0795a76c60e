"""The parts that dialogs have in common."""
