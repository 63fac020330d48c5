import subprocess
import sys


def test_a_server_process_loads_no_second_shacl_engine() -> None:
    code = "import sys, vocab_server.cli.served; print('pyshacl' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "False\n"
