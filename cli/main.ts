/** The command line. */
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { asFailure, EXIT } from '../audit/failure.ts';
import { version } from '../audit/version.ts';
import { printFailure } from './print-failure.ts';

const collect = (value: string, earlier: string[]) => [...earlier, value];

function program(setStatus: (status: number) => void): Command {
  const command = new Command('relayproof')
    .description('Proves that a sendmail configuration lets mail out for the people who may send, and for nobody else.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('("relayproof --help" shows what there is)')
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });

  command
    .command('audit', { isDefault: true })
    .description('audits configurations: folders, or names of bundled ones; none: all bundled ones')
    .argument(
      '[configuration...]',
      'a folder like /etc/mail, or the name of a bundled configuration ("*" stands for anything)',
    )
    .option(
      '--suite <pattern>',
      'only these suites (may be repeated); mail-clients is part of a run only if it is named',
      collect,
      [],
    )
    .option('--attempt <pattern>', 'only these attempts, by id or alias such as nmap (may be repeated)', collect, [])
    .option('--mode <mode>', 'what the folders are meant to be: pop-before-smtp, smtp-auth, both or none')
    .option('--image <name>', 'audits a container image of your own; a folder is then what goes into its /etc/mail')
    .option('--sendmail <version>', 'the sendmail that is to run them: 8.15, 8.17 or 8.18 (the default)')
    .option('--baseline <report.json>', 'an earlier report: tells new, unchanged and fixed violations')
    .option('--gate <which>', 'what status 1 is for, with a baseline: all violations (the default) or new ones only')
    .option('--report-dir <folder>', 'where the report goes', 'reports/output')
    .option('--json', 'print the report as JSON on standard output, and nothing else there')
    .option(
      '--explain <attempt...>',
      'why these attempts end as they do: sendmail’s own rule trace (one configuration)',
    )
    .action(async (configurations: string[], options) => {
      if (options.explain) {
        const { explain } = await import('./explain-command.ts');
        setStatus(await explain(configurations, options.explain, options));
        return;
      }
      const { audit } = await import('./audit-command.ts');
      setStatus(await audit(configurations, options));
    });

  command
    .command('compare')
    .description('compares two configurations: who gains, who loses, what stays')
    .argument('<before>', 'a folder, the name of a bundled configuration, or a report.json (FILE#NAME)')
    .argument('<after>', 'the same')
    .option('--suite <pattern>', 'only these suites, on both sides (may be repeated)', collect, [])
    .option('--attempt <pattern>', 'only these attempts, on both sides (may be repeated)', collect, [])
    .option('--mode-before <mode>', 'what the folder BEFORE is meant to be')
    .option('--mode-after <mode>', 'what the folder AFTER is meant to be')
    .option('--sendmail <version>', 'the sendmail that is to run both: 8.15, 8.17 or 8.18 (the default)')
    .option('--report-dir <folder>', 'where comparison and report go', 'reports/output')
    .option('--json', 'print the comparison as JSON on standard output, and nothing else there')
    .action(async (before: string, after: string, options) => {
      const { compareCommand } = await import('./compare-command.ts');
      setStatus(await compareCommand(before, after, options));
    });

  command
    .command('list')
    .description('shows what there is: configurations, attempts or suites')
    .argument('[what]', 'configurations, attempts or suites', (value: string) => {
      if (!['configurations', 'attempts', 'suites'].includes(value)) {
        throw new InvalidArgumentError('It must be configurations, attempts or suites.');
      }
      return value;
    })
    .addOption(new Option('--json', 'print an array of objects').conflicts('markdown'))
    .option('--markdown', 'print a page of Markdown: the attempts, or the controls among the configurations')
    .action(async (what: string | undefined, options: { json?: boolean; markdown?: boolean }) => {
      const { list } = await import('./list-command.ts');
      await list(what ?? 'configurations', options.markdown ? 'markdown' : options.json ? 'json' : 'table');
    });

  command
    .command('report')
    .description('draws the files of a report again, from its report.json')
    .argument('<report.json>', 'a report.json that an audit wrote')
    .option('--report-dir <folder>', 'where the files go', 'reports/output')
    .addOption(
      new Option('--annotations <for>', 'write no files, and print annotations for a pipeline').choices(['github']),
    )
    .action(async (file: string, options: { reportDir: string; annotations?: 'github' }) => {
      const { drawReport, printAnnotations } = await import('./report-command.ts');
      await (options.annotations ? printAnnotations(file) : drawReport(file, resolve(options.reportDir)));
    });

  command
    .command('readiness')
    .description('who still depends on POP before SMTP, from the logs of sendmail and of the POP server')
    .argument('<log...>', 'log files in any order, also compressed; - for standard input')
    .option('--lifetime <duration>', 'how long a POP login counts, such as 30m (the default), 2h or 1d')
    .option('--timezone <zone>', 'of logs that do not say it: Europe/Vienna, UTC, +02:00 (default: this machine’s)')
    .option('--year <year>', 'of the oldest line, where logs do not say it (default: from queue ids and file times)')
    .option('--trusted <network>', 'relays by its address, such as 192.0.2.0/24 (may be repeated)', collect, [])
    .option('--relay-to <domain>', 'mail for it is passed on, whoever sends it (may be repeated)', collect, [])
    .option('--realm <domain>', 'user@domain and user are the same (may be repeated)', collect, [])
    .option('--imap', 'IMAP logins authorise their address too')
    .option('--json', 'print the result as JSON on standard output, and nothing else there')
    .option('--html <file>', 'write a page with a chart')
    .option('--csv <file>', 'write a table for the help desk')
    .option('--letters <folder>', 'write a letter for each user who has to change something')
    .option('--report-dir <folder>', 'write page, table, letters and JSON into a folder')
    .action(async (logs: string[], options) => {
      const { readinessCommand } = await import('./readiness-command.ts');
      setStatus(await readinessCommand(logs, options));
    });

  command
    .command('eject')
    .description('writes a reference out as a folder, ready to install')
    .argument('<name>', 'a reference: "relayproof list configurations" shows them')
    .argument('<folder>', 'a folder that is new or empty')
    .option('--json', 'print the files as an array of objects')
    .action(async (name: string, folder: string, options: { json?: boolean }) => {
      const { eject } = await import('./eject-command.ts');
      await eject(name, folder, options);
    });
  return command;
}

/** Runs a command line (without node and script) and returns its exit status (0, 1, 2, 64 or 78: see failure.ts). */
export async function main(argv: string[]): Promise<number> {
  let status: number = EXIT.compliant;
  try {
    await program((value) => {
      status = value;
    }).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.compliant : EXIT.usage;
    }
    const failure = asFailure(error);
    if (failure) {
      printFailure(failure);
      return failure.exitStatus;
    }
    throw error;
  }
  return status;
}
