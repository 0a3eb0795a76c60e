"""The read side: disposable tables and arrays folded from the event log, and the questions they answer."""
