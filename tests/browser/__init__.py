"""The screens in a real Chromium, on the built PWA and a real server with the demo data."""
