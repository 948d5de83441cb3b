"""Starts ``serialtrail serve`` again and again, each time in a new process forked from this one.

Importing everything takes two seconds of a processor, starting with everything imported a fraction of one. So
this process imports, and for each line on its standard input forks a child that is the command from its first
line on: it binds, opens the database as the killed one left it, and serves. Prints the pid of each child and,
when it has ended, how.
"""

import os
import sys


def start_again_and_again() -> None:
    import gevent
    from gevent import monkey

    monkey.patch_all()

    import backend.app
    import backend.serving.command  # noqa: F401
    from backend.__main__ import main

    # gevent's would begin an event loop here, and the children would share it.
    fork, waitpid = monkey.get_original("os", ["fork", "waitpid"])
    for line in sys.stdin:
        log, *arguments = line.split()
        pid = fork()
        if not pid:
            gevent.reinit()
            _write_to(log)
            sys.argv = ["serialtrail", "serve", *arguments]
            try:
                main()
            finally:
                os._exit(0)
        print(pid, flush=True)
        _, status = waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _write_to(log: str) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())


if __name__ == "__main__":
    start_again_and_again()
