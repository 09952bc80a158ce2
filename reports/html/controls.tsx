/** The controls: configurations with one known fault each. A run in which one goes unnoticed proves nothing. */
import type { Findings } from '../findings.ts';
import type { ConfigurationResult } from '../model.ts';
import { effectWord, verdictMark } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { Detections } from './control.tsx';
import { Badge, Code, Scrolling, Text } from './text.tsx';

function Name({
  configuration,
  index,
  anchors,
}: {
  configuration: ConfigurationResult;
  index: number;
  anchors: Anchors;
}) {
  return (
    <th scope="row">
      <a href={`#${anchors.configuration(index)}`}>
        <Code of={configuration.name} />
      </a>
    </th>
  );
}

/** The table of all controls. */
export function ControlTable({ found, anchors }: { found: Findings; anchors: Anchors }) {
  return (
    <Scrolling label="Controls">
      <table>
        <caption>Controls: each has one known fault, and the run is worth nothing if it goes unnoticed</caption>
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Verdict</th>
            <th scope="col">Differs from</th>
            <th scope="col">Fault</th>
            <th scope="col">Must be flagged by</th>
          </tr>
        </thead>
        <tbody>
          {found.controls.map(({ configuration, index, detections }) => (
            <tr>
              <Name configuration={configuration} index={index} anchors={anchors} />
              <td>
                <Badge mark={verdictMark[configuration.verdict]} />
              </td>
              <td>
                <Code of={configuration.control?.base ?? 'unknown'} />
              </td>
              <td class="wide">
                <Text of={configuration.control?.fault ?? 'unknown'} />
                {configuration.control !== undefined && <small>{effectWord[configuration.control.effect]}</small>}
              </td>
              <td class="wide">
                <Detections detections={detections} anchors={anchors} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
