import { describe, expect, it } from 'vitest';
import { installAdvice, isDebianFamily, osReleaseIds, type System } from './install-advice.ts';

const linux = (...ids: string[]): System => ({ platform: 'linux', root: false, ids });

describe('osReleaseIds', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\n', ['debian']],
    ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', ['linuxmint', 'ubuntu', 'debian']],
    ["ID='rocky'\nID_LIKE='rhel centos fedora'", ['rocky', 'rhel', 'centos', 'fedora']],
    ['# ID=debian\nVARIANT_ID=server\n', []],
    ['', []],
  ])('reads %j', (text, ids) => {
    expect(osReleaseIds(text)).toEqual(ids);
  });
});

describe('isDebianFamily', () => {
  it('takes Debian, its derivatives and nothing else', () => {
    expect(isDebianFamily(linux('debian'))).toBe(true);
    expect(isDebianFamily(linux('ubuntu', 'debian'))).toBe(true);
    expect(isDebianFamily(linux('fedora'))).toBe(false);
    expect(isDebianFamily({ platform: 'darwin', root: true, ids: ['debian'] })).toBe(false);
  });
});

describe('installAdvice', () => {
  it.each([
    [linux('debian'), 'sudo apt-get install'],
    [linux('rocky', 'rhel', 'centos', 'fedora'), 'sudo dnf install -y podman'],
    [linux('alpine'), 'sudo apk add docker'],
    [linux('arch'), 'sudo pacman -S'],
    [linux('opensuse-leap', 'suse', 'opensuse'), 'sudo zypper install'],
    [linux('void'), 'DOCKER_HOST'],
    [{ platform: 'darwin', root: false, ids: [] } satisfies System, 'brew install colima'],
    [{ platform: 'win32', root: false, ids: [] } satisfies System, 'WSL 2'],
  ])('names the commands of the system (%j)', (system, command) => {
    expect(installAdvice(system)).toContain(command);
  });

  it('does not tell root to use sudo', () => {
    for (const ids of [['fedora'], ['alpine'], ['arch'], ['suse']]) {
      expect(installAdvice({ platform: 'linux', root: true, ids })).not.toContain('sudo');
    }
  });
});
