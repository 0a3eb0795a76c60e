"""The rows of a preview, as a job finds them: their order, what can be found in them, how many users they concern."""
