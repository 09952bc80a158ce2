/** From what is found in somebody's own image to what the harness cannot do with it. A pure function. */
import type { PopLogin } from '../../../suites/scene.ts';
import type { Ability, Limits } from '../limits.ts';

/** What a POP3 server says of the ways to log in. */
export type PopOffer = {
  /** CAPA (RFC 2449), in upper case; undefined where it has none. */
  capabilities: readonly string[] | undefined;
  timestamp: boolean;
  implicitTls: boolean;
  /** Whether the log shows its sessions. */
  logged: boolean;
};

export type Found = {
  accounts: boolean;
  accountsPath: string;
  popAge: boolean;
  /** Whether there is a shell in the image. */
  shell: boolean;
  /** sendmail's program; undefined if it is nowhere. */
  sendmail: string | undefined;
  /** Undefined where nothing answers on port 110. */
  pop: PopOffer | undefined;
};

const noAccounts = (path: string) => `the image has no accounts hook (${path}): there is nobody to log in as`;

function popWays({ capabilities, timestamp, implicitTls }: PopOffer): [Ability, string][] {
  const sasl = capabilities?.find((one) => one.startsWith('SASL'))?.split(' ') ?? [];
  const offered: Record<Exclude<PopLogin, 'user-pass'>, boolean> = {
    apop: timestamp,
    'auth-plain': sasl.includes('PLAIN'),
    'auth-login': sasl.includes('LOGIN'),
    'auth-cram-md5': sasl.includes('CRAM-MD5'),
    stls: capabilities?.includes('STLS') ?? false,
    'implicit-tls': implicitTls,
  };
  return Object.entries(offered).flatMap(([by, there]): [Ability, string][] => {
    const why = by === 'implicit-tls' ? 'nothing answers on port 995' : `the image’s POP3 server does not offer ${by}`;
    return there ? [] : [[`pop by ${by as PopLogin}`, why]];
  });
}

export function limitsOf({ accounts, accountsPath, popAge, shell, sendmail, pop }: Found): Limits {
  const limits = new Map<Ability, string>();
  const noPop = 'nothing answers on port 110 (POP3) of the image';
  if (!accounts) {
    limits.set('accounts', noAccounts(accountsPath));
    limits.set('mailboxes', `the image has no accounts hook (${accountsPath}): no mailbox can be read`);
  } else if (!pop) {
    limits.set('mailboxes', `${noPop}: no mailbox can be read`);
  }
  if (!pop) {
    limits.set('pop', noPop);
  } else if (!pop.logged) {
    limits.set('pop', 'the image’s log does not show POP3 sessions (Dovecot’s lines with rip=)');
  } else {
    for (const [ability, why] of popWays(pop)) {
      limits.set(ability, why);
    }
  }
  if (!popAge) {
    limits.set(
      'pop map',
      'the image has no label org.relayproof.pop-age: an entry of the POP map cannot be made older',
    );
  }
  if (!accounts || !shell) {
    limits.set('homes', 'the image has no accounts hook or no shell: no file can be put into a user’s home');
  }
  limits.set('restarts', 'the contract has no way to restart a server inside somebody’s own image');
  limits.set('trusted certificates', 'the image does not know the lab’s certificate authority');
  if (!shell || sendmail === undefined) {
    limits.set(
      'rules',
      shell
        ? 'the image has no sendmail program at a usual place: its rules cannot be asked (sendmail -bt)'
        : 'the image has no shell: sendmail’s rules cannot be asked (sendmail -bt)',
    );
  }
  return limits;
}
