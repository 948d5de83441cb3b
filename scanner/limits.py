"""What one picture may be, and what decoding it may cost."""

MAX_PIXELS = 25_000_000
"""Pixels of one picture, by its header; a phone's main camera has 12 million."""

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of one encoded picture."""

MAX_FRAMES = 8
"""Pictures of one burst."""

CHILD_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space of one decoding process. It holds 512 MiB at most; libraries reserve the rest."""

CHILD_CPU_SECONDS = 5
"""Processor time for one request of one to eight pictures."""

CHILD_NICE = 15
"""How far a decoding process stands back for others: scans are answered before pictures are read."""

CHILD_FILES = 16
"""Open files of one decoding process."""

REQUEST_SECONDS = 5.0
"""Wall-clock time for one request, counted from when a process takes it."""

START_SECONDS = 30.0
"""Wall-clock time for a decoding process to load its libraries."""

PICTURES_PER_CHILD = 200
"""Pictures after which a decoding process is replaced, against leaks and old memory."""

CHILDREN = 2
"""Decoding processes of one web process."""

BACKLOG = 20
"""Requests that may wait for a decoding process; the next one is turned away."""
