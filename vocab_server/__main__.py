"""The command ``vocab-server``, also as ``python -m vocab_server``."""

import gc
import os
import sys

# Blocks that a thread keeps of each size, instead of 7: an answer asks for many small ones, gives
# them back, and the next one asks for the same. Only of sizes up to 256 bytes, instead of 1032:
# many threads would keep much of the larger ones. mallopt(3) has no way to say this.
MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=100:glibc.malloc.tcache_max=256"}


def main() -> None:
    """Run a command. See ``vocab_server.cli.main``."""
    if (
        sys.argv[1:2] == ["serve"]
        and sys.platform == "linux"
        and not MEMORY.keys() & os.environ.keys()
    ):
        _begin_again()
    gc.disable()  # what is loaded now stays: nobody need look for garbage in it
    from vocab_server.cli import main as run  # which takes a second, and not twice

    gc.freeze()
    gc.enable()
    run()


def _begin_again() -> None:
    """Start this process anew: the C library reads its settings once, before anything else."""
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **MEMORY})  # noqa: S606  (ourselves)


if __name__ == "__main__":
    main()
