"""The version of the tables and functions on a server, and which program they need."""

SERVER_VERSION = 2
"""The version of the tables and functions, as the table ``directory`` says it.

1 is that of Whowas 0.7 and 0.8; 2 takes the events that 0.9 brought. ``making/upgrading.py`` brings an older one up.

A function has a number in its name, and stays for two releases when there is a newer one, so that older programs go on
working on newer versions: as long as ``oldest`` in that table is none that they do not know. It then also says which
version of the program ``needs`` to be there. Whoever can become the owner upgrades, in one transaction.
"""

OLDEST_VERSION = 1
"""The oldest version that a program may know to work on this one: it knows every function that it calls there."""

NEEDED_PROGRAM = "0.7.0"
"""The first version of Whowas that knows that one."""
