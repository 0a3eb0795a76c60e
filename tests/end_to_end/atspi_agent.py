"""The screen reader's side of the accessibility bus: one JSON request a line in, one JSON answer a line out.

Runs under the system's Python, which alone has the AT-SPI bindings, so it imports nothing of the tests. A request
is ``{"do": COMMAND, "pid": …, "target": {"roles": […], "name"|"pattern": …, "within": TARGET}, …}``; the answer is
``{"ok": VALUE}`` or ``{"error": "missing"|"busy"|"failed", "message": …}``. Controls are looked up anew for each
request, as a person looks at the screen, so no handle goes stale.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import gi
from x11_input import Input

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# Milliseconds an application may take to answer one question before it counts as busy.
PATIENCE = 2000
# Going through every cell of a big table would take minutes; cells are reached by row and column.
MOST_CHILDREN = 300
UNWALKED = ("table", "tree table", "tree")
INPUT = Input()
CALLED_OTHERWISE = {"push button": "button"}

Node = Any
Request = dict[str, Any]


class Missing(Exception):
    """What was asked for is not on the screen (yet)."""


def application(request: Request) -> Node:
    """The application whose process was started by the test."""
    desktop = Atspi.get_desktop(0)
    for node in children(desktop):
        if node.get_process_id() == request["pid"]:
            # Nobody runs an event loop here, so a cache would never hear of a change.
            node.set_cache_mask(Atspi.Cache.NONE)
            return node
    raise Missing("the application has no window on the accessibility bus")


def children(node: Node) -> Iterator[Node]:
    """The node's children that still exist."""
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def walk(root: Node, hidden: bool) -> Iterator[Node]:
    """Everything below a node, nearest first; what does not show is left out with all in it unless ``hidden``."""
    waiting = deque([root])
    while waiting:
        for node in children(waiting.popleft()):
            if hidden or shows(node):
                yield node
                if role(node) not in UNWALKED and node.get_child_count() <= MOST_CHILDREN:
                    waiting.append(node)


def shows(node: Node) -> bool:
    return bool(node.get_state_set().contains(Atspi.StateType.SHOWING))


def role(node: Node) -> str:
    name = node.get_role_name()
    return CALLED_OTHERWISE.get(name, name)


def find(request: Request, target: Request | None = None) -> Node:
    """The control a target describes: by roles and by its whole name or a pattern for it."""
    target = target or request["target"]
    root = find(request, target["within"]) if target.get("within") else application(request)
    pattern = re.compile(target["pattern"] if target.get("pattern") else re.escape(target["name"]))
    for node in walk(root, target.get("hidden", False)):
        if role(node) in target["roles"] and pattern.fullmatch(node.get_name()):
            return node
    raise Missing(f"no {' or '.join(target['roles'])} “{target.get('pattern') or target['name']}”")


def describe(request: Request) -> Request:
    node = find(request)
    states = [state.value_nick for state in node.get_state_set().get_states()]
    return {"role": role(node), "name": node.get_name(), "description": node.get_description(), "states": states}


def windows(request: Request) -> list[str]:
    return [node.get_name() for node in children(application(request)) if shows(node)]


def names(request: Request) -> list[str]:
    """The names of all controls of these roles that show, in the order of the screen reader."""
    wanted = request["target"]
    root = find(request, wanted["within"]) if wanted.get("within") else application(request)
    hidden = wanted.get("hidden", False)
    return [node.get_name() for node in walk(root, hidden) if role(node) in wanted["roles"]]


def press(request: Request) -> None:
    """Do what the control is for: its first action that is more than taking the focus."""
    node = find(request)
    actions = [Atspi.Action.get_action_name(node, index) for index in range(Atspi.Action.get_n_actions(node))]
    useful = [index for index, name in enumerate(actions) if name != "Set Focus"]
    if not node.get_state_set().contains(Atspi.StateType.ENABLED):
        raise Missing("it is disabled")
    if not useful:
        # A control that was disabled when it was found may have been enabled since: worth another look.
        raise Missing(f"it offers no action but {actions}")
    try:
        Atspi.Action.do_action(node, useful[0])
    except GLib.Error as error:
        # It was delivered all the same; asking again would press twice.
        if "timeout" not in error.message and "reply" not in error.message:
            raise


def press_and_see(request: Request) -> float:
    """Press a control; return after how many seconds a cell of another program's table has a text.

    Both are looked up before, as that takes longer than what is measured.
    """
    shown = request["shown"]
    node, seen = find(request), find(shown)
    actions = [Atspi.Action.get_action_name(node, index) for index in range(Atspi.Action.get_n_actions(node))]
    useful = [index for index, name in enumerate(actions) if name != "Set Focus"]
    if not useful or not node.get_state_set().contains(Atspi.StateType.ENABLED):
        raise Missing("it cannot be pressed")
    begun = time.monotonic()
    Atspi.Action.do_action(node, useful[0])
    while cell(seen, shown["row"], shown["column"]) != shown["text"]:
        if time.monotonic() - begun > shown["seconds"]:
            raise RuntimeError(f"no “{shown['text']}” within {shown['seconds']} s")
        time.sleep(0.002)
    return time.monotonic() - begun


