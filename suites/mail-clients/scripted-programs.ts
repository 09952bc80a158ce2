/**
 * Mail programs of the time of POP before SMTP and after it, and devices, by what is known of their dialogues. What none
 * of the sources says (the name in EHLO, what is asked after a POP login) decides nothing on a server that keeps to the
 * RFCs.
 */
import { known, type ScriptedProgram, type Source, type Way } from './program.ts';

const popOn = (port: Way['port']): Way => ({ id: 'pop', port, tls: 'none', pop: true });
const clearOn = (port: Way['port']): Way => ({ id: 'clear', port, tls: 'none' });
const starttlsOn = (port: Way['port']): Way => ({ id: 'starttls', port, tls: 'required' });
const tlsOn465: Way = { id: 'tls', port: 465, tls: 'from-the-first-octet' };

const waysOfOld = [popOn(25), clearOn(25), starttlsOn(25), tlsOn465];
const waysOfToday = [popOn(25), clearOn(587), starttlsOn(587), tlsOn465];

const endOfTls10: Source = {
  what: 'Outlook Express speaks TLS 1.0 and nothing later',
  url: 'https://joewein.net/blog/2018/07/04/outlook-express-error-0x800ccc0b-and-the-end-of-tls-1-0-deprecated-ssl-protocol/',
};

const sendsFirst: Source = {
  what: 'Outlook sends before it checks for mail, unless “Log on to incoming mail server before sending mail” is ticked',
  url: 'http://www.adhost.com/support/email/serverconfig/pop_smtp.shtml',
};

