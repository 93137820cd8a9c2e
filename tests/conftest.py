"""What holds for all tests: property tests draw the same examples every time, so that a red run can be had again."""

import os

from hypothesis import settings

# `make test` fills the cores with processes: threads besides only get in their way.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")
