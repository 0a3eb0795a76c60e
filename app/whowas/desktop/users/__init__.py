"""Acts on users: creating, deleting, suspending, passwords, groups, erasing."""
