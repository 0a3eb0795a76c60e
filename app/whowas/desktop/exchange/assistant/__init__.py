"""The assistant that takes files in: its pages, and the conversation that leads from one to the other."""
