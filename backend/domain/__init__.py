"""The rules: frozen dataclasses and pure functions that know no framework and no database."""
