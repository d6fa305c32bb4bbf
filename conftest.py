"""Wiring only: what `pytest .` would take for tests. The plugin registers itself."""

collect_ignore_glob = ["benchmarks/*", "reports/*"]
