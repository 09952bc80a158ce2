/** What a control is, and whether the attempts that must flag its fault did. */
import type { Detection } from '../findings.ts';
import type { ConfigurationResult } from '../model.ts';
import { attemptMark, effectWord, flagMark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { Codes } from './records.tsx';
import { Badge, Code, Fact, Text } from './text.tsx';

function DetectionView({ detection, anchors }: { detection: Detection; anchors: Anchors }) {
  const { attemptId, state, finding } = detection;
  const mark = flagMark[state];
  if (finding === undefined) {
    return (
      <>
        <Badge mark={mark} /> <Code of={attemptId} />
      </>
    );
  }
  const { verdict } = finding.attempt;
  return (
    <>
      <Badge mark={mark} />{' '}
      <a href={`#${anchors.attempt(finding.at.configuration, finding.at.attempt)}`}>
        <Code of={attemptId} />
      </a>
      {state === 'unflagged' && `: its verdict is ${attemptMark[verdict].word}`}
    </>
  );
}

/** The attempts that must flag a control, each with whether it did. */
export function Detections({ detections, anchors }: { detections: readonly Detection[]; anchors: Anchors }) {
  if (detections.length === 0) return <>No attempt is named that must flag it.</>;
  return (
    <ul>
      {detections.map((detection) => (
        <li>
          <DetectionView detection={detection} anchors={anchors} />
        </li>
      ))}
    </ul>
  );
}

function sideOf(change: string): string | undefined {
  if (change.startsWith('+')) return 'added';
  return change.startsWith('-') ? 'removed' : undefined;
}

type ControlProps = { configuration: ConfigurationResult; detections: readonly Detection[]; anchors: Anchors };

/** The fault of a control in words and in lines. */
export function ControlView({ configuration, detections, anchors }: ControlProps) {
  const { control } = configuration;
  if (control === undefined) return <p>This control does not say what its fault is.</p>;
  return (
    <dl class="facts">
      <Fact name="Differs from">
        <Code of={control.base} />
      </Fact>
      <Fact name="Fault">
        <Text of={control.fault} />
      </Fact>
      <Fact name="Effect">{effectWord[control.effect]}</Fact>
      <Fact name="Changes">
        <ul class="log">
          {control.changes.map((change) => (
            <li class={sideOf(change)}>
              <Code of={change} />
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name="Must be flagged by">
        <Detections detections={detections} anchors={anchors} />
      </Fact>
      {control.mustPass.length > 0 && (
        <Fact name="Must pass on it">
          <Codes of={control.mustPass} />
        </Fact>
      )}
    </dl>
  );
}
