# SPDX-License-Identifier: GPL-3.0-or-later
"""Real plugins of the programs that are known, as those lay them out, updated as those do it and brought back: every file
and every setting is as it was, and what belongs to other plugins is as it is."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import harness
from harness import DATA, must, plugrb, plugrb_json, write
from hosts import CONFIG, HOME, for_new_users, keys, look, put, real, same, take, there_and_back


@dataclass
class Case:
    key: str
    source: str                # of real plugins
    old: str
    new: str
    root: Path                 # of all that the program has of its user
    parts: dict                # where what lies in the source goes
    mine: dict = field(default_factory=dict)    # further files, with a number in them
    others: dict = field(default_factory=dict)  # of other plugins or nobody
    listed: str = ''           # a list in dconf
    entry: str = ''            # in it, if that is not the id
    settings: str = ''         # a folder in dconf
    version: str = None
    exact: tuple = ()          # where times count

    def install(self, version, number):
        for name, target in self.parts.items():
            source = real(self.source, version) / name
            put(source if source.exists() else None, self.root / target)
            if source.is_dir():
                write(self.root / target / '__pycache__' / 'x.cpython-313.pyc', 'of Python')
        for path, text in self.mine.items():
            write(self.root / path, text.replace('NUMBER', str(number)))
        if self.settings:
            must('dconf', 'reset', '-f', self.settings)
            must('dconf', 'write', f'{self.settings}number', str(number))
            must('dconf', 'write', f'{self.settings}deep/in-{number}', "'only here'")

    def enable(self, before, on, behind):
        entry = self.entry or self.key.split('/')[1]
        if self.listed:
            must('dconf', 'write', self.listed, str([before] + ([entry] if on else []) + [behind]))

    def change_others(self, number):
        for path, text in self.others.items():
            write(self.root / path, text.replace('NUMBER', str(number)), 0o755 if path.endswith('program') else 0o644)
        if self.settings:
            parent = self.settings.rstrip('/').rpartition('/')[0]
            must('dconf', 'write', f'{parent}/zother/number', str(number))

    def run(self):
        assert real(self.source, self.old) != real(self.source, self.new)
        self.install(self.old, 1)
        self.enable('a', True, 'z')
        self.change_others(1)

        def settle():
            self.change_others(2)
            self.enable('b', True, 'y')

        def update():
            self.install(self.new, 2)
            self.enable('b', False, 'y')

        def enabled():
            return {plugin['key']: plugin['enabled'] for plugin in plugrb_json('list', 'list')}[self.key]

        assert enabled()
        target = there_and_back(self.key, (self.root,), update, settle, self.version,
                                tuple(self.root / path for path in self.exact))
        # After undo it is as the update left it.
        assert enabled() == (not self.listed)
        plugrb('rollback', target, '--yes')
        assert enabled()


def peas(app, source, plugin, old, new, parts, listed, settings, **more):
    """An application with libpeas. The others: another plugin, one whose name begins alike, and files of nobody."""
    return Case(f'{app}/{plugin}', source, old, new, DATA / app, {name: f'plugins/{name}' for name in parts}, listed=listed,
                settings=settings, exact=tuple(f'plugins/{name}' for name in parts),
                others={'plugins/zother.plugin': '[Plugin]\nModule=zother\nName=Other\nVersion=NUMBER\n',
                        'plugins/zother.py': 'NUMBER', f'plugins/{plugin}2.plugin': f'[Plugin]\nModule={plugin}2\nName=Two\n',
                        f'plugins/{plugin}2.py': 'NUMBER', 'plugins/README': 'of nobody NUMBER'}, **more)


CASES = {
    'eog-python': peas('eog', 'eog/export-to-folder', 'export-to-folder', '3.26.5', '44.1',
                       ('export-to-folder.plugin', 'export-to-folder.py', 'export-to-folder'),
                       '/org/gnome/eog/plugins/active-plugins', '/org/gnome/eog/plugins/export-to-folder/'),
    'eog-library': peas('eog', 'eog/exif-display', 'exif-display', '3.26.5', '44.1',
                        ('exif-display.plugin', 'libexif-display.so'),
                        '/org/gnome/eog/plugins/active-plugins', '/org/gnome/eog/plugins/exif-display/'),
    'totem-python': peas('totem', 'totem/plugins', 'opensubtitles', '3.38.0', '43.2', ('opensubtitles',),
                         '/org/gnome/totem/active-plugins', '/org/gnome/totem/plugins/opensubtitles/'),
    # Its folder is called differently.
    'totem-library': peas('totem', 'totem/plugins', 'movie-properties', '3.38.0', '43.2', ('properties',),
                          '/org/gnome/totem/active-plugins', '/org/gnome/totem/plugins/movie-properties/'),
    'pluma-python': peas('pluma', 'pluma/plugins', 'externaltools', '1.24.1', '1.26.1',
                         ('externaltools.plugin', 'externaltools'), '/org/mate/pluma/active-plugins',
                         '/org/mate/pluma/plugins/externaltools/'),
    'pluma-library': peas('pluma', 'pluma/plugins', 'sort', '1.24.1', '1.26.1', ('sort.plugin', 'libsort.so'),
                          '/org/mate/pluma/active-plugins', '/org/mate/pluma/plugins/sort/'),
    # No package has plugins of Xed: those of Pluma, of which they are near relatives.
    'xed': peas('xed', 'pluma/plugins', 'quickopen', '1.24.1', '1.26.1', ('quickopen.plugin', 'quickopen'),
                '/org/x/editor/plugins/active-plugins', '/org/x/editor/plugins/quickopen/'),
    'obs': Case('obs/source-clone', 'obs/source-clone', '0.1.1', '0.1.5', CONFIG / 'obs-studio',
                {'source-clone.so': 'plugins/source-clone/bin/64bit/source-clone.so',
                 'source-clone': 'plugins/source-clone/data'},
                mine={'plugin_config/source-clone/config.json': '{"n": NUMBER}'},
                others={'plugin_config/other/config.json': '{"n": NUMBER}', 'plugins/other/data/locale/en-US.ini': 'a=NUMBER',
                        'basic/scenes/Untitled.json': '{"sources": [{"id": "source-clone", "n": NUMBER}]}',
                        'global.ini': '[General]\nn=NUMBER\n'},
                exact=('plugins/source-clone', 'plugin_config/source-clone')),
    'gimp-program': Case('gimp+2.10/texturize', 'gimp/texturize', '2.1', '2.2', CONFIG / 'GIMP',
                         {'texturize': '2.10/plug-ins/texturize'},
                         others={'2.10/plug-ins/other-program': 'NUMBER', '2.10/plug-ins/readme.txt': 'NUMBER',
                                 '2.10/gimprc': '(n NUMBER)', '3.0/plug-ins/texturize/texturize': 'NUMBER'},
                         exact=('2.10/plug-ins/texturize',)),
    'gimp-program-to-folder': Case('gimp+3.0/texturize', 'gimp/texturize', '2.2', '3.0', CONFIG / 'GIMP',
                                   {'texturize': '3.0/plug-ins/texturize'},
                                   others={'3.0/plug-ins/other/other-program': 'NUMBER',
                                           '2.10/plug-ins/texturize': 'NUMBER'}),
    'blender-file': Case('blender+4.3/copy_global_transform', 'blender/addons', '3.4.1', '4.3.2', CONFIG / 'blender',
                         {'copy_global_transform.py': '4.3/scripts/addons/copy_global_transform.py'},
                         others={'4.3/config/userpref.blend': 'NUMBER', '4.3/scripts/addons/copy_global.py': 'NUMBER',
                                 '4.2/scripts/addons/copy_global_transform.py': 'NUMBER'},
                         version='2.0', exact=('4.3/scripts/addons/copy_global_transform.py',)),
    'blender-file-to-folder': Case('blender+4.3/node_wrangler', 'blender/addons', '3.4.1', '4.3.2', CONFIG / 'blender',
                                   {'node_wrangler.py': '4.3/scripts/addons/node_wrangler.py',
                                    'node_wrangler': '4.3/scripts/addons/node_wrangler'},
                                   others={'4.3/scripts/addons/node_wrangler_more.py': 'NUMBER'}, version='3.43',
                                   exact=('4.3/scripts/addons/node_wrangler.py',)),
    'vim': Case('vim+tpope/fugitive', 'vim/fugitive', '3.2', '3.7', HOME / '.vim', {'.': 'pack/tpope/start/fugitive'},
                others={'pack/tpope/start/surround/plugin/surround.vim': '" NUMBER', 'vimrc': '" NUMBER',
                        'pack/other/opt/fugitive/plugin/fugitive.vim': '" NUMBER'}, exact=('pack/tpope/start/fugitive',)),
    'neovim': Case('vim@neovim+core/fugitive', 'vim/fugitive', '3.2', '3.7', DATA / 'nvim',
                   {'.': 'site/pack/core/opt/fugitive'},
                   others={'site/pack/core/opt/ale/ale.lua': '-- NUMBER', 'lazy/fugitive/x': 'NUMBER'},
                   exact=('site/pack/core/opt/fugitive',)),
    'neovim-among-settings': Case('vim@neovim-config+mine/fugitive', 'vim/fugitive', '3.2', '3.7', CONFIG / 'nvim',
                                  {'.': 'pack/mine/start/fugitive'}, others={'init.lua': '-- NUMBER'}),
    'cinnamon-desklet': Case('cinnamon-desklets/launcher@cinnamon.org', 'cinnamon-desklets/launcher@cinnamon.org',
                             '5.6.8', '6.4.10', DATA / 'cinnamon',
                             {'launcher@cinnamon.org': 'desklets/launcher@cinnamon.org'},
                             others={'desklets/clock@x/metadata.json': '{"uuid": "clock@x", "name": "NUMBER"}'},
                             listed='/org/cinnamon/enabled-desklets', entry='launcher@cinnamon.org:3:120:80',
                             exact=('desklets/launcher@cinnamon.org',)),
}


def test_builder():
    # Of this one the packages have but one version; the other one is made from it.
    root = DATA / 'gnome-builder/plugins'
    settings = '/org/gnome/builder/plugins/valgrind_plugin/'
    names = 'valgrind.plugin', 'valgrind_plugin.py', 'valgrind_plugin.gresource'

    def install(abi, on):
        for name in names:
            put(real('builder/plugins', '3.38.2') / name, root / name)
            text = (root / name).read_bytes()
            (root / name).write_bytes(text.replace(b'X-Builder-ABI=3.38', f'X-Builder-ABI={abi}'.encode()) + b'\n' * (abi != '3.38'))
        must('dconf', 'write', f'{settings}enabled', on)

    install('3.38', 'true')
    write(root / 'valgrind_other.gresource', 'of nobody')
    there_and_back('builder/valgrind_plugin', (root,), lambda: install('43', 'false'),
                   lambda: must('dconf', 'write', '/org/gnome/builder/plugins/zother/enabled', 'true'),
                   exact=[root / name for name in names])


def test_desklet_with_its_settings():
    case = CASES['cinnamon-desklet']
    config = CONFIG / 'cinnamon/spices'
    name = 'launcher@cinnamon.org'
    case.install(case.old, 1)
    write(config / name / '3.json', '{"n": {"value": 1}}')
    write(config / 'clock@x' / '4.json', '{"n": 1}')

    def update():
        case.install(case.new, 2)
        write(config / name / '3.json', '{"n": {"value": 2}}')
        write(config / name / '5.json', '{}')

    there_and_back(case.key, (case.root, config), update, lambda: write(config / 'clock@x' / '4.json', '{"n": 2}'))


def test_cinnamon_extension():
    # No package has any: one of our own in the same shape, with translations where the program puts them.
    name, lists = 'gTile@shuairan', '/org/cinnamon/enabled-extensions'
    root, config = DATA / 'cinnamon/extensions', CONFIG / 'cinnamon/spices'
    locale = DATA / 'locale'

    def install(version, *languages):
        put(None, root / name)
        write(root / name / 'metadata.json', json.dumps({'uuid': name, 'name': 'gTile', 'version': version,
                                                         'cinnamon-version': ['5.4', '6.0']}))
        write(root / name / version / 'extension.js', f'// {version}')
        write(root / name / 'settings-schema.json', json.dumps({f'in-{version}': {'type': 'switch', 'default': True}}))
        write(config / name / f'{name}.json', json.dumps({f'in-{version}': {'value': False}, '__md5__': version}))
        for language in 'de', 'fr':
            put(None, locale / language / 'LC_MESSAGES' / f'{name}.mo')
            if language in languages:
                write(locale / language / 'LC_MESSAGES' / f'{name}.mo', version)

    def enable(*names):
        must('dconf', 'write', lists, str(list(names)))

    install('2.1.0', 'de')
    write(locale / 'de/LC_MESSAGES/other.mo', 'x')
    write(config / 'other@x/other@x.json', '{}')
    enable('a@x', name, 'z@x')

    def update():
        install('2.2.0', 'fr')
        enable('z@x', 'b@x')

    there_and_back(f'cinnamon-extensions/{name}', (root, config, locale), update, lambda: enable('z@x', name, 'b@x'), '2.1.0',
                   exact=(root / name,))


def test_obs_that_knows_its_modules():
    case = CASES['obs']
    modules = case.root / 'plugin_manager/modules.json'

    def write_modules(other, **mine):
        # As that program writes it, in lines of its own.
        entries = [{'display_name': 'Other', 'module_name': 'other', 'enabled': other}]
        entries += [{'display_name': 'Source Clone', 'module_name': 'source-clone', 'sources': ['source-clone'], **mine}] if mine else []
        write(modules, json.dumps([*entries, {'module_name': 'zoom', 'enabled': True}], indent=4))

    case.install(case.old, 1)
    write_modules(True, enabled=True, version='0.1.1')

    def update():
        case.install(case.new, 2)
        write_modules(False, enabled=False, version='0.1.5')

    target = there_and_back(case.key, (case.root,), update, lambda: write_modules(False, enabled=True, version='0.1.1'))
    # Nothing there is, and nothing is needed, where the program does not know it yet.
    put(None, case.root / 'plugins/source-clone')
    write_modules(False)
    plugrb('rollback', target, '--yes')
    names = must('jq', '-r', '.[].module_name', modules).split()
    assert sorted(names) == ['other', 'source-clone', 'zoom'], names
    assert must('jq', '-c', '[.[] | select(.module_name == "source-clone") | .enabled, .version]', modules).strip() == '[true,"0.1.1"]'


def test_obs_with_a_manifest():
    case = CASES['obs']

    def install(version, number):
        case.install(version, number)
        write(case.root / 'plugins/source-clone/data/manifest.json', json.dumps({
            'display_name': 'Source Clone', 'name': 'source-clone', 'version': version, 'id': 'com.example.source-clone'}))

    install(case.old, 1)
    there_and_back(case.key, (case.root,), lambda: install(case.new, 2), version='0.1.1')
    listed = plugrb_json('list', 'list')[0]
    assert (listed['name'], listed['version']) == ('Source Clone', '0.1.5'), listed
    (case.root / 'plugins/source-clone/data/manifest.json').unlink()
    assert plugrb_json('list', 'list')[0]['version'] is None


def test_gimp_forgets_what_it_knew():
    case = CASES['gimp-program']
    case.install(case.old, 1)
    target = take(case.key)
    case.install(case.new, 2)
    memory = CONFIG / 'GIMP/2.10/pluginrc'
    write(memory, '(plug-in-def "texturize" 2)')
    write(CONFIG / 'GIMP/3.0/pluginrc', '(plug-in-def)')
    plugrb('rollback', target, '--yes')
    assert not memory.exists() and (CONFIG / 'GIMP/3.0/pluginrc').exists()
    assert (CONFIG / 'GIMP/2.10/plug-ins/texturize').stat().st_mode & 0o777 == 0o755


def test_gimp_what_is_a_plugin():
    plugins = CONFIG / 'GIMP/2.10/plug-ins'
    write(plugins / 'program', 'x', 0o755)
    write(plugins / 'script.py', 'x', 0o755)
    write(plugins / 'tool.sh', 'x', 0o755)
    write(plugins / 'README', 'x')
    write(plugins / 'folder/folder', 'x', 0o755)
    write(plugins / 'folder/README', 'x')
    assert keys() == [f'gimp+2.10/{name}' for name in ('folder', 'program', 'script', 'tool.sh')], keys()


def test_blender_extension():
    # No package has any: the code of a real add-on, as an extension of it.
    root = CONFIG / 'blender/4.3'
    folder, data = root / 'extensions/blender_org/node_wrangler', root / 'extensions/.user/blender_org/node_wrangler'

    def install(version, number, source, target):
        put(None, folder)
        put(real('blender/addons', source[0]) / source[1], folder / target)
        write(folder / 'blender_manifest.toml',
              'schema_version = "1.0.0"\nid = "node_wrangler"\nname = "Node Wrangler"\ntagline = "Tools for nodes"\n'
              f'version = "{version}"\ntype = "add-on"\nblender_version_min = "4.{number}.0"\nlicense = ["SPDX:GPL-2.0-or-later"]\n'
              '[permissions]\nfiles = "Import"\n')
        write(data / 'state.json', str(number))

    def write_others(number):
        write(root / 'config/userpref.blend', str(number))
        write(root / 'extensions/.cache/compat.dat', str(number))
        write(root / 'extensions/blender_org/other/blender_manifest.toml', f'id = "other"\nversion = "{number}.0.0"\n')
        write(root / 'extensions/blender_org/.blender_ext/index.json', str(number))
        write(root / 'extensions/blender_org/other@/half', str(number))

    install('3.43.0', 2, ('3.4.1', 'node_wrangler.py'), '__init__.py')
    write_others(1)
    listed = {plugin['key']: plugin for plugin in plugrb_json('list', 'list')}
    assert sorted(listed) == ['blender-extensions+4.3/node_wrangler', 'blender-extensions+4.3/other'], sorted(listed)
    assert listed['blender-extensions+4.3/node_wrangler']['name'] == 'Node Wrangler'
    there_and_back('blender-extensions+4.3/node_wrangler', (root,), lambda: install('3.55.0', 3, ('4.3.2', 'node_wrangler'), 'nodes'),
                   lambda: write_others(2), '3.43.0', exact=(folder, data))


# ---- folders that npm keeps

def npm_tree(root, name, version, number):
    """As npm arranges it: what the plugin needs lies beside it, and lists say what is there."""
    put(real(f'{root.name.removeprefix(".")}/{name}', version), root / 'node_modules' / name)
    for other in 'moment', '@types/x':
        write(root / 'node_modules' / other / 'package.json', json.dumps({'name': other, 'version': f'{number}.0.0'}))
    write(root / 'package.json', json.dumps({'dependencies': {name: f'~{version}'}}))
    write(root / 'node_modules/.package-lock.json', json.dumps({'packages': {f'node_modules/{name}': {'version': version}}}))


def check_observed(key, root, old, new):
    name = key.split('/')[1]
    npm_tree(root, name, old, 1)
    plugins = plugrb_json('list', 'list')
    assert [(plugin['key'], plugin['version']) for plugin in plugins] == [(key, old)], plugins
    target = take(key)
    code = look(root / 'node_modules' / name)
    npm_tree(root, name, new, 2)
    before = look(root)
    assert plugrb_json('list', 'list')[0]['version'] == new
    # What npm has arranged is not put back in parts; it can be taken out.
    result = plugrb('rollback', target, '--yes', status=1)
    assert 'plugrb extract' in result.err, result.err
    same(look(root), before)
    out = HOME / 'elsewhere'
    plugrb('extract', target, '--to', out)
    packages = list(out.rglob('package.json'))
    top = min(packages, key=lambda path: len(path.parts)).parent
    found = {str(Path(path).relative_to(top)): value for path, value in look(top).items() if path != 'dconf'}
    wanted = {str(Path(path).relative_to(root / 'node_modules' / name)): value for path, value in code.items() if path != 'dconf'}
    same(found, wanted)


def test_node_red():
    check_observed('node-red/node-red-contrib-moment', HOME / '.node-red', '3.0.3', '4.0.0')


def test_homebridge():
    check_observed('homebridge/homebridge-dummy', HOME / '.homebridge', '0.9.0', '2.1.1')


# ---- checkouts

def git(folder, *arguments):
    return must('git', '--no-optional-locks', '-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c',
                'init.defaultBranch=master', '-c', 'gc.auto=0', '-C', folder, *arguments).strip()


def make_checkout(folder):
    """A plugin with its history, as a manager of plugins clones it. Returns both commits."""
    commits = []
    upstream = HOME / 'elsewhere/upstream'
    for version in '3.2', '3.7':
        upstream.mkdir(parents=True, exist_ok=True)
        if not (upstream / '.git').exists():
            git(upstream, 'init', '-q')
        for path in upstream.iterdir():
            if path.name != '.git':
                put(None, path)
        must('cp', '-a', f'{real("vim/fugitive", version)}/.', upstream)
        git(upstream, 'add', '-A')
        git(upstream, 'commit', '-q', '-m', version)
        commits.append(git(upstream, 'rev-parse', 'HEAD'))
    folder.parent.mkdir(parents=True, exist_ok=True)
    git(HOME, 'clone', '-q', upstream, folder)
    git(folder, 'reset', '-q', '--hard', commits[0])
    return commits


def test_lazy_nvim():
    folder, lock = DATA / 'nvim/lazy/vim-fugitive', CONFIG / 'nvim/lazy-lock.json'
    old, new = make_checkout(folder)
    write(DATA / 'nvim/lazy/vim-fugitive-more/x.lua', '-- another')

    def write_lock(commit, other):
        # As that manager writes it: one plugin, one line.
        write(lock, '{\n  "lazy.nvim": { "branch": "main", "commit": "%s" },\n'
                    '  "vim-fugitive": { "branch": "master", "commit": "%s" },\n'
                    '  "vim-fugitive-more": { "branch": "main", "commit": "0" }\n}\n' % (other, commit))

    write_lock(old, 'a' * 40)

    def update():
        git(folder, 'reset', '-q', '--hard', new)
        write_lock(new, 'b' * 40)

    target = there_and_back('lazy-nvim/vim-fugitive', (DATA / 'nvim', CONFIG / 'nvim'), update,
                            lambda: write_lock(old, 'b' * 40), exact=(folder,))
    plugrb('rollback', target, '--yes')
    assert git(folder, 'rev-parse', 'HEAD') == old and git(folder, 'status', '--porcelain') == ''
    assert must('jq', '-r', '."vim-fugitive".commit', lock).strip() == old
    git(folder, 'fsck', '--strict')


def check_vim_plug(key, folder):
    old, new = make_checkout(folder)
    write(folder.parent / 'surround' / 'x.vim', '" another')
    there_and_back(key, (folder.parent,), lambda: git(folder, 'reset', '-q', '--hard', new), exact=(folder,))
    assert git(folder, 'rev-parse', 'HEAD') == new
    assert git(folder, 'status', '--porcelain') == ''


def test_vim_plug():
    check_vim_plug('vim-plug/vim-fugitive', HOME / '.vim/plugged/vim-fugitive')


def test_vim_plug_of_neovim():
    check_vim_plug('vim-plug@neovim/vim-fugitive', DATA / 'nvim/plugged/vim-fugitive')


harness.main(for_new_users([(name, case.run) for name, case in CASES.items()] + harness.collect(dict(globals()))))
