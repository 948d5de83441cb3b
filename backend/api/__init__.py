"""The HTTP interface: blueprints with their request schemas."""
