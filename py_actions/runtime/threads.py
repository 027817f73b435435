"""Threads that can be left behind: a call that never returns must not keep the process alive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any

_Box = SimpleQueue[tuple[Future[Any], Callable[[], Any]]]


class DaemonThreads(Executor):
    """An executor without a limit of its own, whose idle threads serve again, last one first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._idle: list[_Box] = []
        self._lock = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the call in a thread at once."""
        future: Future[Any] = Future()
        with self._lock:
            box = self._idle.pop() if self._idle else self._start()
        box.put((future, lambda: fn(*args, **kwargs)))
        return future

    def _start(self) -> _Box:
        box: _Box = SimpleQueue()
        threading.Thread(target=self._serve, args=(box,), name=self._name, daemon=True).start()
        return box

    def _serve(self, box: _Box) -> None:
        while True:
            future, call = box.get()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
            del future, call
            with self._lock:
                self._idle.append(box)
