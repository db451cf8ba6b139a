"""`churnml rules`."""

from churnml.cli.boundary import engine_for, opened, refusals, say


def rules() -> None:
    """What each rule of rules.yaml would have been worth at past cutoffs, and which to drop."""
    with refusals():
        from churnml.beside import run_rules
        from churnml.rules import report

        params, house = opened()
        said, judged = run_rules(params, house, engine_for(params.features.memory_limit))
        print(report(said, judged, params.calibrate.tiers[0].name, params.project.locale))
        say(f"details: {house.reports / 'rules.csv'}")
