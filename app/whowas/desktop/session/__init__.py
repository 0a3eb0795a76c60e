"""One open directory as the window uses it: jobs, questions, writing, and which moment and rows are shown."""
