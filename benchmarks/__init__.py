"""Measurements of evpact: how well it extracts (`score`), how fast (`speed`)."""