export const scriptedPrograms: readonly ScriptedProgram[] = [
  {
    id: 'outlook-express-4',
    name: 'Outlook Express 4, Outlook 98',
    era: '1997–2000',
    greetsAs: 'FRONTDESK',
    heloWithoutAuth: true,
    login: { looksAt: ['STAT', 'UIDL'] },
    sendsFirst: true,
    mechanisms: known('LOGIN'),
    listedBy: 'AUTH=',
    tlsAbility: 'TLSv1',
    ways: [popOn(25), clearOn(25), tlsOn465],
    sources: [
      {
        what: 'Outlook Express 4 authenticates only where it sees AUTH= in the reply to EHLO',
        url: 'https://github.com/Exim/exim/wiki/AuthenticatedSmtpForBrokenClients',
      },
      {
        what: 'so does Exchange 5.0 (broken_sasl_auth_clients)',
        url: 'https://opensource.apple.com/source/postfix/postfix-114/postfix/conf/sample-compatibility.cf.auto.html',
      },
    ],
  },
  {
    id: 'outlook-express-6',
    name: 'Outlook Express 5 and 6',
    era: '1999–2006',
    greetsAs: 'FRONTDESK',
    heloWithoutAuth: true,
    login: { looksAt: ['STAT', 'UIDL'] },
    sendsFirst: true,
    mechanisms: known('LOGIN'),
    tlsAbility: 'TLSv1',
    ways: waysOfOld,
    sources: [
      {
        what: '“requires a secure connection” on port 25 means STARTTLS; no “Secure Password Authentication”',
        url: 'https://weldon.whipple.org/sendmail/oe-smtpauth.html',
      },
      {
        what: 'the same with sendmail, and what it shows when relaying is denied',
        url: 'https://support.moonpoint.com/network/email/clients/outlook-express/outlook-express6-tls.php',
      },
      sendsFirst,
      endOfTls10,
    ],
  },
  {
    id: 'outlook-2003',
    name: 'Outlook 2000 to 2003',
    era: '1999–2010',
    greetsAs: 'FRONTDESK',
    heloWithoutAuth: true,
    login: { looksAt: ['STAT', 'UIDL'] },
    mechanisms: known('LOGIN'),
    tlsAbility: 'TLSv1',
    ways: waysOfOld,
    sources: [sendsFirst],
  },
  {
    id: 'outlook-2007',
    name: 'Outlook 2007 to 2019',
    era: '2007–',
    greetsAs: 'FRONTDESK',
    login: { looksAt: ['STAT', 'UIDL'] },
    mechanisms: known('LOGIN', 'PLAIN'),
    ways: waysOfToday,
    sources: [
      {
        what: 'it fails with the MD5 mechanisms, and succeeds with LOGIN and PLAIN',
        url: 'https://www.crc.id.au/2007/09/27/outlook-2007-md5-smtp-auth-broken/',
      },
      {
        what: 'the tab “Outgoing Server”, with the login before sending',
        url: 'http://jabsto.com/Tutorial/topic-30/Microsoft-Outlook-2007-76.html',
      },
    ],
  },
  {
    id: 'netscape',
    name: 'Netscape Messenger 4',
    era: '1997–2002',
    greetsAs: '{name}',
    login: { looksAt: ['STAT', 'LIST'] },
    mechanisms: known('PLAIN', 'LOGIN'),
    sendsWithout: 'if-none-is-known',
    tlsAbility: 'TLSv1',
    ways: [popOn(25), clearOn(25), starttlsOn(25)],
    sources: [
      {
        what: 'it authenticates where “Outgoing mail server user name” is filled in',
        url: 'https://softhome.net/help/faq/smtp-auth.html',
      },
    ],
  },
  {
    id: 'eudora',
    name: 'Eudora 5 and 6',
    era: '2000–2006',
    greetsAs: 'FRONTDESK',
    login: { by: 'apop', looksAt: ['STAT', 'UIDL'] },
    mechanisms: known('CRAM-MD5', 'LOGIN', 'PLAIN'),
    sendsWithout: 'if-none-is-known',
    tlsAbility: 'TLSv1',
    ways: waysOfOld,
    sources: [
      {
        what: '“Allow Authentication”: CRAM-MD5, and LOGIN or PLAIN where that is not there',
        url: 'http://office.manualsonline.com/manuals/mfg/qualcomm/43.html?p=204',
      },
      {
        what: 'TLS: never, if available, required with STARTTLS, required on another port',
        url: 'http://www.primustel.ca/en/support/residential/internet/email/eudora-ssl.htm',
      },
    ],
  },
  {
    id: 'apple-mail',
    name: 'Apple Mail',
    era: '2001–',
    greetsAs: '[{client}]',
    login: { capabilities: true, looksAt: ['STAT', 'UIDL'] },
    mechanisms: known('PLAIN', 'LOGIN'),
    ways: [
      popOn(25),
      clearOn(25),
      { ...clearOn(25), id: 'cram-md5', mechanisms: known('CRAM-MD5') },
      starttlsOn(587),
      tlsOn465,
    ],
    sources: [
      {
        what: 'the menu “Authentication”: a password, or CRAM-MD5; ports 25 and 465',
        url: 'https://hosting.xyz/wiki/hosting/mail/clients/mail-macos/auth/',
      },
      {
        what: 'with SSL ticked it leaves where EHLO does not list STARTTLS',
        url: 'https://iprog.com/posting/2007/08/mail_app_and_smtp',
      },
    ],
  },
  {
    id: 'thunderbird',
    name: 'Thunderbird',
    era: '2004–',
    greetsAs: '[{client}]',
    login: { by: 'auth-plain', capabilities: true, looksAt: ['STAT', 'LIST', 'UIDL'] },
    mechanisms: known('PLAIN', 'LOGIN'),
    sendsWithout: 'if-none-is-listed',
    triesNext: true,
    mailParameters: 'BODY=8BITMIME SIZE=512',
    ways: [
      popOn(25),
      clearOn(587),
      { ...clearOn(587), id: 'cram-md5', mechanisms: known('CRAM-MD5') },
      starttlsOn(587),
      tlsOn465,
    ],
    sources: [
      {
        what: 'its source: the address literal, PLAIN before LOGIN, the next one after a failure, no AUTH if none is listed',
        url: 'https://github.com/mozilla/releases-comm-central/blob/0141a51739d87d81c88b7d744084d3844ea6ef83/mailnews/compose/src/SmtpClient.jsm',
      },
    ],
  },
  {
    id: 'mutt',
    name: 'mutt with msmtp 1.4',
    era: '2004–2014',
    greetsAs: 'localhost',
    login: { by: 'apop', capabilities: true, looksAt: ['STAT', 'LIST', 'UIDL'] },
    // PLAIN and LOGIN under TLS alone.
    mechanisms: known('CRAM-MD5', 'PLAIN', 'LOGIN'),
    checksName: true,
    pipelines: true,
    ways: [popOn(25), { ...clearOn(25), mechanisms: known('CRAM-MD5') }, starttlsOn(587), tlsOn465],
    sources: [
      {
        what: 'the source of msmtp: CRAM-MD5, and PLAIN or LOGIN where TLS is active; MAIL, RCPT and DATA at once',
        url: 'https://github.com/marlam/msmtp/blob/0239c002c536509f9890084ffd39e2e0c141a67c/src/smtp.c',
      },
    ],
  },
  {
    id: 'phpmailer',
    name: 'PHPMailer',
    era: '2001–',
    greetsAs: 'www.customer.example',
    login: { unfinishedQuit: true },
    mechanisms: [{ mechanism: 'CRAM-MD5' }, { mechanism: 'LOGIN' }, { mechanism: 'PLAIN', initialResponse: false }],
    checksName: true,
    ways: [
      { ...popOn(25), tls: 'if-offered' },
      { ...clearOn(25), id: 'tls-if-offered', tls: 'if-offered' },
      clearOn(25),
      starttlsOn(587),
      tlsOn465,
    ],
    sources: [
      {
        what: 'its source: PLAIN in two steps',
        url: 'https://github.com/PHPMailer/PHPMailer/blob/00387eeaaf32e5238ad356583bffd05edf41ddb9/src/SMTP.php',
      },
      {
        what: 'POP3::popBeforeSmtp(): USER and PASS, and a QUIT without a line end',
        url: 'https://github.com/PHPMailer/PHPMailer/blob/016e6330d402113bc569a076d7951f2ab5429e32/src/POP3.php',
      },
    ],
  },
  {
    id: 'k-9-mail',
    name: 'K-9 Mail',
    era: '2008–',
    greetsAs: '[{client}]',
    login: { by: 'stls', capabilities: true, looksAt: ['STAT', 'UIDL'] },
    mechanisms: known('PLAIN', 'LOGIN'),
    mailParameters: 'BODY=8BITMIME',
    ways: [
      popOn(25),
      clearOn(587),
      { ...clearOn(587), id: 'cram-md5', mechanisms: known('CRAM-MD5') },
      starttlsOn(587),
      tlsOn465,
    ],
    sources: [
      {
        what: 'its source: PLAIN before LOGIN, CRAM-MD5 as “encrypted password”, STARTTLS or nothing',
        url: 'https://github.com/thunderbird/thunderbird-android/blob/010d8c9f7e03a39731c85fbb85fd8524a65582d8/src/com/fsck/k9/mail/transport/SmtpTransport.java',
      },
    ],
  },
  {
    id: 'scanner',
    name: 'scanners and other devices',
    era: '2000–',
    greetsAs: 'scanner',
    login: {},
    mechanisms: known('LOGIN'),
    ways: [popOn(25), clearOn(25)],
    sources: [
      {
        what: 'a copier: PLAIN and LOGIN, POP before SMTP, no TLS',
        url: 'https://www.easymanua.ls/fuji-xerox/docucentre-iv-c2260/manual/640397?p=583',
      },
      {
        what: 'a printer with “POP Before SMTP” beside “SMTP-AUTH”',
        url: 'https://files.support.epson.com/docid/cpd5/cpd56450/source/printers/source/networking/reference/wf3720_4730/email_server_settings_wf3720_4730.html',
      },
    ],
  },
];
