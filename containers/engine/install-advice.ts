/** The system that this process runs on, as far as the way to install an engine depends on it. */
export type System = {
  platform: NodeJS.Platform;
  root: boolean;
  /** The system's own id first, then those that it is like: `['ubuntu', 'debian']`. */
  ids: readonly string[];
};

/** Reads the ids from the text of /etc/os-release (`ID` and `ID_LIKE`); none if it has none. */
export function osReleaseIds(text: string): string[] {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|(\S*))\s*$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], match[2] ?? match[3] ?? match[4] ?? '');
  }
  const words = `${values.get('ID') ?? ''} ${values.get('ID_LIKE') ?? ''}`.toLowerCase().split(/\s+/);
  return [...new Set(words.filter((word) => word !== ''))];
}

/** Whether packages come with apt-get, under Debian's names. */
export function isDebianFamily({ platform, ids }: System): boolean {
  return platform === 'linux' && (ids.includes('debian') || ids.includes('ubuntu'));
}

/** The commands with which a person gets an engine on this system, one a line. */
export function installAdvice(system: System): string {
  return commands(system).join('\n');
}

function commands(system: System): string[] {
  const { platform, root, ids } = system;
  const sudo = root ? '' : 'sudo ';
  // Membership in a group counts from the next login.
  const join = root ? [] : ['sudo usermod -aG docker "$USER"   # then log in again'];
  const has = (...names: string[]) => names.some((name) => ids.includes(name));
  if (platform === 'darwin') {
    return [
      'Start Docker Desktop, or install an engine:',
      '  brew install colima docker && colima start',
      '  export DOCKER_HOST="unix://$HOME/.colima/default/docker.sock"',
    ];
  }
  if (platform !== 'linux') return ['Run relayproof inside a Linux system (on Windows: WSL 2) with Docker installed.'];
  if (isDebianFamily(system)) {
    return indent('Install an engine, or run as root and it is installed for you:', [
      `${sudo}apt-get update`,
      `${sudo}apt-get install -y --no-install-recommends docker.io iptables ca-certificates`,
      ...join,
    ]);
  }
  if (has('fedora', 'rhel', 'centos')) {
    const socket = root ? 'unix:///run/podman/podman.sock' : 'unix:///run/user/$(id -u)/podman/podman.sock';
    return indent('Install an engine:', [
      `${sudo}dnf install -y podman`,
      root ? 'systemctl enable --now podman.socket' : 'systemctl --user enable --now podman.socket',
      `export DOCKER_HOST=${socket}`,
    ]);
  }
  if (has('alpine'))
    return indent('Install an engine:', [`${sudo}apk add docker`, `${sudo}rc-service docker start`, ...join]);
  if (has('arch')) {
    return indent('Install an engine:', [`${sudo}pacman -S --needed docker`, `${sudo}systemctl start docker`, ...join]);
  }
  if (has('suse', 'opensuse')) {
    return indent('Install an engine:', [`${sudo}zypper install -y docker`, `${sudo}systemctl start docker`, ...join]);
  }
  return [
    'Install Docker Engine or Podman from your system’s packages and start it, or set DOCKER_HOST to a running one.',
  ];
}

function indent(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}
