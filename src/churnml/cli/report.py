"""`churnml report`."""

from churnml.cli.boundary import opened, refusals


def report() -> None:
    """The last run in a dozen lines."""
    with refusals():
        from churnml.report import summary

        params, house = opened()
        print(summary(params, house))
