"""The sidebar: sections and groups with their counts."""
