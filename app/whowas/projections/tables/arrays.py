"""The types of the arrays in which rows come from the read model."""

from __future__ import annotations

from typing import Any

import numpy as np

# Spelled out because importing numpy.typing costs a start-up as much as a fifth of numpy itself.
Int64 = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]


Int32 = np.ndarray[tuple[Any, ...], np.dtype[np.int32]]
