"""What takes too long for every run of the tests: Lighthouse, and axe over all screens. Run with ``make audit``."""
