"""Serialtrail's server: every unit one identity and one history, from stock to sale and after."""
