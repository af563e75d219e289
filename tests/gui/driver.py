# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real program through the accessibility bus, by roles and names, as a screen reader sees it."""

import os
import subprocess
import time
import warnings

# A warning is fatal for the program, but libatspi's own about a program that has just gone are harmless.
PROGRAM_DEBUG = os.environ.pop('G_DEBUG', '')

import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

warnings.simplefilter('ignore')

TIMEOUT = 20.0
APP_ID = 'io.github.plugrb.PluginRollback'


def pump():
    """libatspi keeps a cache that only its own main loop brings up to date."""
    while GLib.MainContext.default().iteration(False):
        pass


def walk(node, depth=0):
    """Yields (node, depth), depth first; a node that dies on the way is skipped."""
    yield node, depth
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(count):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        if child is not None:
            yield from walk(child, depth + 1)


def poll(what, function, timeout=TIMEOUT):
    end = time.monotonic() + timeout
    while True:
        pump()
        try:
            result = function()
        except GLib.Error:
            result = None
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f'not within {timeout} s: {what}')
        time.sleep(0.05)


def n_actions(node):
    return Atspi.Action.get_n_actions(node) if node.is_action() else 0


def has_state(node, state):
    return node.get_state_set().contains(getattr(Atspi.StateType, state))


def plain_name(node):
    """Without the marks that keep names in their own direction."""
    return node.get_name().translate({0x2068: None, 0x2069: None})


def describe(node):
    try:
        states = [state for state in ('FOCUSED', 'SENSITIVE', 'SHOWING') if has_state(node, state)]
        actions = [Atspi.Action.get_action_name(node, index) for index in range(n_actions(node))]
        return f'[{node.get_role_name()}] {node.get_name()!r} {",".join(states)} {actions or ""}'
    except GLib.Error as error:
        return f'<gone: {error.message}>'


class App:
    """The program, from its start to its end."""

    def __init__(self, *arguments, program='plugin-rollback', env=None):
        self.process = subprocess.Popen([program, *arguments], env={**os.environ, 'G_DEBUG': PROGRAM_DEBUG, **(env or {})})
        self.root = poll('the program on the accessibility bus', self._find_root)

    def _find_root(self):
        assert self.process.poll() is None, f'the program ended with {self.process.returncode}'
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(index)
            if app is not None and app.get_process_id() == self.process.pid:
                return app
        return None

    def find(self, name=None, role=None, below=None, starts=None, showing=True):
        for node, _ in walk(below or self.root):
            try:
                if role and node.get_role_name() != role:
                    continue
                if name is not None and plain_name(node) != name:
                    continue
                if starts is not None and not plain_name(node).startswith(starts):
                    continue
                if showing and not has_state(node, 'SHOWING'):
                    continue
                return node
            except GLib.Error:
                continue
        return None

    def wait(self, name=None, role=None, timeout=TIMEOUT, **options):
        what = f'{role or "something"} {name or options.get("starts")!r}'
        try:
            return poll(what, lambda: self.find(name, role, **options), timeout)
        except AssertionError:
            self.dump()
            raise

    def wait_gone(self, name, role=None, timeout=TIMEOUT):
        poll(f'{name!r} gone', lambda: self.find(name, role) is None, timeout)

    def wait_gone_starting(self, starts, timeout=TIMEOUT):
        poll(f'{starts!r}… gone', lambda: self.find(starts=starts) is None, timeout)

    def click(self, name, role='button', **options):
        """Presses a button as soon as it can be pressed."""
        def ready():
            node = self.find(name, role, **options)
            return node if node and has_state(node, 'SENSITIVE') and n_actions(node) else None
        try:
            node = poll(f'a {role} {name!r} that can be pressed', ready)
        except AssertionError:
            self.dump()
            raise
        self.press(node)

    def press(self, node):
        assert Atspi.Action.do_action(node, 0), f'refused: {describe(node)}'

    def type(self, text):
        """Types where the focus is: a search entry does not export its text."""
        subprocess.run(['xdotool', 'type', '--delay', '20', text], check=True)

    def dump(self):
        pump()
        for node, depth in walk(self.root):
            print('# ' + '  ' * depth + describe(node))

    def act(self, node, name):
        """Activates an action of a widget; the window has those that begin with “win.”."""
        for index in range(n_actions(node)):
            if Atspi.Action.get_action_name(node, index) == name:
                assert Atspi.Action.do_action(node, index), f'refused: {name}'
                return
        raise AssertionError(f'no {name} on {describe(node)}')

    def act_below(self, name):
        """Activates an action of whatever widget has it."""
        for node, _ in walk(self.root):
            if any(Atspi.Action.get_action_name(node, index) == name for index in range(n_actions(node))):
                self.act(node, name)
                return
        raise AssertionError(f'nothing has {name}')

    def app_action(self, name, *parameters):
        """Activates an action of the application on the session bus, where menus have no names."""
        subprocess.run(['gdbus', 'call', '--session', '--dest', APP_ID, '--object-path', '/' + APP_ID.replace('.', '/'),
                        '--method', 'org.gtk.Actions.Activate', name,
                        '[' + ', '.join(f'<{value}>' for value in parameters) + ']', '{}'],
                       check=True, stdout=subprocess.DEVNULL)

    def key(self, *keys):
        subprocess.run(['xdotool', 'key', '--clearmodifiers', *keys], check=True)

    def click_secondary(self, x, y):
        subprocess.run(['xdotool', 'mousemove', str(x), str(y), 'click', '3'], check=True)

    def dismiss_toasts(self):
        """Until there is none; one may go by itself meanwhile."""
        def none_left():
            node = self.find('Dismiss', 'button')
            if node and n_actions(node):
                Atspi.Action.do_action(node, 0)
            return node is None
        poll('no toast', none_left)

    def resize(self, width, height):
        # A tooltip is a window, too: away with the pointer, and only what has the title counts.
        subprocess.run(['xdotool', 'mousemove', '1279', '899'], check=True)
        window = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '^Plugin Rollback$'], check=True,
                                capture_output=True, text=True).stdout.split()[-1]
        subprocess.run(['xdotool', 'windowmove', window, '0', '0', 'windowsize', window, str(width), str(height)],
                       check=True)

    def shoot(self, path, width, height, settle=0.7):
        time.sleep(settle)
        pump()
        subprocess.run(['import', '-window', 'root', '-crop', f'{width}x{height}+0+0', '+repage', str(path)],
                       check=True)

    def close(self):
        self.process.terminate()
        self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.close()
