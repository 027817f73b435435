"""External actions of the automation engine: what a database cannot do itself."""

from py_actions.context import ActionContext
from py_actions.errors import Fail, Retry
from py_actions.registry import Action, action, catalogue, load

__all__ = ["Action", "ActionContext", "Fail", "Retry", "action", "catalogue", "load"]
