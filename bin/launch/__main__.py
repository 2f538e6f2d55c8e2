"""`python bin/launch demo|test ARGUMENTS`, as the shell scripts call it; `serve` is for demo itself."""

import sys
from pathlib import Path


def main() -> int:
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from launch import console, demo, suite

    program = {"demo": demo.main, "serve": demo.serve, "test": suite.main}[sys.argv[1]]
    return console.guard(program, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
