"""Documentation, and how its generated pages are made."""
