"""Scripted conversations, played on the guide and on a scripted model, and judged by code: `make eval`.

A room of the house like `tests/`: it may look into every other room, and nothing of the product looks into it.
"""
