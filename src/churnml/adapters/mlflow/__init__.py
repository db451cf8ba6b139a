"""MLflow remembers what ran: one run per executed stage, under one parent per pipeline; models; what may be asked later.

Importing MLflow takes seconds, so it is imported where it is used.
"""

from churnml.adapters.mlflow.deliver import deliver
from churnml.adapters.mlflow.memory import MlflowMemory
from churnml.adapters.mlflow.registry import fetch
from churnml.adapters.mlflow.store import MlflowStore, resolved, without_password

__all__ = ["MlflowMemory", "MlflowStore", "deliver", "fetch", "resolved", "without_password"]
