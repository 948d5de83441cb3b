"""The embedded server: one process that serves this computer and, over HTTPS, the phones around it."""
