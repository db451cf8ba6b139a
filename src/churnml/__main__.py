"""`python -m churnml`."""

from churnml.cli.app import main

main()
