/**
 * What a hostile target says, in every string of a report, in every form of it and on the terminal: real parsers find
 * nothing in it that is alive. What the template itself makes is known from a report of the same shape that is harmless.
 */
import { XMLParser } from 'fast-xml-parser';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5';
import type { Log } from 'sarif';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { renderCtrf } from './ctrf.ts';
import { stringPlaces, withEveryString } from './every-string.ts';
import { pageProgram } from './html/program.ts';
import { renderHtml } from './html.tsx';
import { jsonLine } from './json-line.ts';
import { renderJunit } from './junit.ts';
import { renderLines } from './lines.ts';
import type { Report } from './model.ts';
import { baselineReport, hostileTexts } from './sample-report.ts';
import { renderSarif } from './sarif.ts';
import { renderSummary } from './summary.ts';
import { renderTerminal } from './terminal.ts';

/** The sample with a baseline, and with what no other test wants in it. */
function fullReport(): Report {
  const report = baselineReport('new');
  const subject = report.configurations[1];
  const [first, second] = subject?.attempts ?? [];
  if (!subject || !first?.evidence || !second?.evidence) throw new Error('the sample has a subject with evidence');
  report.provenance.commit = '0123456789abcdef';
  subject.source = { folder: 'site', main: 'host.mc', mainAs: 'sendmail.mc' };
  const found = { what: '203.0.113.0/24', words: 'may relay', example: '203.0.113.9' };
  const cause = { file: 'access', line: 7, text: '203.0.113 RELAY' };
  first.evidence.findings = [{ kind: 'network', ...found, confirmed: 'relayed', cause }];
  second.evidence.mailbox = [{ account: 'bob', received: ['from outside'], subject: 'a message', bytes: 9 }];
  const proof = subject.proofs[0]?.evidence;
  if (proof) Object.assign(proof, { findings: first.evidence.findings, mailbox: second.evidence.mailbox });
  for (const { control } of report.configurations) control?.mustPass.push('legitimate-mail/local');
  const program = { program: 'Old Mail', era: '1999–2006', way: 'AUTH in clear, port 25', by: 'script' as const };
  const ofProgram = 'smtp-auth/after-starttls';
  report.catalogue = report.catalogue.map((one) => (one.id === ofProgram ? { ...one, client: program } : one));
  const failed = report.configurations[0]?.attempts.find(({ id }) => id === ofProgram);
  if (failed) failed.needs = 'AUTH with LOGIN on port 25 without TLS';
  const withSink = report.configurations.flatMap(({ attempts }) => attempts).find(({ evidence }) => evidence?.sink[0]);
  const evidence = { ...first.evidence, ...withSink?.evidence, findings: first.evidence.findings };
  subject.comparedOnly = [
    {
      ...first,
      needs: 'a login',
      cause: { ...cause, how: 'map entry', certainty: 'delta' },
      evidence: { ...evidence, mailbox: second.evidence.mailbox },
    },
  ];
  return report;
}

const invisible = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;
const control = /(?!\n)\p{Cc}/u;

/** A run of characters of which the forms keep the first thousands only; the report itself keeps it all. */
const ENDLESS = 10_000;
const hostile = Object.entries({
  ...hostileTexts,
  '8-bit octets': Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)).toString('latin1'),
  'octets that are no UTF-8': Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]).toString(),
  'format characters that are seen': '\u0600\u06dd\u070f\ufff9a\ufffb\u{110bd}',
  'document type': '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  'processing instruction': '?><?xml-stylesheet href="http://evil.example/x.xsl"?>',
  'setext and fences': '\n===\n~~~\n> quote\n| a |\n|---|\n<details>\n[ref]: http://evil.example\n',
  placeholders: '{0} {{1}} %s $(id) `id`',
});
const short = hostile.filter(([, text]) => text.length < ENDLESS);

/** The same in every string; as a whole, or behind what stands there. */
const everywhere = (text: string, whole: boolean): Report =>
  withEveryString(fullReport(), (value) => (whole ? text : value + text));

test('the sample has something in every place where the model has a string', () => {
  const seen = new Set<string>();
  withEveryString(fullReport(), (value, place) => {
    seen.add(place);
    return value;
  });
  expect(stringPlaces().filter((place) => !seen.has(place))).toEqual([]);
  expect(stringPlaces().length).toBeGreaterThan(90);
});

type Node = DefaultTreeAdapterTypes.Node;
const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : []);

