/** What a SARIF run has to say of itself: controls, trouble, and what was done to run a configuration. */
import type { Location, Notification, ReportingDescriptor } from 'sarif';
import type { Findings } from '../findings.ts';
import type { Report } from '../model.ts';
import { termOf, workOf } from '../waivers.ts';
import { count, flagMark } from '../words.ts';
import { fallbackOf } from './locations.ts';
import { describedAs, messageOf, sentence } from './message.ts';

const kinds = {
  'run-inconclusive': 'The run proves nothing, and must not be taken for a pass.',
  'control-missed': 'A configuration with a known fault was not told from a good one.',
  'configuration-broken': 'A configuration did not compile or start.',
  'path-not-proved': 'A message that had to get through around a batch of attempts did not.',
  'results-left-out': 'There are more results than readers of SARIF take.',
  waiver: 'An accepted violation needs attention.',
  adaptation: 'The configuration was changed to be run.',
} as const;

type Kind = keyof typeof kinds;

const inFull = 'report.json and index.html of the same folder say all there is to it.';
const help: Record<Kind, string> = {
  'run-inconclusive': `Remove the cause and run the audit again. ${inFull}`,
  'control-missed': `The audit did not see what it is there to see: none of its passes counts. ${inFull}`,
  'configuration-broken': `Correct what sendmail or m4 complain of, and run the audit again. ${inFull}`,
  'path-not-proved': `On a dead path everything seems to be blocked. ${inFull}`,
  'results-left-out': inFull,
  waiver: 'Take the waiver out of relayproof.yaml, mend what it covers, or decide anew.',
  adaptation: `See whether it changes what you want to know. ${inFull}`,
};
const names = Object.keys(kinds) as Kind[];

/** The descriptors that notifications refer to. */
export const notificationKinds: ReportingDescriptor[] = names.map((id) => ({
  id,
  shortDescription: describedAs(kinds[id]),
  fullDescription: describedAs(kinds[id]),
  help: describedAs(help[id]),
}));

function note(kind: Kind, level: Notification.level, text: string, locations: Location[] = []): Notification {
  return {
    descriptor: { id: kind, index: names.indexOf(kind) },
    level,
    message: messageOf(sentence(text)),
    ...(locations.length > 0 ? { locations } : {}),
  };
}

/** Notifications of the run, the worst first. `left` results have no place in the file. */
export function notificationsOf(report: Report, found: Findings, left: number): Notification[] {
  const reasons = report.verdict === 'inconclusive' ? report.reasons : [];
  const notes: Notification[] = [
    ...reasons.map((reason) => note('run-inconclusive', 'error', reason)),
    ...found.missedControls.map(({ configuration, detections }) => {
      const silent = detections.filter(({ state }) => state !== 'flagged');
      const by = silent.map(({ attemptId, state }) => `${attemptId} ${flagMark[state].word}`).join(', ');
      const why = by === '' ? configuration.reasons.join('; ') : by;
      return note('control-missed', 'error', `Control ${configuration.name}: ${why}`);
    }),
    ...found.broken.map(({ configuration, index }) => {
      const text = `Configuration ${configuration.name} does not start: ${configuration.error?.message ?? ''}`;
      const locations = configuration.role === 'control' ? [] : [fallbackOf(configuration, index)];
      return note('configuration-broken', 'error', text, locations);
    }),
    ...found.lostProofs.map(({ configuration, proof }) => {
      const text = `Configuration ${configuration.name}, ${proof.when} ${proof.batch}: ${proof.reason}`;
      return note('path-not-proved', 'error', text);
    }),
    ...found.waivers
      .filter(({ waiver }) => waiver.state !== 'in-use')
      .map(({ configuration, waiver }) => {
        const text = `Configuration ${configuration.name}, waiver ${waiver.attempt}: ${termOf(waiver)}; ${workOf(waiver)}`;
        return note('waiver', waiver.state === 'expired' ? 'warning' : 'note', text);
      }),
    ...report.configurations
      .filter(({ role }) => role !== 'control')
      .flatMap(({ name, adaptations }) =>
        adaptations.map((adaptation) => note('adaptation', 'note', `Configuration ${name}: ${adaptation}`)),
      ),
  ];
  if (left > 0) {
    notes.unshift(
      note('results-left-out', 'warning', `${count(left, 'result')} left out here: report.json has them all`),
    );
  }
  return notes;
}
