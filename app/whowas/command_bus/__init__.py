"""The write side: the bus takes commands, decides them in one unit of work, and appends their events."""
