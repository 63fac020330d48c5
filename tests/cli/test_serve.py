import subprocess
import sys


def test_a_server_process_loads_nothing_that_only_commands_use() -> None:
    code = "import sys, vocab_server.cli.served; print({'pyshacl', 'rich'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "set()\n"