def text(request: Request) -> str:
    return str(Atspi.Text.get_text(find(request), 0, -1))


def set_text(request: Request) -> None:
    node = find(request)
    if not node.get_state_set().contains(Atspi.StateType.EDITABLE):
        raise RuntimeError("it is read-only")
    Atspi.EditableText.set_text_contents(node, request["text"])


def value(request: Request) -> list[float]:
    node = find(request)
    asked = (Atspi.Value.get_current_value, Atspi.Value.get_minimum_value, Atspi.Value.get_maximum_value)
    return [ask(node) for ask in asked]


def set_value(request: Request) -> None:
    Atspi.Value.set_current_value(find(request), request["value"])


def focus(request: Request) -> None:
    Atspi.Component.grab_focus(find(request))


def click(request: Request) -> None:
    click_middle(find(request))


def click_cell(request: Request) -> None:
    click_middle(Atspi.Table.get_accessible_at(find(request), request["row"], request["column"]))


def click_header(request: Request) -> None:
    click_middle(Atspi.Table.get_column_header(find(request), request["column"]))


def hold(request: Request) -> None:
    INPUT.hold(*middle(find(request)))


def carry(request: Request) -> None:
    """Move what is held over the middle of a control, each time to another pixel, as only moves are noticed."""
    x, y = middle(find(request))
    INPUT.move(x + request["step"] % 2, y)


def let_go(_request: Request) -> None:
    INPUT.release()


def click_middle(node: Node) -> None:
    INPUT.click(*middle(node))


def middle(node: Node) -> tuple[int, int]:
    box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
    if box.width <= 0 or box.height <= 0 or not shows(node):
        raise Missing("it is out of sight")
    return box.x + box.width // 2, box.y + box.height // 2


def table(request: Request) -> Request:
    node = find(request)
    columns = Atspi.Table.get_n_columns(node)
    headers = [Atspi.Table.get_column_description(node, column) for column in range(columns)]
    selected = list(Atspi.Table.get_selected_rows(node))
    return {"rows": Atspi.Table.get_n_rows(node), "headers": headers, "selected": selected}


def cells(request: Request) -> list[list[str]]:
    """The texts of ``count`` rows from ``first`` on; fewer where the table ends."""
    node = find(request)
    columns = range(Atspi.Table.get_n_columns(node))
    first, end = request["first"], min(request["first"] + request["count"], Atspi.Table.get_n_rows(node))
    return [[cell(node, row, column) for column in columns] for row in range(first, end)]


def cell(node: Node, row: int, column: int) -> str:
    found = Atspi.Table.get_accessible_at(node, row, column)
    return str(found.get_name()) if found is not None else ""


def select_row(request: Request) -> None:
    node = find(request)
    for row in Atspi.Table.get_selected_rows(node):
        if row != request["row"]:
            Atspi.Table.remove_row_selection(node, row)
    if not Atspi.Table.add_row_selection(node, request["row"]):
        raise RuntimeError(f"row {request['row']} cannot be selected")


def select_child(request: Request) -> None:
    node = find(request)
    for index, child in enumerate(children(node)):
        if child.get_name() == request["name"]:
            Atspi.Selection.select_child(node, index)
            return
    raise Missing(f"no entry “{request['name']}”")


def keys(request: Request) -> None:
    INPUT.press(request["pid"], request["keys"])


def tree(request: Request) -> str:
    """Everything a screen reader sees, a control a line; for the report of a failure."""
    lines: list[str] = []

    def dump(node: Node, depth: int) -> None:
        states = node.get_state_set()
        signs = "" if states.contains(Atspi.StateType.SHOWING) else " (hidden)"
        signs += "" if states.contains(Atspi.StateType.ENABLED) else " (disabled)"
        count = node.get_child_count()
        lines.append(f"{'  ' * depth}{role(node)} “{node.get_name()}”{signs}")
        if count > MOST_CHILDREN or role(node) in UNWALKED:
            lines.append(f"{'  ' * depth}  … {count} children")
        else:
            for child in children(node):
                dump(child, depth + 1)

    dump(application(request), 0)
    return "\n".join(lines)


COMMANDS = {
    command.__name__: command
    for command in (
        *(describe, windows, names, press, press_and_see, text, set_text, value, set_value, focus),
        *(click, hold, carry, let_go, click_cell, click_header, table, cells, select_row, select_child, keys, tree),
    )
}


def answer(request: Request) -> Request:
    """Carry out one request; an application too busy to answer is a matter of waiting, not an error."""
    try:
        return {"ok": COMMANDS[request["do"]](request)}
    except Missing as missing:
        return {"error": "missing", "message": str(missing)}
    except GLib.Error as error:
        return {"error": "busy", "message": error.message}
    except Exception as error:  # noqa: BLE001 - whatever it is, the test must hear of it
        return {"error": "failed", "message": f"{type(error).__name__}: {error}"}


def main() -> None:
    Atspi.init()
    Atspi.set_timeout(PATIENCE, PATIENCE)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
