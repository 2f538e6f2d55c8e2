"""`python bin/launch demo|test ARGUMENTS`, as the two shell scripts call it."""

import sys
from pathlib import Path


def main() -> int:
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from launch import console, demo, suite

    program = {"demo": demo.main, "test": suite.main}[sys.argv[1]]
    return console.guard(program, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
