"""Real keys and clicks on the virtual screen, through Xlib and its test extension; imported by the agent only."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

_NAMES = {"Ctrl": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L", "Enter": "Return", "Esc": "Escape"}
_REVERT_TO_PARENT = 2
_VIEWABLE = 2


class _Attributes(ctypes.Structure):
    """XWindowAttributes, as Xlib.h declares it."""

    _fields_ = [
        *((name, c_int) for name in ("x", "y", "width", "height", "border_width", "depth")),
        ("visual", c_void_p),
        ("root", c_ulong),
        *((name, c_int) for name in ("kind", "bit_gravity", "win_gravity", "backing_store")),
        *((name, c_ulong) for name in ("backing_planes", "backing_pixel")),
        ("save_under", c_int),
        ("colormap", c_ulong),
        *((name, c_int) for name in ("map_installed", "map_state")),
        *((name, c_long) for name in ("all_event_masks", "your_event_mask", "do_not_propagate_mask")),
        ("override_redirect", c_int),
        ("screen", c_void_p),
    ]


class Input:
    """Keyboard and mouse of the screen that DISPLAY names."""

    def __init__(self) -> None:
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._xtest = ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = c_void_p
        for function in ("XDefaultRootWindow", "XInternAtom", "XStringToKeysym"):
            getattr(self._x11, function).restype = c_ulong
        self._display = c_void_p(self._x11.XOpenDisplay(None))
        if self._display.value is None:
            raise RuntimeError("the screen cannot be reached")
        self._pid_atom = c_ulong(self._x11.XInternAtom(self._display, b"_NET_WM_PID", 0))

    def press(self, pid: int, combination: str) -> None:
        """Press a combination such as ``Ctrl+Shift+z`` or ``Page_Down`` in the uppermost window of a process."""
        codes = [self._code(name) for name in combination.split("+")]
        # The screen has no window manager that would give the keyboard to a window.
        self._x11.XSetInputFocus(self._display, c_ulong(self._window(pid)), _REVERT_TO_PARENT, c_ulong(0))
        for code, down in [(code, 1) for code in codes] + [(code, 0) for code in reversed(codes)]:
            self._xtest.XTestFakeKeyEvent(self._display, c_uint(code), down, c_ulong(0))
        self._x11.XSync(self._display, 0)

    def click(self, x: int, y: int) -> None:
        """Click the first button at a place on the screen, in pixels from its upper left corner."""
        self._xtest.XTestFakeMotionEvent(self._display, -1, x, y, c_ulong(0))
        for down in (1, 0):
            self._xtest.XTestFakeButtonEvent(self._display, c_uint(1), down, c_ulong(0))
        self._x11.XSync(self._display, 0)

    def hold(self, x: int, y: int) -> None:
        """Press the first button at a place, and move it a little, so that a drag begins."""
        self._xtest.XTestFakeMotionEvent(self._display, -1, x, y, c_ulong(0))
        self._xtest.XTestFakeButtonEvent(self._display, c_uint(1), 1, c_ulong(0))
        self.move(x + 4, y + 4)
        self.move(x, y)

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a place, whatever it carries."""
        self._xtest.XTestFakeMotionEvent(self._display, -1, x, y, c_ulong(0))
        self._x11.XSync(self._display, 0)

    def release(self) -> None:
        """Let go of the first button."""
        self._xtest.XTestFakeButtonEvent(self._display, c_uint(1), 0, c_ulong(0))
        self._x11.XSync(self._display, 0)

    def _code(self, name: str) -> int:
        symbol = self._x11.XStringToKeysym(_NAMES.get(name, name).encode())
        code = int(self._x11.XKeysymToKeycode(self._display, c_ulong(symbol))) if symbol else 0
        if code == 0:
            raise ValueError(f"no key “{name}” on this keyboard")
        return code

    def _window(self, pid: int) -> int:
        mine = [window for window in self._windows() if self._pid(window) == pid and self._takes_keys(window)]
        if not mine:
            raise RuntimeError("the application has no window on the screen")
        return mine[-1]

    def _windows(self) -> Iterator[int]:
        """Every window on the screen, from the lowest to the uppermost."""
        root, parent, count = c_ulong(), c_ulong(), c_uint()
        found = ctypes.POINTER(c_ulong)()
        top = c_ulong(self._x11.XDefaultRootWindow(self._display))
        self._x11.XQueryTree(self._display, top, byref(root), byref(parent), byref(found), byref(count))
        yield from found[: count.value]
        self._x11.XFree(found)

    def _pid(self, window: int) -> int:
        kind, form, count, left = c_ulong(), c_int(), c_ulong(), c_ulong()
        data = c_char_p()
        asked = (self._display, c_ulong(window), self._pid_atom, c_long(0), c_long(1), 0, c_ulong(0))
        self._x11.XGetWindowProperty(*asked, byref(kind), byref(form), byref(count), byref(left), byref(data))
        return int(ctypes.cast(data, ctypes.POINTER(c_ulong))[0]) if count.value else 0

    def _takes_keys(self, window: int) -> bool:
        """Not hidden, and neither a menu nor a tool tip."""
        attributes = _Attributes()
        self._x11.XGetWindowAttributes(self._display, c_ulong(window), byref(attributes))
        return bool(attributes.map_state == _VIEWABLE and not attributes.override_redirect)
