"""The parts of the assistant's first page: what was detected, what each title becomes, and by which rules."""
