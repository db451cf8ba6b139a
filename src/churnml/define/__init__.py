"""What each definition of leaving would mean on these tables, before anyone trains. Read-only."""

from churnml.define.events import inactivity_of
from churnml.define.stage import Defined, define

__all__ = ["Defined", "define", "inactivity_of"]
