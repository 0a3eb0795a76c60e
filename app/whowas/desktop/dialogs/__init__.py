"""The dialogs: each takes plain values, and keeps the answer until it is asked for."""
