/** What the README of an ejected folder says of installing it. */
import type { AuthMode } from '../../../reports/model.ts';
import type { ReferenceName } from '../references.ts';

type Part = { name: ReferenceName; mode: AuthMode; procmail: boolean; pop: boolean; auth: boolean };

const fence = (lines: (string | false)[], language = 'sh') => [
  `\`\`\`${language}`,
  ...lines.filter((line) => line !== false),
  '```',
  '',
];

function adapt({ name, procmail, pop }: Part): string[] {
  return [
    '## 1. Make it yours',
    '',
    '- `hosting.example` is a sample: put your own domains into `local-host-names`, your own host name (three labels) into `confDOMAIN_NAME` of `sendmail.mc`, and go through `access`, `aliases` and `virtusertable`, whose entries are samples too.',
    '- The certificate, its key and the authority are expected as `/etc/mail/tls/cert.pem`, `key.pem` (mode 0600) and `ca.pem`.',
    '- On another system than Debian, change these lines of `sendmail.mc`:',
    '',
    '| line | Debian | Red Hat | FreeBSD |',
    '| --- | --- | --- | --- |',
    '| `include` | `/usr/share/sendmail/cf/m4/cf.m4` | `/usr/share/sendmail-cf/m4/cf.m4` | `/usr/share/sendmail/cf/m4/cf.m4`; the port’s: `/usr/local/share/sendmail/cf/m4/cf.m4` |',
    '| `OSTYPE` | `debian` | `linux` | `freebsd6` |',
    ...(procmail
      ? ['| `local_procmail` | `/usr/bin/procmail` | `/usr/bin/procmail` | `/usr/local/bin/procmail` |']
      : []),
    ...(pop
      ? [
          "| ``FEATURE(`drac', …)dnl`` | as it is | ``include(`/etc/mail/pop/pop-before-smtp.m4')dnl`` in its place | the same |",
        ]
      : []),
    '',
    ...(procmail
      ? []
      : [
          `Local mail is delivered by mail.local. With \`\`OSTYPE(\`linux')\`\`, which sets procmail up for that, it is not: on Red Hat eject \`${name}-procmail\`.`,
          '',
        ]),
    'Then audit what you changed, before anything is installed:',
    '',
    ...fence(['relayproof audit .']),
  ];
}

function packages({ procmail, pop, auth }: Part): string[] {
  const list = (...names: (string | false)[]) => names.filter((name) => name !== false).join(' ');
  const debian = list(
    'sendmail',
    'sendmail-cf',
    'm4',
    'make',
    procmail && 'procmail',
    auth && 'sasl2-bin libsasl2-modules libsasl2-modules-db',
    pop && 'dovecot-pop3d perl',
  );
  const redHat = list(
    'sendmail',
    'sendmail-cf',
    'm4',
    'make',
    procmail && 'procmail',
    auth && 'cyrus-sasl cyrus-sasl-plain cyrus-sasl-md5 cyrus-sasl-scram',
    pop && 'dovecot perl perl-DB_File',
  );
  const freeBsd = list('sendmail', procmail && 'procmail', auth && 'cyrus-sasl', pop && 'dovecot perl5');
  return [
    '## 2. Packages',
    '',
    '| system | command |',
    '| --- | --- |',
    `| Debian, Ubuntu | \`apt-get install ${debian}\` |`,
    `| Red Hat and its kin | \`dnf install ${redHat}\` |`,
    `| FreeBSD | \`pkg install ${freeBsd}\` |`,
    '',
    'Look at what your sendmail can do, and go no further if something is missing:',
    '',
    ...fence([
      `sendmail -d0.1 -bt < /dev/null    # "Compiled with" must name ${list('NEWDB', 'STARTTLS', auth && 'SASLv2').replaceAll(' ', ', ')}`,
    ]),
    'NEWDB is Berkeley DB, which `hash` maps need; distributions are leaving it. On FreeBSD the sendmail of the base system has no SASL: use the one from ports, with its option SASL, and name it in `/etc/mail/mailer.conf`.',
    '',
  ];
}

function install({ pop, auth }: Part): string[] {
  return [
    '## 3. Install',
    '',
    'As root, in this folder. The first line is what you go back to.',
    '',
    ...fence([
      'cp -a /etc/mail /etc/mail.before',
      pop && 'make install-pop',
      auth && 'make install-sasl     # Red Hat: make install-sasl SASL=/etc/sasl2; FreeBSD: SASL=/usr/local/lib/sasl2',
      'make install',
      'systemctl restart sendmail    # FreeBSD: service sendmail restart',
    ]),
    'If your `aliases` is elsewhere (Red Hat: `/etc/aliases`), merge the file into that one and run `newaliases`.',
    '',
  ];
}

