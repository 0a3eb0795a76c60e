"""The table of users: model, view, columns, and how a cell is painted."""
