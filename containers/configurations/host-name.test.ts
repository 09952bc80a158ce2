import { describe, expect, test } from 'vitest';
import { hostNameOf, listedNames } from './host-name.ts';

const filesOf = (contents: Record<string, string>) =>
  new Map(Object.entries(contents).map(([path, text]) => [path, { content: Buffer.from(text, 'latin1') }]));
const defined = "define(`confDOMAIN_NAME', `mx.hosting.example')dnl\n";

describe('the host name', () => {
  test.each<[string, Record<string, string>, string]>([
    ['sendmail.mc’s', { 'sendmail.mc': `OSTYPE\n${defined}` }, 'mx.hosting.example'],
    ['sendmail.mc’s, with spaces', { 'sendmail.mc': "  define( `confDOMAIN_NAME' , `a.b')" }, 'a.b'],
    ['sendmail.cf’s', { 'sendmail.cf': 'V10\nDjmx.hosting.example\nDMx\n' }, 'mx.hosting.example'],
    ['sendmail.mc’s before sendmail.cf’s', { 'sendmail.mc': defined, 'sendmail.cf': 'Djother' }, 'mx.hosting.example'],
    [
      'made from the first local name',
      { 'local-host-names': '# ours\n\nhosting.example\nb.example\n' },
      'mail.hosting.example',
    ],
    ['sendmail.cf’s before a local name', { 'sendmail.cf': 'Djx.y\n', 'local-host-names': 'a.b\n' }, 'x.y'],
    [
      'made from the first local name that is not every machine’s',
      { 'local-host-names': 'localhost\nlocalhost.localdomain\nc.example\n' },
      'mail.c.example',
    ],
    [
      'what is defined last',
      { 'sendmail.mc': `define(\`confDOMAIN_NAME', \`first.example')\n${defined}` },
      'mx.hosting.example',
    ],
    ['Dj of a macro file', { 'sendmail.mc': 'OSTYPE\nDjmx.hosting.example\n' }, 'mx.hosting.example'],
    ['Dw and Dm together', { 'sendmail.mc': 'Dwmx\nDmferry.example\nDj$w.$m\n' }, 'mx.ferry.example'],
    ['the lab’s own', {}, 'mail.subject.example'],
    ['the lab’s own, for a list without names', { 'local-host-names': '# none\n \n' }, 'mail.subject.example'],
    ['the lab’s own, for no name at all', { 'local-host-names': '$(reboot)\n' }, 'mail.subject.example'],
  ])('is %s', (_whose, contents, name) => {
    expect(hostNameOf(filesOf(contents))).toBe(name);
  });

  test.each([
    "dnl define(`confDOMAIN_NAME', `no.example')\n",
    "# define(`confDOMAIN_NAME', `no.example')\n",
    "define(`confDOMAIN_NAMES', `no.example')\n",
    "define(`confDOMAIN_NAME', `$(reboot)')\n",
    "define(`confDOMAIN_NAME', `')\n",
  ])('is not taken from %j', (mc) => {
    expect(hostNameOf(filesOf({ 'sendmail.mc': mc, 'local-host-names': 'a.example' }))).toBe('mail.a.example');
  });

  test.each(['Dj$w.$m\n', ' Djno.example\n', '#Djno.example\n', 'DJno.example\n'])('is not taken from %j', (cf) => {
    expect(hostNameOf(filesOf({ 'sendmail.cf': cf }))).toBe('mail.subject.example');
  });
});

test('listed names are the first words of lines, without comments', () => {
  const text = 'a.example\r\n  b.example  c.example\n#d.example\ne.example # the fifth\n\n\tf.example#g';
  expect(listedNames(text)).toEqual(['a.example', 'b.example', 'e.example', 'f.example']);
});
