/**
 * The bundled configurations with one known fault each. A run in which the attempts that are named here do not flag
 * them is worthless. Patterns name attempts by id; `*` stands for anything.
 */
import type { Effect } from '../../reports/model.ts';
import type { Configuration } from './configuration.ts';
import { applyEdits, type Edit } from './edit.ts';
import { type ReferenceName, readReference } from './references.ts';

type ControlDefinition = {
  name: string;
  base: ReferenceName;
  fault: string;
  effect: Effect;
  edits: readonly Edit[];
  detectedBy: readonly string[];
};

const beforeMailers = { file: 'sendmail.mc', before: 'MAILER(`local' } as const;
const trusted = "TRUST_AUTH_MECH(`SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')dnl";
const offered = "define(`confAUTH_MECHANISMS', `SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')dnl";
const options = "define(`confAUTH_OPTIONS', `A p y')dnl";

export const controls: readonly ControlDefinition[] = [
  {
    name: 'promiscuous-relay',
    base: 'both',
    fault: 'FEATURE(`promiscuous_relay’): no relay check at all',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`promiscuous_relay')dnl" }],
    detectedBy: [
      'open-relay/*',
      'sender-trust/*',
      'smtp-auth/*-starttls-wrong-password*',
      'smtp-auth/cram-md5-clear-wrong-password*',
      'smtp-auth/digest-md5-clear-wrong-password*',
      'smtp-auth/scram-*-clear-wrong-password*',
      'smtp-auth/plain-empty-password',
      'smtp-auth/plain-unknown-user',
      'smtp-auth/anonymous-*',
      'pop-before-smtp/no-login',
      'pop-before-smtp/prefix',
      'pop-before-smtp/ipv4-login-ipv6-message',
      'pop-before-smtp/ipv6-login-ipv4-message',
    ],
  },
  {
    name: 'relay-local-from',
    base: 'smtp-auth',
    fault: 'FEATURE(`relay_local_from’): whoever writes a local sender may relay',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`relay_local_from')dnl" }],
    detectedBy: [
      'sender-trust/local-account',
      'sender-trust/local-unknown',
      'sender-trust/local-root',
      'sender-trust/host-postmaster',
      'open-relay/host-sender',
    ],
  },
  {
    name: 'trusted-network',
    base: 'both',
    fault: 'the access map lets the networks 198.18.0.0/16 and 198.19.0.0/16 relay, which nobody declared',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'Connect:198.18\tRELAY\nConnect:198.19\tRELAY' }],
    detectedBy: [
      'open-relay/outside-sender',
      'open-relay/null-sender',
      'pop-before-smtp/no-login',
      'pop-before-smtp/neighbour',
    ],
  },
  {
    name: 'trusted-network-ipv6',
    base: 'smtp-auth',
    fault: 'the access map lets the network 2001:2::/32 relay, which nobody declared',
    effect: 'leak',
    edits: [{ file: 'access', insert: 'Connect:IPv6:2001:2\tRELAY' }],
    detectedBy: ['open-relay/outside-sender-ipv6'],
  },
  {
    name: 'relayed-top-level-domain',
    base: 'smtp-auth',
    fault: 'RELAY_DOMAIN(`org’): mail to a whole top-level domain is relayed for anybody',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "RELAY_DOMAIN(`org')dnl" }],
    detectedBy: ['open-relay/to-org'],
  },
  {
    name: 'anonymous-trusted',
    base: 'smtp-auth',
    fault: 'ANONYMOUS is offered and trusted',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', replace: offered, by: offered.replace("PLAIN'", "PLAIN ANONYMOUS'") },
      { file: 'sendmail.mc', replace: trusted, by: trusted.replace("PLAIN'", "PLAIN ANONYMOUS'") },
      { file: 'sendmail.mc', replace: options, by: options.replace(' y', '') },
    ],
    detectedBy: ['smtp-auth/anonymous-clear', 'smtp-auth/anonymous-starttls'],
  },
  {
    name: 'pop-authorises-failed-login',
    base: 'pop-before-smtp',
    fault: 'the writer follows the log, and its pattern matches failed and aborted logins as well',
    effect: 'leak',
    edits: [{ file: 'popauth.conf', create: 'hook = log\npattern = pop3-login: .*\\brip=([0-9a-f.:]+),\n' }],
    detectedBy: [
      'pop-before-smtp/wrong-password',
      'pop-before-smtp/unknown-user',
      'pop-before-smtp/user-only',
      'pop-before-smtp/dropped',
    ],
  },
  {
    name: 'pop-authorisation-never-expires',
    base: 'both',
    fault: 'the writer never removes an address, as the provider’s did without a cron job of one’s own',
    effect: 'leak',
    edits: [{ file: 'popauth.conf', create: 'lifetime = never\n' }],
    detectedBy: ['pop-before-smtp/expired', 'pop-before-smtp/expired-submission'],
  },
  {
    name: 'pop-authorises-network',
    base: 'pop-before-smtp',
    fault: 'the writer authorises the whole /24 of an address, because dial-up users change theirs',
    effect: 'leak',
    edits: [{ file: 'popauth.conf', create: 'authorise = network\n' }],
    detectedBy: ['pop-before-smtp/neighbour', 'pop-before-smtp/prefix'],
  },
  {
    name: 'pop-authorisation-too-short',
    base: 'pop-before-smtp',
    fault: 'the writer’s lifetime is 30 seconds where 30 minutes are declared',
    effect: 'lock-out',
    edits: [{ file: 'popauth.conf', create: 'lifetime = 30\n' }],
    detectedBy: ['pop-before-smtp/before-expiry', 'pop-before-smtp/renewed'],
  },
  {
    name: 'pop-map-at-wrong-path',
    base: 'both',
    fault: 'sendmail looks in another map than the one that the POP server’s writer keeps',
    effect: 'lock-out',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "FEATURE(`drac', `hash /etc/mail/drac')dnl",
        by: "FEATURE(`drac', `hash /etc/mail/popauth')dnl",
      },
    ],
    detectedBy: [
      'pop-before-smtp/login',
      'pop-before-smtp/login-submission',
      'pop-before-smtp/login-ipv6',
      'pop-before-smtp/before-expiry',
      'pop-before-smtp/renewed',
      'pop-before-smtp/failed-auth-keeps-it',
    ],
  },
  {
    name: 'mechanisms-not-trusted',
    base: 'smtp-auth',
    fault: 'TRUST_AUTH_MECH is missing: users authenticate and may not relay all the same',
    effect: 'lock-out',
    edits: [{ file: 'sendmail.mc', replace: `${trusted}\n`, by: '' }],
    detectedBy: mechanismsBut(['PLAIN', 'LOGIN'], 'clear').concat(mechanismsBut([], 'starttls')),
  },
  {
    name: 'plaintext-mechanisms-not-trusted',
    base: 'both',
    fault: 'PLAIN and LOGIN are offered in clear, as the provider of 2003 did, but not trusted',
    effect: 'lock-out',
    edits: [
      { file: 'sendmail.mc', replace: options, by: options.replace(' p', '') },
      { file: 'sendmail.mc', replace: trusted, by: trusted.replace(" LOGIN PLAIN'", "'") },
    ],
    detectedBy: ['smtp-auth/plain-clear*', 'smtp-auth/login-clear*'].flatMap((pattern) => [
      pattern.replace('*', ''),
      pattern.replace('*', '-submission'),
    ]),
  },
  {
    name: 'plaintext-auth-offered',
    base: 'smtp-auth',
    fault: 'confAUTH_OPTIONS without p: passwords are taken in clear',
    effect: 'weak',
    edits: [{ file: 'sendmail.mc', replace: options, by: options.replace(' p', '') }],
    detectedBy: ['transport/plaintext-auth-*'],
  },
  {
    name: 'plaintext-promiscuous',
    base: 'both',
    fault: 'Local_check_rcpt answers $#OK for everybody, on a server that takes passwords in clear',
    effect: 'leak',
    edits: [
      { file: 'sendmail.mc', replace: options, by: options.replace(' p', '') },
      { file: 'sendmail.mc', insert: 'LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t\t$#OK' },
    ],
    detectedBy: ['smtp-auth/plain-clear-wrong-password*', 'smtp-auth/login-clear-wrong-password*'],
  },
  {
    name: 'starttls-switched-off',
    base: 'smtp-auth',
    fault: 'the daemon on port 25 has M=S: no STARTTLS, and so no PLAIN or LOGIN there',
    effect: 'lock-out',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
        by: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp, M=S')dnl",
      },
    ],
    detectedBy: ['transport/starttls', 'smtp-auth/plain-starttls', 'smtp-auth/login-starttls'],
  },
  {
    name: 'submission-open-to-strangers',
    base: 'smtp-auth',
    fault: 'the submission daemon lacks M=a: strangers may use it for local mail',
    effect: 'weak',
    edits: [{ file: 'sendmail.mc', replace: 'Port=submission, M=Ea', by: 'Port=submission, M=E' }],
    detectedBy: ['smtp-auth/submission-unauthenticated'],
  },
  {
    name: 'authentication-on-port-25',
    base: 'smtp-auth',
    fault: 'M=a on port 25: the whole world needs a password to write to our users',
    effect: 'inbound',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
        by: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp, M=a')dnl",
      },
    ],
    detectedBy: [
      'legitimate-mail/local',
      'legitimate-mail/local-ipv6',
      'legitimate-mail/null-sender',
      'legitimate-mail/own-sender',
    ],
  },
  {
    name: 'local-mailer-limit',
    base: 'both-procmail',
    fault: 'LOCAL_MAILER_MAX is 100 octets, where kilobytes were meant: mail to local users is accepted and bounces',
    effect: 'inbound',
    edits: [{ ...beforeMailers, insert: "define(`LOCAL_MAILER_MAX', `100')dnl" }],
    detectedBy: ['legitimate-mail/local', 'legitimate-mail/authenticated-local', 'transport/starttls'],
  },
  {
    name: 'pop-rules-left-in',
    base: 'smtp-auth',
    fault: 'FEATURE(`drac’) stands in a configuration that is meant for SMTP-AUTH alone',
    effect: 'leak',
    edits: [{ ...beforeMailers, insert: "FEATURE(`drac', `hash /etc/mail/drac')dnl" }],
    detectedBy: ['pop-before-smtp/login-outside-the-mode'],
  },
  {
    name: 'auth-left-in',
    base: 'pop-before-smtp',
    fault: 'AUTH is offered and trusted in a configuration that is meant for POP before SMTP alone',
    effect: 'leak',
    edits: [
      {
        file: 'sendmail.mc',
        replace: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp, M=A')dnl",
        by: "DAEMON_OPTIONS(`Name=MTA, Family=inet6, Port=smtp')dnl",
      },
      {
        ...beforeMailers,
        insert: "define(`confAUTH_MECHANISMS', `LOGIN PLAIN')dnl\nTRUST_AUTH_MECH(`LOGIN PLAIN')dnl",
      },
    ],
    detectedBy: ['smtp-auth/login-outside-the-mode'],
  },
];

/** Ids of the attempts that send with the right password over a channel, on both ports. */
function mechanismsBut(without: string[], channel: 'clear' | 'starttls'): string[] {
  return ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256']
    .filter((mechanism) => !without.includes(mechanism))
    .flatMap((mechanism) => {
      const id = `smtp-auth/${mechanism.toLowerCase()}-${channel}`;
      return [id, `${id}-submission`];
    });
}

/** Makes the configuration of a control from its reference. */
export async function readControl(definition: ControlDefinition): Promise<Configuration> {
  const base = await readReference(definition.base);
  const { files, changes } = applyEdits(base.files, definition.edits);
  const { name, fault, effect, detectedBy } = definition;
  return {
    name,
    role: 'control',
    title: fault,
    files,
    policy: base.policy,
    control: { base: definition.base, fault, effect, detectedBy, changes },
  };
}
