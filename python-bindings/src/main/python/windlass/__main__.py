"""`python -m windlass`."""

from windlass._launch import is_embedded, main

if is_embedded():
    raise SystemExit("windlass: this Python runs in the JVM already")
main()
