#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: the proxyrc authors
# SPDX-License-Identifier: MIT

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r'''
---
module: profile
short_description: Proxy settings of every tool, by a profile of proxyrc
version_added: "0.1.0"
description:
  - Makes sure that a profile of C(proxyrc) is there with these values, that its credential is stored, and that the
    files of git, npm, pip, curl, wget and the environment say what it says.
  - Works for the user that the task runs as (see C(become_user)), or, with I(scope=system), for all users of the host.
  - Nothing is written where nothing is to change.
options:
  name:
    description: The name of the profile.
    type: str
    required: true
  state:
    description:
      - C(present) makes the profile, or changes the values that are given; what is not given stays as it is.
      - C(absent) removes the profile. The settings that it has made stay; C(direct) takes them away.
      - C(direct) removes the proxy everywhere; the profile is made or changed as with C(present), and kept for later.
    type: str
    choices: [present, absent, direct]
    default: present
  scope:
    description:
      - C(user) is the profile file of the user that the task runs as.
      - C(system) is C(/etc/xdg/proxyrc/proxyrc.cfg), over which a user's own file goes by name, role by role. Needs root.
        It never holds a secret; each user completes it with C(proxyrc login).
    type: str
    choices: [user, system]
    default: user
  http:
    description: The proxy for C(http), as C(http://HOST:PORT), without a password. An empty string takes it away.
    type: str
  https:
    description: The proxy for C(https).
    type: str
  all:
    description: The proxy for everything else.
    type: str
  no_proxy:
    description: Hosts that are reached without the proxy.
    type: list
    elements: str
  user:
    description: The user name at the proxy.
    type: str
  auth:
    description: The authentication scheme.
    type: str
    choices: [basic, digest, ntlm, negotiate, any]
  ca:
    description: A file with the certificates of the proxy's CA.
    type: path
  placement:
    description:
      - How the tools get the password, as C(inline), C(reference) or C(none), and for single tools as in
        C(reference,npm=inline).
    type: str
  tools:
    description: Only these tools.
    type: list
    elements: str
  check_url:
    description: What a live check asks the proxy for.
    type: str
  store:
    description: Where the password is kept.
    type: str
    choices: [secret-service, vault, plain]
  password:
    description:
      - The password at the proxy. It is handed over through a pipe, and stored once the proxy has accepted it.
      - Needs I(scope=user).
    type: str
  update_password:
    description:
      - C(always) stores the password whenever it is not the one that is stored.
      - C(on_create) only when none is stored for this profile yet.
    type: str
    choices: [always, on_create]
    default: always
  check:
    description: Try the password on the proxy before it is stored.
    type: bool
    default: true
  passphrase:
    description: Of the vault, where the password is kept in it.
    type: str
  apply:
    description:
      - Make the profile the active one, and bring every tool's files in line with it.
      - With I(scope=system) that is left to I(all_users).
    type: bool
    default: true
  all_users:
    description:
      - With I(scope=system), bring the files in every user's home in line, each with that user's rights.
      - A home whose own store is locked, or whose user has not logged in yet, is listed in C(locked), and is no failure.
    type: bool
    default: false
  executable:
    description: The program.
    type: str
    default: proxyrc
attributes:
  check_mode:
    description: Can run in check mode and tell what would change.
    support: full
  diff_mode:
    description: Shows the profile and the files before and after; secrets are masked.
    support: full
notes:
  - In check mode a profile that is not there yet is not applied, so the files are not in the diff.
  - In check mode a password counts as stored when one is stored for this profile and user, whichever it is.
author:
  - The proxyrc authors (@proxyrc)
'''

EXAMPLES = r'''
- name: The proxy for all users of a laptop, whose own passwords stay their own
  proxyrc.proxyrc.profile:
    name: office
    scope: system
    http: http://proxy.example.com:3128
    https: http://proxy.example.com:3128
    no_proxy: [localhost, .example.com]
    placement: reference
    all_users: true
  become: true

- name: A build agent with a password of its own
  proxyrc.proxyrc.profile:
    name: office
    https: http://proxy.example.com:3128
    user: build
    password: "{{ vault_proxy_password }}"
    store: plain
  become: true
  become_user: build

- name: No proxy at home
  proxyrc.proxyrc.profile:
    name: office
    state: direct
'''

