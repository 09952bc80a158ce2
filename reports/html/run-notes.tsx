/** Why the run as a whole is worth what it is: reasons, missed controls, inconclusive results, warnings, adaptations. */
import type { Finding, Findings } from '../findings.ts';
import type { Report } from '../model.ts';
import type { Anchors } from './anchors.ts';
import { Detections } from './control.tsx';
import { Code, Text, Texts } from './text.tsx';
import { Waivers } from './waivers.tsx';

/** A list of more findings is closed at first. */
const OPEN = 12;
/** Configurations named beside what is true of many. */
const NAMED = 6;

type ListProps = { title: string; list: readonly Finding[]; anchors: Anchors; withRemedy?: boolean };

function FindingList({ title, list, anchors, withRemedy = false }: ListProps) {
  if (list.length === 0) return null;
  return (
    <details class="list" open={list.length <= OPEN}>
      <summary>
        <h3>
          {title} ({list.length.toLocaleString('en-US')})
        </h3>
      </summary>
      <ul>
        {list.map(({ configuration, attempt, description, at }) => (
          <li>
            <Code of={configuration.name} />,{' '}
            <a href={`#${anchors.attempt(at.configuration, at.attempt)}`}>
              <Code of={attempt.id} />
            </a>
            : <Text of={attempt.reason} />
            {withRemedy && description !== undefined && (
              <>
                {' '}
                Remedy: <Text of={description.remedy} />
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function MissedControls({ found, anchors }: { found: Findings; anchors: Anchors }) {
  if (found.missedControls.length === 0) return null;
  return (
    <>
      <h3>Controls that were not detected ({found.missedControls.length})</h3>
      <p>Their fault went unnoticed, so the same fault in another configuration would have too.</p>
      <ul>
        {found.missedControls.map(({ configuration, index, detections }) => (
          <li>
            <a href={`#${anchors.configuration(index)}`}>
              <Code of={configuration.name} />
            </a>
            : <Text of={configuration.control?.fault ?? 'its fault is not named'} />
            <Texts of={configuration.reasons} />
            <Detections detections={detections} anchors={anchors} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Broken({ found, anchors }: { found: Findings; anchors: Anchors }) {
  if (found.broken.length === 0) return null;
  return (
    <>
      <h3>Configurations that do not start ({found.broken.length})</h3>
      <ul>
        {found.broken.map(({ configuration, index }) => (
          <li>
            <a href={`#${anchors.configuration(index)}`}>
              <Code of={configuration.name} />
            </a>
            : <Text of={configuration.error?.message ?? ''} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LostProofs({ found, anchors }: { found: Findings; anchors: Anchors }) {
  if (found.lostProofs.length === 0) return null;
  return (
    <>
      <h3>Batches whose path was not shown to be alive ({found.lostProofs.length})</h3>
      <ul>
        {found.lostProofs.map(({ configuration, index, proof }) => (
          <li>
            <a href={`#${anchors.configuration(index)}`}>
              <Code of={configuration.name} />
            </a>
            , {proof.when} <Code of={proof.batch} />: <Text of={proof.reason} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Each adaptation once, with the configurations that it was made to. */
function Adaptations({ report, anchors }: { report: Report; anchors: Anchors }) {
  const places = new Map<string, number[]>();
  for (const [index, { adaptations }] of report.configurations.entries()) {
    for (const adaptation of adaptations) places.set(adaptation, [...(places.get(adaptation) ?? []), index]);
  }
  if (places.size === 0) return null;
  return (
    <>
      <h3>Adaptations: what was changed so that a configuration runs in the lab</h3>
      <ul>
        {[...places].map(([adaptation, indexes]) => (
          <li>
            <Text of={adaptation} />
            <span class="soft">
              {' '}
              (
              {indexes.slice(0, NAMED).map((index, position) => (
                <>
                  {position > 0 ? ', ' : ''}
                  <a href={`#${anchors.configuration(index)}`}>
                    <Code of={report.configurations[index]?.name ?? ''} />
                  </a>
                </>
              ))}
              {indexes.length > NAMED ? ` and ${indexes.length - NAMED} more` : ''})
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Everything that qualifies the verdict. */
export function RunNotes({ report, found, anchors }: { report: Report; found: Findings; anchors: Anchors }) {
  return (
    <section id="reasons">
      <h2>Reasons and warnings</h2>
      {report.reasons.length === 0 && found.waived.length === 0 && <p>Nothing qualifies the verdict.</p>}
      <Texts of={report.reasons} />
      <MissedControls found={found} anchors={anchors} />
      <Broken found={found} anchors={anchors} />
      <LostProofs found={found} anchors={anchors} />
      <FindingList title="Inconclusive results" list={found.inconclusive} anchors={anchors} />
      <Waivers
        title="Waivers that need a look"
        list={found.waivers.filter(({ waiver }) => waiver.state !== 'in-use')}
        anchors={anchors}
      />
      <FindingList title="Warnings" list={found.warnings} anchors={anchors} withRemedy />
      <FindingList title="Waived violations" list={found.waived} anchors={anchors} withRemedy />
      <FindingList title="Noted, without bearing on the verdict" list={found.noted} anchors={anchors} />
      <Adaptations report={report} anchors={anchors} />
    </section>
  );
}
