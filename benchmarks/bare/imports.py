"""Polars and Pydantic imported. `import pydantic` alone loads next to nothing of it."""

import polars
from pydantic import BaseModel, TypeAdapter

_ = (polars, BaseModel, TypeAdapter)
