"""``vocab-server``, and ``python -m vocab_server``, which is the same."""

import gc


def start() -> None:
    """Run the command line; what is loaded for it stays, so that nobody looks for garbage in it."""
    gc.disable()
    from vocab_server.cli import main

    gc.freeze()
    gc.enable()
    main()


if __name__ == "__main__":
    start()
