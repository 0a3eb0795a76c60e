"""The page of one open directory: it puts sections, table, panel and timeline together."""
