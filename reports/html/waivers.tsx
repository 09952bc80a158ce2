/** Accepted violations, and what became of each of them. */
import type { WaiverFinding } from '../findings.ts';
import type { ConfigurationResult } from '../model.ts';
import { markOf, termOf, workOf } from '../waivers.ts';
import type { Anchors } from './anchors.ts';
import { Badge, Code, Text } from './text.tsx';

type EntryProps = { finding: WaiverFinding; anchors: Anchors; withName: boolean };

function Entry({ finding, anchors, withName }: EntryProps) {
  const { configuration, index, waiver } = finding;
  const place = (id: string) => configuration.attempts.findIndex((attempt) => attempt.id === id);
  return (
    <li>
      {withName && (
        <>
          <a href={`#${anchors.configuration(index)}`}>
            <Code of={configuration.name} />
          </a>
          ,{' '}
        </>
      )}
      <Code of={waiver.attempt} /> <Badge mark={markOf(waiver)} /> <Text of={termOf(waiver)} />; {workOf(waiver)}.
      Reason: <Text of={waiver.reason} />
      {waiver.attempts.length > 0 && (
        <ul>
          {waiver.attempts.map((id) => (
            <li>
              {place(id) < 0 ? (
                <Code of={id} />
              ) : (
                <a href={`#${anchors.attempt(index, place(id))}`}>
                  <Code of={id} />
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

type WaiversProps = { title: string; list: readonly WaiverFinding[]; anchors: Anchors };

/** Waivers of several configurations; nothing at all for an empty list. */
export function Waivers({ title, list, anchors }: WaiversProps) {
  if (list.length === 0) return null;
  return (
    <>
      <h3>
        {title} ({list.length.toLocaleString('en-US')})
      </h3>
      <ul>
        {list.map((finding) => (
          <Entry finding={finding} anchors={anchors} withName />
        ))}
      </ul>
    </>
  );
}

type OwnProps = { configuration: ConfigurationResult; index: number; anchors: Anchors };

/** The waivers of one configuration. */
export function OwnWaivers({ configuration, index, anchors }: OwnProps) {
  if (configuration.waivers.length === 0) return null;
  return (
    <>
      <h4>Waivers</h4>
      <ul>
        {configuration.waivers.map((waiver) => (
          <Entry finding={{ configuration, index, waiver }} anchors={anchors} withName={false} />
        ))}
      </ul>
    </>
  );
}
