/** The line of the subject's own files that most likely causes a finding. */
import { causeText, certaintyWord, placeOf } from '../cause.ts';
import type { Cause } from '../model.ts';
import { Code } from './text.tsx';

export function CauseView({ cause }: { cause: Cause }) {
  return (
    <>
      <Code of={placeOf(cause)} />: <Code of={causeText(cause)} /> ({certaintyWord[cause.certainty]})
    </>
  );
}
