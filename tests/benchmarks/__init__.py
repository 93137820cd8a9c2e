"""What the product promises in numbers, measured part by part on this machine: `make bench`, kept in docs/BENCHMARKS.md.

A room of the house like `tests/`: it may look into every other room, and nothing of the product looks into it.
"""