/** Elements with their attributes’ names, comments and the like, in their order; text is left out. */
function skeletonOf(node: Node): string[] {
  const here =
    'tagName' in node
      ? [`<${node.tagName} ${node.attrs.map(({ name }) => name).join(' ')}>`]
      : node.nodeName === '#text' || node.nodeName.startsWith('#document')
        ? []
        : [node.nodeName];
  return [...here, ...childrenOf(node).flatMap(skeletonOf), ...('tagName' in node ? [`</${node.tagName}>`] : [])];
}

function attributesOf(node: Node, name: string): string[] {
  const here = 'attrs' in node ? node.attrs.filter((one) => one.name === name).map(({ value }) => value) : [];
  return [...here, ...childrenOf(node).flatMap((child) => attributesOf(child, name))];
}

const links = (node: Node) => attributesOf(node, 'href').filter((href) => !href.startsWith('#'));

/** The page’s own mark of a rewritten stretch comes and goes with the text. */
const withoutMarks = (skeleton: readonly string[]): string[] => {
  const kept: string[] = [];
  let open = 0;
  for (const [at, tag] of skeleton.entries()) {
    if (tag === '<i class>' && skeleton[at + 1] === '</i>') open += 1;
    else if (tag === '</i>' && open > 0) open -= 1;
    else kept.push(tag);
  }
  return kept;
};

describe('index.html', { timeout: 60_000 }, async () => {
  const program = await pageProgram();
  const withoutProgram = (html: string) => html.replace(program, '');

  // Clauses are of the catalogue. Whether one is a link depends on what it says.
  const harmless = (value: string, place: string) => (place.endsWith('.url') ? 'x:' : value);
  const template = withoutMarks(skeletonOf(parse(await renderHtml(withEveryString(fullReport(), harmless)))));

  test.each(hostile)('%s', async (_name, text) => {
    const report = withEveryString(fullReport(), (value, place) => harmless(value, place) + text);
    const html = await renderHtml(report);
    const page = parse(html);
    expect(withoutMarks(skeletonOf(page))).toEqual(template);
    expect(links(page)).toEqual([]);
    expect(withoutProgram(html)).not.toMatch(invisible);
    expect(withoutProgram(html)).not.toMatch(control);
    expect(html.length).toBeLessThan(4_000_000);
  });

  test('an address of a clause is a link only if it leads to the web', async () => {
    for (const [, text] of short) {
      for (const [address, most] of [
        [text, 0],
        [`https://www.example.org/${text}`, Number.POSITIVE_INFINITY],
      ] as const) {
        const report = withEveryString(fullReport(), (value, place) => (place.endsWith('.url') ? address : value));
        const html = await renderHtml(report);
        expect(withoutProgram(html), text).not.toMatch(invisible);
        expect(withoutProgram(html), text).not.toMatch(control);
        const found = links(parse(html));
        expect(found.length, text).toBeLessThanOrEqual(most);
        for (const href of found) expect(new URL(href).origin).toBe('https://www.example.org');
      }
    }
  });
});

describe('junit.xml', { timeout: 60_000 }, () => {
  /** Names of elements and attributes, by a parser that takes nothing that is not well formed. */
  function skeleton(xml: string): string[] {
    const names: string[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => names.push(`${name} ${Object.keys(attributes).join(' ')}`));
    parser.on('closetag', ({ name }) => names.push(`/${name}`));
    for (const kind of ['comment', 'cdata', 'doctype', 'processinginstruction'] as const) {
      parser.on(kind, () => names.push(kind));
    }
    parser.write(xml).close();
    return names;
  }
  const template = skeleton(renderJunit(fullReport()));

  test.each(hostile)('%s', (_name, text) => {
    const xml = renderJunit(everywhere(text, false));
    expect(skeleton(xml)).toEqual(template);
    expect(xml).not.toMatch(invisible);
    expect(xml).not.toMatch(control);
    const cases = new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites.testsuite;
    expect(cases).toHaveLength(6);
  });

  test('the parser sees what is alive', () => {
    expect(skeleton('<a b="c"><!--x--></a>')).toEqual(['a b', 'comment', '/a']);
    expect(() => skeleton('<a>\u0001</a>')).toThrow();
    expect(() => skeleton('<a>\ud800</a>')).toThrow();
  });
});

const rendered = (markdown: string): Node =>
  parseFragment(
    micromark(markdown, {
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    }),
  );

