"""The conversation: settings, wiring, one turn, and the two front doors (page and command)."""
