"""``python -m vocab_server``: the command line without the installed script."""

from vocab_server.cli import main

if __name__ == "__main__":
    main()
