/** Parameters of MAIL and RCPT, each of which some rule may read. */
import type { Variation } from './variation.ts';

const sending = (
  key: string,
  words: string,
  parameters: { mail?: string; rcpt?: string },
  more: Partial<Variation> = {},
): Variation => ({
  key,
  words,
  session: [
    { do: 'greet' },
    { do: 'mail', ...(parameters.mail === undefined ? {} : { parameters: parameters.mail }) },
    { do: 'rcpt', ...(parameters.rcpt === undefined ? {} : { parameters: parameters.rcpt }) },
    { do: 'data' },
  ],
  ...more,
});

const claimed = {
  requirement: 'A server MUST treat the identity that a stranger claims in MAIL FROM’s AUTH parameter as none.',
  remedy:
    'Take out the rule that reads the macro auth_author, which is what the client claims: who has authenticated stands in ' +
    'auth_authen and auth_type.',
};

const report = {
  requirement: 'A server MUST refuse to relay a stranger’s message, whatever delivery report it asks for.',
};

export const parameters: readonly Variation[] = [
  sending(
    'auth-parameter',
    'MAIL with AUTH= a local account',
    { mail: 'AUTH={account}@{L}' },
    {
      ...claimed,
      submissionToo: true,
    },
  ),
  sending('auth-parameter-root', 'MAIL with AUTH= root', { mail: 'AUTH=root' }, claimed),
  sending('auth-parameter-empty', 'MAIL with AUTH=<>', { mail: 'AUTH=<>' }, claimed),
  sending('dsn-orcpt', 'RCPT with a local ORCPT', { rcpt: 'ORCPT=rfc822;{account}@{L}' }, report),
  sending('dsn-notify', 'RCPT with NOTIFY', { rcpt: 'NOTIFY=SUCCESS,FAILURE,DELAY' }, report),
  sending('dsn-ret', 'MAIL with RET and ENVID', { mail: 'RET=FULL ENVID={u}' }, report),
  sending(
    'dsn-all',
    'MAIL and RCPT with all parameters of delivery reports',
    { mail: 'RET=HDRS ENVID={u}', rcpt: 'NOTIFY=NEVER ORCPT=rfc822;{account}@{L}' },
    { ...report, submissionToo: true },
  ),
  sending('size', 'MAIL with SIZE', { mail: 'SIZE=1000' }),
  sending('body-8bit', 'MAIL with BODY=8BITMIME', { mail: 'BODY=8BITMIME' }),
  sending(
    'smtputf8',
    'MAIL with SMTPUTF8',
    { mail: 'SMTPUTF8' },
    {
      rejectedWith: ['5.5.4'],
      noControl: 'Debian’s sendmail is built without SMTPUTF8, and rejects the parameter in every configuration',
    },
  ),
  sending(
    'unknown-parameter',
    'RCPT with a parameter that nobody knows',
    { rcpt: 'RELAY=YES' },
    {
      rejectedWith: ['5.5.4'],
      noControl: 'sendmail rejects a parameter that it does not know, in every configuration',
    },
  ),
];
