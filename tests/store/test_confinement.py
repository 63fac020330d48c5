import os
import subprocess
import sys
from pathlib import Path

import pytest

from vocab_server.store.confinement import run_with_deep_stack

MIB = 1024 * 1024

CONFINED = f"""
import os, socket, sys
from vocab_server.store.confinement import confine
denied = confine({64 * MIB}, parent=int(sys.argv[1]), files=1000)
"""


def run_confined(code: str, parent: int | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CONFINED + code, str(parent or os.getpid())],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_network_is_denied_here() -> None:
    assert run_confined("print(denied)").stdout == "True\n"


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"])
def test_no_socket_of_a_network_opens(family: str) -> None:
    ended = run_confined(f"socket.socket(socket.{family}, socket.SOCK_DGRAM)")
    assert "PermissionError" in ended.stderr


def test_names_are_not_looked_up() -> None:
    assert "gaierror" in run_confined("socket.getaddrinfo('example.org', 80)").stderr


def test_a_socket_within_the_machine_opens() -> None:
    assert run_confined("socket.socket(socket.AF_UNIX)").returncode == 0


def test_threads_started_before_are_confined_too() -> None:
    code = """
import os, socket, sys, threading
from vocab_server.store.confinement import confine
go = threading.Event()
thread = threading.Thread(target=lambda: (go.wait(), socket.socket()))
thread.start()
confine(10**9, parent=int(sys.argv[1]))
go.set()
thread.join()
"""
    ended = subprocess.run(
        [sys.executable, "-c", code, str(os.getpid())], capture_output=True, text=True, check=False
    )
    assert "PermissionError" in ended.stderr


@pytest.mark.parametrize(
    "code",
    ["os.execv('/bin/true', ['true'])", "os.kill(os.getppid(), 0)"],
    ids=["another program", "another process"],
)
def test_a_confined_process_reaches_nothing_else(code: str) -> None:
    assert "PermissionError" in run_confined(code).stderr


def test_io_uring_is_refused() -> None:
    code = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    ended = run_confined(code + "print(libc.syscall(425, 8, 0), ctypes.get_errno())")
    assert ended.stdout == "-1 13\n"


def test_memory_is_bounded() -> None:
    assert run_confined(f"bytearray({50 * MIB})").returncode == 0
    assert "MemoryError" in run_confined(f"bytearray({1000 * MIB})").stderr


def test_files_are_bounded(tmp_path: Path) -> None:
    file = tmp_path / "file"
    run_confined(f"open({str(file)!r}, 'wb', 0).write(bytes(5000))")
    assert file.stat().st_size == 1000


def test_a_process_whose_parent_died_early_ends() -> None:
    assert run_confined("print('goes on')", parent=1).stdout == ""


def test_a_deep_stack_holds_deep_recursion() -> None:
    def depth(left: int) -> int:
        return 0 if not left else 1 + max([depth(left - 1)], key=lambda found: found)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    try:
        assert run_with_deep_stack(lambda: depth(40_000)) == 40_000
    finally:
        sys.setrecursionlimit(limit)


def test_a_deep_stack_passes_on_what_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        run_with_deep_stack(lambda: 1 // 0)
