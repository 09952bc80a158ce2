/**
 * What the configuration inside somebody's own image says of itself: its files are copied out and described in the
 * container that holds its network, by the same program as every configuration. The image needs no Perl.
 */
import { Failure } from '../../../audit/failure.ts';
import type { Docker } from '../../engine/find-engine.ts';
import { ContainerShell, quoted } from '../container-shell.ts';
import { type TargetFacts, targetFacts } from '../target-facts.ts';
import { copyBetween, putFiles, readFileIn } from './archive.ts';

/** Files of the machine itself: the container that describes needs its own. */
const ofTheMachine = /^\/(etc\/(passwd|group|shadow|hosts|resolv\.conf|hostname)$|proc\/|sys\/|dev\/|run\/relayproof)/;
const OWN_CF = '/etc/mail/sendmail.cf';

/** Files that a sendmail.cf names and that say who is meant: classes, aliases, maps' texts, certificate and key. */
export function filesNamedBy(cf: string): string[] {
  const lines = cf
    .split('\n')
    .filter((line) => /^(F|K|O (AliasFile|ServerCertFile|ServerKeyFile)=)/.test(line))
    // A class of one letter stands right before its file.
    .map((line) => line.replace(/^F(\{\w+\}|\w)/, 'F '));
  const paths = lines.flatMap((line) => line.match(/(?<![\w.-])\/[\w.+/-]+/g) ?? []);
  return [...new Set(paths)].filter((path) => !ofTheMachine.test(path) && !path.endsWith('/'));
}

/** `O LogLevel`: 9 where it is not said (op guide 5.6). */
export const logLevelOf = (cf: string): number => Number(/^O LogLevel=(\d+)/m.exec(cf)?.[1] ?? 9);

/**
 * @param from the image's container
 * @param to the container that describes
 * @throws Failure BAD_CONFIGURATION if there is no sendmail.cf
 */
export async function describeImage(
  docker: Docker,
  image: string,
  cfPath: string,
  { from, to }: { from: string; to: string },
): Promise<{ facts: TargetFacts; cf: string }> {
  const content = await readFileIn(docker, from, cfPath);
  if (!content) {
    throw new Failure(
      'BAD_CONFIGURATION',
      `${image}: there is no ${cfPath} in it`,
      'Say where its compiled configuration is: LABEL org.relayproof.sendmail-cf=/path/to/sendmail.cf',
    );
  }
  const cf = content.toString('latin1');
  const shell = await ContainerShell.open(docker, to);
  try {
    await shell.run('rm -rf /etc/mail; mkdir -p /etc/mail /run/relayproof');
    await copyBetween(docker, { from, to }, '/etc/mail');
    const named = filesNamedBy(cf);
    for (const path of named.filter((one) => !one.startsWith('/etc/mail/'))) {
      await shell.run(`mkdir -p "$(dirname ${quoted(path)})"`);
      await copyBetween(docker, { from, to }, path);
    }
    await shell.run(`rm -f ${OWN_CF} /etc/mail/popauth.conf`);
    await putFiles(docker, to, new Map([[OWN_CF, content]]));
    const described = await shell.run(
      '/usr/local/lib/relayproof/describe /run/relayproof && cat /run/relayproof/facts',
    );
    if (described.status !== 0) {
      throw new Failure(
        'CONFIGURATION_DOES_NOT_START',
        `${image}: its ${cfPath} cannot be described`,
        'See the messages below.',
        { output: described.output.trim().split('\n').slice(-20) },
      );
    }
    const text = described.output.slice(described.output.lastIndexOf('\n{') + 1);
    const facts = targetFacts.parse(JSON.parse(text));
    // What describe cannot know of another image: certificates that a start of our own would make are not made there.
    const key = /^O ServerKeyFile=(\S+)/m.exec(cf)?.[1] ?? facts.serverCertificate;
    const hasKey = facts.serverCertificate !== '' && (await readFileIn(docker, from, key)) !== undefined;
    return { facts: { ...facts, serverCertificate: hasKey ? facts.serverCertificate : '' }, cf };
  } finally {
    shell.close();
  }
}
