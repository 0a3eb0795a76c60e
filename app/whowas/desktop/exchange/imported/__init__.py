"""An import that was made: what it did to whom, and undoing it for all or for some users."""