RETURN = r'''
profile:
  description: The profile as it is now, or would be.
  returned: when it is there
  type: dict
  sample: {"name": "office", "active": true, "https": "http://proxy.example.com:3128"}
files:
  description: The files that were written, or would be.
  returned: when applied in the home of one user
  type: list
  elements: dict
  sample: [{"path": "/home/build/.gitconfig", "action": "edit", "settings": 1}]
transaction:
  description: What C(proxyrc undo) takes back.
  returned: when files were written in the home of one user
  type: str
  sample: 20260101-120000
complete:
  description: Whether every tool could be served; what could not is in the warnings.
  returned: when applied
  type: bool
  sample: true
homes:
  description: What was done in each home.
  returned: with I(all_users=true)
  type: list
  elements: dict
  sample: [{"home": "/home/jane", "user": "jane", "exit": 0, "changed": true}]
locked:
  description: The users who have to C(proxyrc login) or C(proxyrc unlock) before their tools can be served.
  returned: with I(all_users=true)
  type: list
  elements: str
  sample: [jane]
'''

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_native

KEYS = ('http', 'https', 'all', 'no_proxy', 'user', 'auth', 'ca', 'placement', 'tools', 'check_url', 'store')
SYSTEM_FILE = '/etc/xdg/proxyrc/proxyrc.cfg'
DONE = 0
NO = 1
LOCKED = 5


class Proxyrc(object):
    """The program on this host; every answer is JSON, and no question is ever asked."""

    def __init__(self, module):
        self.module = module
        self.program = module.get_bin_path(module.params['executable'], required=True)

    def run(self, arguments, data=None, allowed=(DONE, NO)):
        command = [self.program] + arguments + ['--json', '--no-input']
        pipe = None
        if self.module.params['passphrase'] is not None and arguments[0] in ('login', 'apply', 'use'):
            pipe = self.passphrase_pipe()
            command += ['--passphrase-fd', str(pipe)]
        try:
            code, out, err = self.module.run_command(command, data=data, binary_data=False, pass_fds=[pipe] if pipe is not None else None,
                                                     environ_update=dict(LC_ALL='C.UTF-8', LANGUAGE=''))
        finally:
            if pipe is not None:
                os.close(pipe)
        if code not in allowed:
            self.module.fail_json(msg='proxyrc %s: %s' % (arguments[0], err.strip() or 'exit %d' % code), rc=code, stderr=err, command=arguments[0])
        try:
            return code, json.loads(out) if out.strip() else {}, err
        except ValueError as error:
            self.module.fail_json(msg='proxyrc %s: no JSON came: %s' % (arguments[0], to_native(error)), rc=code, stderr=err)

    def passphrase_pipe(self):
        """Never on the command line, in the environment or in a file."""
        reading, writing = os.pipe()
        os.write(writing, self.module.params['passphrase'].encode('utf-8') + b'\n')
        os.close(writing)
        return reading


def text_of(value):
    """As proxyrc takes it on its command line."""
    return ','.join(value) if isinstance(value, list) else value


def wanted_pairs(params):
    return ['%s=%s' % (key, text_of(params[key])) for key in KEYS if params[key] is not None]


def scope_of(params):
    return ['--system'] if params['scope'] == 'system' else []


def find(listing, name):
    for profile in listing.get('profiles', []):
        if profile['name'] == name:
            return profile
    return None


def shown(profile):
    """For the diff: one line for each value."""
    if profile is None:
        return ''
    return ''.join('%s: %s\n' % (key, profile[key]) for key in ('name',) + KEYS if profile.get(key) is not None)