describe('summary.md', { timeout: 60_000 }, () => {
  const template = skeletonOf(rendered(renderSummary(fullReport())));

  test.each(hostile)('%s', (_name, text) => {
    const markdown = renderSummary(everywhere(text, false));
    const page = rendered(markdown);
    expect(skeletonOf(page)).toEqual(template);
    expect(attributesOf(page, 'href')).toEqual([]);
    expect(markdown).not.toMatch(invisible);
    expect(markdown).not.toMatch(control);
  });

  test.each(short)('%s alone', (_name, text) => {
    const page = rendered(renderSummary(everywhere(text, true)));
    const known = new Set(template.map((tag) => tag.replace(/ align/, '')));
    expect(skeletonOf(page).filter((tag) => !known.has(tag))).toEqual([]);
    expect(attributesOf(page, 'href')).toEqual([]);
  });

  test('the renderer sees what is alive', () => {
    expect(skeletonOf(rendered('<b onclick=x>a</b>'))).toContain('<b onclick>');
    expect(attributesOf(rendered('www.evil.example'), 'href')).toEqual(['http://www.evil.example']);
    expect(attributesOf(rendered('[a](javascript:alert(1))'), 'href')).toEqual(['javascript:alert(1)']);
    expect(attributesOf(rendered('u@evil.example'), 'href')).toEqual(['mailto:u@evil.example']);
  });
});

/** What a JSON text and all that it decodes to must not have. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsOf(item)]);
}

describe('report.sarif', { timeout: 60_000 }, () => {
  const rulesOf = (log: Log) => log.runs[0]?.tool.driver.rules ?? [];
  const shapeOf = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shapeOf)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]))
        : typeof value;
  const shapeWithoutTimes = (text: string) =>
    shapeOf({ ...JSON.parse(text).runs[0], invocations: 0, tool: rulesOf(JSON.parse(text)).length });
  const template = shapeWithoutTimes(renderSarif(fullReport()));

  test.each(hostile)('%s', (_name, text) => {
    const written = renderSarif(everywhere(text, false));
    expect(written).not.toMatch(invisible);
    expect(written).not.toMatch(control);
    expect(shapeWithoutTimes(written)).toEqual(template);
    const log: Log = JSON.parse(written);
    // The help of a rule has line breaks of its own.
    for (const said of textsOf(log)) expect(said.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    for (const result of log.runs[0]?.results ?? []) {
      expect(result.message.text).not.toMatch(/\]\(|(?<!\{)\{(\{\{)*(?!\{)/);
      const { uri = '' } = result.locations?.[0]?.physicalLocation?.artifactLocation ?? {};
      expect(uri).toMatch(/^[\w!'()*~.%/-]+$/);
    }
    for (const rule of rulesOf(log)) {
      const page = rendered((rule.help?.markdown ?? '').replaceAll('{{', '{').replaceAll('}}', '}'));
      const tags = new Set(skeletonOf(page).filter((tag) => !/^<\/?(p|ul|li|a)\b/.test(tag)));
      expect([...tags]).toEqual([]);
      for (const href of attributesOf(page, 'href')) expect(href).toMatch(/^https:\/\/www\.rfc-editor\.org\//);
      for (const words of [rule.shortDescription, rule.fullDescription]) {
        expect(words?.text.length).toBeLessThanOrEqual(1100);
        expect(words?.text).not.toContain('](');
      }
    }
  });
});

describe('ctrf.json', { timeout: 60_000 }, () => {
  test.each(hostile)('%s', (_name, text) => {
    const written = renderCtrf(everywhere(text, false));
    expect(written).not.toMatch(invisible);
    expect(written).not.toMatch(control);
    for (const said of textsOf(JSON.parse(written))) expect(said.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('report.json and attempts.jsonl keep it as it was, and escape it', { timeout: 60_000 }, () => {
  test.each(short)('%s', (_name, text) => {
    const report = everywhere(text, false);
    const lines = renderLines(report);
    for (const written of [jsonLine(report), lines]) {
      expect(written).not.toMatch(invisible);
      expect(written).not.toMatch(control);
    }
    expect(JSON.parse(jsonLine(report))).toEqual(report);
    const attempts = report.configurations.flatMap(({ attempts }) => attempts);
    const read = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).reason);
    expect(read).toEqual(attempts.map(({ reason }) => reason));
  });
});

describe('the terminal', { timeout: 60_000 }, () => {
  test.each(hostile)('%s', (_name, text) => {
    for (const colour of [false, true]) {
      const output = renderTerminal(everywhere(text, false), { columns: 80, colour });
      const uncoloured = colour ? output.replaceAll(/\u001b\[\d{1,2}m/g, '') : output;
      expect(uncoloured).not.toMatch(control);
      expect(uncoloured).not.toMatch(invisible);
    }
  });
});
