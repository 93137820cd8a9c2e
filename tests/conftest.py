"""What holds for all tests: property tests draw the same examples every time, so that a red run can be had again."""

from hypothesis import settings

settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")