class Task(object):
    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.proxyrc = Proxyrc(module)
        self.dry = ['--dry-run'] if module.check_mode else []
        self.result = dict(changed=False)
        self.diffs = []

    def listing(self):
        if self.params['scope'] == 'system' and not os.path.exists(SYSTEM_FILE):
            return {}
        return self.proxyrc.run(['profile', 'list'] + scope_of(self.params))[1]

    def note_warnings(self, texts):
        for text in texts:
            self.module.warn(text)

    def profile(self):
        """Makes or changes the profile; True if it is there (and not only would be)."""
        name = self.params['name']
        before = find(self.listing(), name)
        verb = ['remove', name] if self.params['state'] == 'absent' else ['set' if before else 'add', name] + wanted_pairs(self.params)
        if self.params['state'] == 'absent' and before is None:
            return False
        code, after, err = self.proxyrc.run(['profile'] + verb + scope_of(self.params) + self.dry)
        profile = find(after, name)
        self.result['changed'] = after['changed']
        if profile is not None:
            self.result['profile'] = profile
        if after['changed']:
            self.diffs.append(dict(before_header='profile %s' % name, after_header='profile %s' % name, before=shown(before), after=shown(profile)))
        return before is not None or not self.module.check_mode

    def has_credential(self):
        """Only asked for update_password=on_create; what the tools' files say is not needed for it."""
        profile = self.result.get('profile', {})
        return profile.get('user') == self.params['user'] and profile.get('store') is not None

    def login(self, is_there):
        if self.params['password'] is None or (self.params['update_password'] == 'on_create' and self.has_before):
            return
        if self.module.check_mode:
            # what is stored is not to be had without storing it; a profile without a store has none
            if not is_there or not self.has_before:
                self.result['changed'] = True
            return
        arguments = ['login', self.params['name'], '--password-stdin']
        if self.params['user'] is not None:
            arguments += ['--user', self.params['user']]
        if self.params['store'] is not None:
            arguments += ['--store', self.params['store']]
        if not self.params['check']:
            arguments.append('--no-check')
        code, answer, err = self.proxyrc.run(arguments, data=self.params['password'] + '\n', allowed=(DONE,))
        self.result['changed'] |= answer['changed']

    def apply(self):
        direct = self.params['state'] == 'direct'
        name = 'direct' if direct else self.params['name']
        code, report, err = self.proxyrc.run(['use', name] + self.dry)
        self.result['changed'] |= report['changed']
        self.result['files'] = report['files']
        self.result['transaction'] = report['transaction']
        self.result['complete'] = code == DONE or (self.module.check_mode and report['changed'])
        if report['diff']:
            self.diffs.append(dict(prepared=report['diff']))
        self.note_warnings(report['warnings'])

    def apply_to_all(self):
        code, report, err = self.proxyrc.run(['apply', '--all-users'] + self.dry, allowed=(DONE, NO, 2, 3, 4, LOCKED))
        homes = report['homes']
        failed = [home for home in homes if home['exit'] not in (DONE, NO, LOCKED)]
        self.result['homes'] = [dict((key, home[key]) for key in ('home', 'user', 'exit', 'changed', 'messages') if key in home) for home in homes]
        self.result['locked'] = [home['user'] for home in homes if home['exit'] == LOCKED]
        self.result['complete'] = not failed and (self.module.check_mode or all(home['exit'] in (DONE, LOCKED) for home in homes))
        for home in homes:
            self.result['changed'] |= home.get('changed', False)
            if home.get('diff'):
                self.diffs.append(dict(prepared=home['diff']))
        if failed:
            self.module.fail_json(msg='proxyrc apply: %s' % '; '.join('%s: %s' % (home['home'], ' '.join(home['messages']) or home['exit'])
                                                                      for home in failed), **self.result)

    def run(self):
        before = find(self.listing(), self.params['name'])
        self.has_before = bool(before and before.get('store') and (self.params['user'] in (None, before.get('user'))))
        is_there = self.profile()
        if self.params['state'] != 'absent':
            self.login(is_there)
            if self.params['scope'] == 'user' and self.params['apply'] and (is_there or self.params['state'] == 'direct'):
                self.apply()
            elif self.params['scope'] == 'user' and self.params['apply']:
                self.result['changed'] = True
            elif self.params['all_users'] and (is_there or not self.module.check_mode):
                self.apply_to_all()
        if self.module._diff:
            self.result['diff'] = self.diffs
        self.module.exit_json(**self.result)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            name=dict(type='str', required=True),
            state=dict(type='str', choices=['present', 'absent', 'direct'], default='present'),
            scope=dict(type='str', choices=['user', 'system'], default='user'),
            http=dict(type='str'),
            https=dict(type='str'),
            all=dict(type='str'),
            no_proxy=dict(type='list', elements='str'),
            user=dict(type='str'),
            auth=dict(type='str', choices=['basic', 'digest', 'ntlm', 'negotiate', 'any']),
            ca=dict(type='path'),
            placement=dict(type='str'),
            tools=dict(type='list', elements='str'),
            check_url=dict(type='str'),
            store=dict(type='str', choices=['secret-service', 'vault', 'plain']),
            password=dict(type='str', no_log=True),
            update_password=dict(type='str', choices=['always', 'on_create'], default='always', no_log=False),
            check=dict(type='bool', default=True),
            passphrase=dict(type='str', no_log=True),
            apply=dict(type='bool', default=True),
            all_users=dict(type='bool', default=False),
            executable=dict(type='str', default='proxyrc'),
        ),
        supports_check_mode=True,
    )
    if module.params['scope'] == 'system':
        if module.params['password'] is not None:
            module.fail_json(msg='scope=system holds no secrets: leave the password out; each user stores it with `proxyrc login`')
        if module.params['state'] == 'direct':
            module.fail_json(msg='state=direct is for one user: with scope=system, remove the proxies from the profile')
    elif module.params['all_users']:
        module.fail_json(msg='all_users needs scope=system')
    Task(module).run()


if __name__ == '__main__':
    main()
