"""One file per verb: parse, call, say, and turn refusals into exit codes."""
