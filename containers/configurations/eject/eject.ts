/** A reference as a folder that can be installed: what sendmail needs, and what has to be around it. */
import { readFile } from 'node:fs/promises';
import { type AuthMode, authModes } from '../../../reports/model.ts';
import { POLICY_FILE } from '../folder.ts';
import { type ReferenceName, readReference } from '../references.ts';
import { installGuide } from './install-guide.ts';

export type EjectedFile = { path: string; content: Buffer; executable: boolean };

const part = (file: string): Promise<Buffer> => readFile(new URL(`./${file}`, import.meta.url));

const popParts = [
  'popauth',
  'pop-login',
  'dovecot-2.3.conf',
  'dovecot-2.4.conf',
  'popauth-sweep.service',
  'popauth-sweep.timer',
  'popauth.cron',
  'pop-before-smtp.m4',
] as const;

const popWords: Record<(typeof popParts)[number], string> = {
  popauth: 'the POP-authorisation writer, and the sweeper',
  'pop-login': 'what Dovecot runs after a login: it calls the writer',
  'dovecot-2.3.conf': 'for Dovecot 2.3: runs it',
  'dovecot-2.4.conf': 'for Dovecot 2.4: runs it',
  'popauth-sweep.service': 'the sweep, for systemd',
  'popauth-sweep.timer': 'when it runs: every minute',
  'popauth.cron': 'the same for cron',
  'pop-before-smtp.m4': "in place of ``FEATURE(`drac')`` where sendmail-cf has none",
};

const executables: ReadonlySet<string> = new Set(['popauth', 'pop-login']);

/** The files of the folder, in the order of their paths. */
export async function ejectedFiles(name: ReferenceName): Promise<EjectedFile[]> {
  const { files, policy } = await readReference(name);
  const mode: AuthMode = authModes.find((one) => one === policy.mode) ?? 'both';
  const { map = 'hash /etc/mail/drac', lifetime } = policy.popAuthorization;
  const made = new Map<string, string | Buffer>([...files].map(([path, { content }]) => [path, content]));
  const additions: [string, string][] = [['Makefile', 'builds the maps and installs everything']];
  const makefile = [await part('Makefile')];
  if (mode !== 'smtp-auth') {
    makefile.push(await part('Makefile.pop'));
    made.set(
      'popauth.conf',
      `# What the POP-authorisation writer keeps, and for how long (seconds).\nmap = ${map}\nlifetime = ${lifetime}\n`,
    );
    additions.push(['popauth.conf', 'the writer’s map and lifetime']);
    for (const file of popParts) {
      const content = (await part(file)).toString('utf8').replace('MAP_OF_POPAUTH', map);
      made.set(`pop/${file}`, content);
      additions.push([`pop/${file}`, popWords[file]]);
    }
  }
  if (mode !== 'pop-before-smtp') {
    makefile.push(await part('Makefile.sasl'));
    made.set('sasl/Sendmail.conf', await part('Sendmail.conf'));
    additions.push(['sasl/Sendmail.conf', 'where SASL finds passwords: in its own database']);
  }
  made.set('Makefile', Buffer.concat(makefile));
  const readme = files.get('README.md')?.content.toString('utf8') ?? `# ${name}\n`;
  const rows = additions.map(([path, what]) => `| \`${path}\` | ${what} |`);
  made.set(
    'README.md',
    `${readme.trimEnd()}\n${rows.join('\n')}\n\nsendmail itself reads nothing of \`${POLICY_FILE}\`, \`Makefile\` and this file.\n\n${installGuide(name, mode)}`,
  );
  return [...made]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => ({
      path,
      content: Buffer.from(content),
      executable: path.startsWith('pop/') && executables.has(path.slice('pop/'.length)),
    }));
}
