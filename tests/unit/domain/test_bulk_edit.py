"""What the edits ask for, and what they would make of a user."""

from __future__ import annotations

import pytest

from whowas.domain.bulk_edit import each, edited, moving, rewriting, setting, together
from whowas.domain.commands import JoinGroup, LeaveGroup, SuspendUser, UpdateUser
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.users import User

ADA = User("a", 3, first_name="ada", email="a@x.org", groups=frozenset({"g"}), attributes={"Room": "b12"})
HERE = Directory(fields={"Room": "Room"}, groups={"g": "Records", "h": "Legal"})


def test_each_edit_names_just_what_it_is_about() -> None:
    assert setting({"title": "Head", "attributes.Room": None})(ADA) == [
        UpdateUser("a", {"title": "Head"}, {"Room": None})
    ]
    assert setting({})(ADA) == []
    assert moving(["h"], ["g"])(ADA) == [JoinGroup("a", "h"), LeaveGroup("a", "g")]
    assert each(SuspendUser)(ADA) == [SuspendUser("a")]
    assert rewriting(["first_name", "title", "attributes.Room"], str.upper)(ADA) == [
        UpdateUser("a", {"first_name": "ADA"}, {"Room": "B12"})
    ]
    assert rewriting(["first_name", "title"], str.lower)(ADA) == []


def test_what_would_become_of_a_user() -> None:
    edit = together(setting({"email": " b@x.org "}), moving(["h"], ["g"]), each(SuspendUser))
    after = edited(ADA, edit(ADA), HERE)
    assert (after.email, after.groups, after.status) == ("b@x.org", {"h"}, "suspended")
    assert edited(ADA, [], HERE) is ADA
    with pytest.raises(RefusedError, match="is not an email address"):
        edited(ADA, setting({"email": "ada"})(ADA), HERE)
