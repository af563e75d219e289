#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that loads plugins, as far as its D-Bus interface goes.

fake-host.py NAME FOLDER: owns NAME, prints a line when it does, and answers from FOLDER:
  extensions.json   what ListExtensions of GNOME Shell returns, {id: {key: value}}; fails without it
  refuse            if it is there, ReloadXlet of Cinnamon fails
Each ReloadXlet runs FOLDER/on-reload, if that is there, and adds a line to FOLDER/reloads.
"""

import json
import subprocess
import sys
from pathlib import Path

from gi.repository import Gio, GLib

INTERFACES = """<node>
<interface name="org.gnome.Shell.Extensions">
  <method name="ListExtensions"><arg type="a{sa{sv}}" direction="out"/></method>
  <property name="ShellVersion" type="s" access="read"/>
</interface>
<interface name="org.Cinnamon">
  <method name="ReloadXlet"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
</interface>
</node>"""

name, folder = sys.argv[1], Path(sys.argv[2])


def box(value):
    return GLib.Variant('d', value) if isinstance(value, (int, float)) else GLib.Variant('s', value)


def list_extensions():
    known = json.loads((folder / 'extensions.json').read_text())
    return GLib.Variant('(a{sa{sv}})', ({uuid: {key: box(value) for key, value in facts.items()}
                                         for uuid, facts in known.items()},))


def call(connection, sender, path, interface, method, parameters, invocation):
    if method == 'ListExtensions' and (folder / 'extensions.json').exists():
        invocation.return_value(list_extensions())
    elif method == 'ListExtensions':
        invocation.return_dbus_error('org.gnome.gjs.JSError.Error', 'It has not started up')
    elif (folder / 'refuse').exists():
        invocation.return_dbus_error('org.Cinnamon.Error', 'I will not')
    else:
        if (folder / 'on-reload').exists():
            subprocess.run([folder / 'on-reload'], check=True)
        with open(folder / 'reloads', 'a', encoding='utf-8') as reloads:
            reloads.write(' '.join(parameters.unpack()) + '\n')
        invocation.return_value(None)


def get(connection, sender, path, interface, prop):
    return GLib.Variant('s', '48.2')


def acquired(connection, bus_name):
    for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
        for path in '/org/gnome/Shell', '/org/Cinnamon':
            connection.register_object(path, interface, call, get, None)


Gio.bus_own_name(Gio.BusType.SESSION, name, Gio.BusNameOwnerFlags.NONE, acquired,
                 lambda connection, bus_name: print('ready', flush=True), lambda connection, bus_name: sys.exit(1))
GLib.MainLoop().run()