function users({ auth }: Part): string[] {
  return auth
    ? [
        '## 4. Users for SMTP-AUTH',
        '',
        'Passwords are in SASL’s own database, under the server’s host name as realm:',
        '',
        ...fence([
          'saslpasswd2 -c -u mail.hosting.example alice    # FreeBSD: saslpasswd2 from cyrus-sasl, database /usr/local/etc/sasldb2.db',
          'chown root:sasl /etc/sasldb2 && chmod 0640 /etc/sasldb2    # Debian; Red Hat: root:root, mode 0600',
          'sasldblistusers2',
        ]),
      ]
    : [];
}

function popServer({ pop }: Part): string[] {
  return pop
    ? [
        '## 5. The POP server, and the writer',
        '',
        'Dovecot calls the writer after each login. `dovecot --version` says which of the two files is yours:',
        '',
        ...fence([
          'cp pop/dovecot-2.4.conf /etc/dovecot/conf.d/99-pop-before-smtp.conf    # or pop/dovecot-2.3.conf; FreeBSD: /usr/local/etc/dovecot/conf.d',
          'doveconf -n && systemctl restart dovecot    # FreeBSD: service dovecot restart',
        ]),
        'Entries are removed a minute after their time at the latest, by one of these:',
        '',
        ...fence([
          'cp pop/popauth-sweep.service pop/popauth-sweep.timer /etc/systemd/system/',
          'systemctl daemon-reload && systemctl enable --now popauth-sweep.timer',
          'cp pop/popauth.cron /etc/cron.d/popauth    # without systemd; on FreeBSD append its last line to /etc/crontab',
        ]),
        'Lifetime and map are in `/etc/mail/popauth.conf`; the map must be the one that `sendmail.mc` names. If you keep the file in the folder that you audit, the audit takes its settings for what your writer does. A login that fails to be recorded is in the mail log (`popauth: could not record`).',
        '',
      ]
    : [];
}

function ports({ pop }: Part): string[] {
  const list = ['25 (smtp)', '587 (submission)', ...(pop ? ['110 (pop3)', '995 (pop3s)'] : [])].join(', ');
  const services = ['smtp', 'smtp-submission', ...(pop ? ['pop3', 'pop3s'] : [])].map((one) => `--add-service=${one}`);
  const numbers = ['25', '587', ...(pop ? ['110', '995'] : [])];
  return [
    '## 6. Ports',
    '',
    `To be reached from outside: ${list}.`,
    '',
    ...fence([
      `nft add rule inet filter input tcp dport '{ ${numbers.join(', ')} }' accept    # Debian, if you use nftables`,
      `firewall-cmd --permanent ${services.join(' ')} && firewall-cmd --reload    # Red Hat`,
    ]),
  ];
}

function test({ pop, auth }: Part): string[] {
  return [
    '## 7. Test',
    '',
    ...fence([
      "echo '3,0 postmaster@hosting.example' | sendmail -bt     # must end in $#local",
      pop && 'popauth list     # after a POP login: your address',
      pop && "echo '/map drac 192.0.2.1' | sendmail -bt     # with pop-before-smtp.m4: /map popauth",
      auth && 'openssl s_client -starttls smtp -crlf -connect mail.hosting.example:587     # EHLO there must show AUTH',
    ]),
    'From a host that may not send, a message to outside must be refused with `550 5.7.1 Relaying denied`; to a local user it must arrive.',
    '',
  ];
}

function rollBack({ pop }: Part): string[] {
  return [
    '## 8. Roll back',
    '',
    ...fence([
      'mv /etc/mail /etc/mail.tried && cp -a /etc/mail.before /etc/mail',
      pop && 'rm -f /etc/dovecot/conf.d/99-pop-before-smtp.conf && systemctl restart dovecot',
      pop && 'systemctl disable --now popauth-sweep.timer; rm -f /etc/cron.d/popauth',
      'newaliases && systemctl restart sendmail',
    ]),
  ];
}

/** The steps, in Markdown. */
export function installGuide(name: ReferenceName, mode: AuthMode): string {
  const part = {
    name,
    mode,
    procmail: name.endsWith('-procmail'),
    pop: mode !== 'smtp-auth',
    auth: mode !== 'pop-before-smtp',
  };
  const sections = [adapt, packages, install, users, popServer, ports, test, rollBack]
    .map((section) => section(part))
    .filter((lines) => lines.length > 0);
  const numbered = sections.map(([head = '', ...lines], index) => [
    head.replace(/^## \d+/, `## ${index + 1}`),
    ...lines,
  ]);
  return [
    '# Installing it',
    '',
    'Packages and settings for Debian are those of the audit’s own mail server, in which the Makefile, the writer and the file for Dovecot 2.4 are tested as well. What is said of Red Hat and FreeBSD, and the file for Dovecot 2.3, follow the documentation of these systems and were not tried there: that is what the audit in step 1, the look at sendmail in step 2 and the way back in the last step are for.',
    '',
    ...numbered.flat(),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
