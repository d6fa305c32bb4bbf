"""Numbers of trained models -> evidence with intervals -> verdicts."""
