"""What a person types: `python -m sandbox` for the page, `python -m sandbox demo` for the story."""

import argparse
import sys
from collections.abc import Sequence

from sandbox import demo, host


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what is asked for and returns its exit status."""
    chosen = _parser().parse_args(arguments)
    return demo.play() if chosen.what == "demo" else host.show(chosen.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Tries everything on this machine, with no account."
    )
    parser.add_argument("--port", type=int, default=8484, help="where the page is (default 8484)")
    what = parser.add_subparsers(dest="what", metavar="[demo]")
    what.add_parser("demo", help="play a story through the stand-ins and print the channel instead")
    return parser


if __name__ == "__main__":
    sys.exit(main())
