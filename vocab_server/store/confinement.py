"""What a process that reads foreign input may still do: little memory, no network.

Why: a query or a file of a few kilobytes can make the RDF engine eat all memory, overflow the
stack, or call other servers, and the engine can neither be bounded nor interrupted from Python.
A process can: by resource limits, by a system call filter (seccomp, Linux), and by being killed.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from errno import EACCES
from typing import NamedTuple, TypeVar

T = TypeVar("T")

# 64 kB of query text, however nested, needs up to 125 MB of stack.
STACK = 256 * 1024 * 1024  # bytes
THREADS = 160 * 1024 * 1024  # bytes of address space that the engine's own threads reserve

# (*) A new process is up 5 ms sooner without pathlib.
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC = 1, 1
_M_ARENA_MAX = -8
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | EACCES, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF operations
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_AF_UNIX = 1
_X32 = 0x40000000  # the second table of system calls on x86_64


class _SystemCalls(NamedTuple):
    """What the kernel calls things on one kind of processor."""

    architecture: int
    seccomp: int
    socket: int
    # io_uring (which can open sockets past the filter), execve, execveat, kill, ptrace,
    # process_vm_readv, process_vm_writev, pidfd_getfd: ways out, and into other processes.
    refused: tuple[int, ...]


_SYSTEM_CALLS = {
    "x86_64": _SystemCalls(0xC000003E, 317, 41, (425, 59, 322, 62, 101, 310, 311, 438)),
    "aarch64": _SystemCalls(0xC00000B7, 277, 198, (425, 221, 281, 129, 117, 270, 271, 438)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def confine(memory: int, *, parent: int, files: int = 0) -> bool:
    """Give up, for good, what this process does not need; whether the network is denied.

    About ``memory`` bytes may be allocated beyond what is in use now, next to one deep stack; no
    file may be written beyond ``files`` bytes. The process dies with the process ``parent``, or at
    once when that is gone already. False means that this system cannot deny the network.
    """
    die_with(parent)
    _volunteer()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, files)
    _use_one_arena()
    _limit(resource.RLIMIT_AS, _virtual_size() + STACK + THREADS + memory)
    return _deny_network()


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies; exit when it is dead already.

    Linux tells by the thread that started the process: it must live as long as its process.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def run_with_deep_stack(function: Callable[[], T]) -> T:
    """What the function gives or raises, run in a thread that nested input does not overflow."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(function())
        except BaseException as error:
            failure.append(error)

    before = threading.stack_size(STACK)
    thread = threading.Thread(target=run)
    thread.start()
    threading.stack_size(before)
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


def _volunteer() -> None:
    """Be the one that the kernel kills when the machine runs out of memory, not the server."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123  (*)
        file.write("1000")


def _use_one_arena() -> None:
    """Have glibc reserve no 64 MiB of address space for each thread, which the bound counts."""
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _limit(kind: int, wanted: int) -> None:
    hard = resource.getrlimit(kind)[1]
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(ValueError, OSError):  # macOS has no bound of the address space
        resource.setrlimit(kind, (bound, bound))


def _virtual_size() -> int:
    """Bytes of address space in use, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123  (*)
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _deny_network() -> bool:
    calls = _SYSTEM_CALLS.get(os.uname().machine)
    if sys.platform != "linux" or calls is None:
        return False
    code = _filter(calls)
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    # TSYNC: threads that libraries have started already are held by the filter as well.
    mode, flags = _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC
    return bool(libc.syscall(calls.seccomp, mode, flags, ctypes.byref(program)) == 0)


def _filter(calls: _SystemCalls) -> bytes:
    """The program, in classic BPF, that the kernel runs before each system call."""
    refuse = _instruction(_RETURN, _REFUSE)
    steps = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_EQUAL, calls.architecture, then=1),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
        *(_instruction(_AT_LEAST, _X32, otherwise=1), refuse),
    ]
    for number in calls.refused:
        steps += [_instruction(_EQUAL, number, otherwise=1), refuse]
    steps += [
        _instruction(_EQUAL, calls.socket, otherwise=3),
        _instruction(_LOAD, _FIRST_ARGUMENT),
        _instruction(_EQUAL, _AF_UNIX, then=1),
        refuse,
        _instruction(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _instruction(operation: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; a test skips as many instructions as it says for its outcome."""
    return struct.pack("HBBI", operation, then, otherwise, value)
