import { expect, test } from 'vitest';
import { filesNamedBy, logLevelOf } from './image-facts.ts';

test('the files that a sendmail.cf names are those that say who is meant', () => {
  const cf = [
    'V10/Berkeley',
    'Fw/etc/mail/local-host-names',
    'FR-o /etc/mail/relay-domains %[^\\#]',
    'O AliasFile=hash:/etc/aliases, /usr/local/etc/aliases.more',
    'O QueueDirectory=/var/spool/mqueue',
    'Kaccess hash -T<TMPF> /etc/mail/access',
    'Kpasswd text -k0 -v2 -z: /etc/passwd',
    'O ServerKeyFile=/etc/ssl/private/mail.pem',
    'Mlocal, P=/usr/bin/procmail, A=procmail',
  ].join('\n');
  expect(filesNamedBy(cf)).toEqual([
    '/etc/mail/local-host-names',
    '/etc/mail/relay-domains',
    '/etc/aliases',
    '/usr/local/etc/aliases.more',
    '/etc/mail/access',
    '/etc/ssl/private/mail.pem',
  ]);
});

test('the log level is 9 where nothing is said', () => {
  expect(logLevelOf('V10\n#O LogLevel=20\n')).toBe(9);
  expect(logLevelOf('O LogLevel=14\n')).toBe(14);
});
