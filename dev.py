"""The one command: `python3 dev.py serve | test | build | bench NAME`.

Holds nothing but the check that this Python is new enough, so that an old one still reads the file and says so.
Everything else stands in `devtools/`, which uses only the standard library.
"""

import sys

OLDEST = (3, 11, 5)

if sys.version_info < OLDEST:
    sys.exit(
        "dev.py: Python 3.11.5 or newer is needed, but this is Python %d.%d.%d (%s); run dev.py with a newer one."
        " With uv: uv run --no-project --python 3.13 dev.py serve"
        % (sys.version_info[0], sys.version_info[1], sys.version_info[2], sys.executable)
    )

if __name__ == "__main__":
    from devtools.commands import main

    sys.exit(main(sys.argv[1:]))
