/** What a run does when it is told to end. */
import { EXIT } from './failure.ts';
import type { Run } from './run.ts';

/** SIGHUP comes when the terminal is closed. Node does not heed `nohup`: unanswered it would end the process at once. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Vitest ends the process a millisecond after a signal. Containers take longer to remove, so the run answers signals
 * itself, and alone, whoever else has asked or will ask for them: it cleans up, writes the report of what there is, and
 * ends as inconclusive.
 */
export function answerSignals(run: Run): void {
  const answer = (signal: NodeJS.Signals) => {
    if (run.audit.interrupted) {
      return;
    }
    process.stderr.write(`\n${signal}: cleaning up\n`);
    run.interrupt(`interrupted by ${signal}`);
    run.finish().then(
      (report) => process.exit(report.exitStatus),
      (error: Error) => {
        process.stderr.write(`${error.message}\n`);
        process.exit(EXIT.inconclusive);
      },
    );
  };
  for (const signal of signals) {
    // First the new one: a signal that comes while nobody listens is lost.
    const others = process.listeners(signal);
    process.on(signal, answer);
    for (const other of others) process.removeListener(signal, other);
  }
  process.on('newListener', (event, listener) => {
    const signal = signals.find((one) => one === event);
    if (signal && listener !== answer) {
      process.nextTick(() => process.removeListener(signal, listener));
    }
  });
}
