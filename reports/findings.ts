/** What a reader of a report looks for first, picked out of it: the same selection for every output format. */
import type {
  AttemptDescription,
  AttemptResult,
  ConfigurationResult,
  Level,
  Proof,
  Report,
  WaiverResult,
} from './model.ts';

/** An attempt of a configuration, with where it stands in the report and what the catalogue says of it. */
export type Finding = {
  configuration: ConfigurationResult;
  attempt: AttemptResult;
  /** Absent where the catalogue of the report does not have the attempt. */
  description: AttemptDescription | undefined;
  level: Level;
  /** Index of the configuration in the report, and of the attempt in the configuration. */
  at: { configuration: number; attempt: number };
};

/** One attempt that must flag a control, and what became of it. */
export type Detection = {
  attemptId: string;
  state: 'flagged' | 'unflagged' | 'missing';
  finding: Finding | undefined;
};

/** A control, with the attempts that must flag it. */
export type ControlFinding = { configuration: ConfigurationResult; index: number; detections: Detection[] };

/** A message around a batch that did not arrive, so that the batch proves nothing. */
export type LostProof = { configuration: ConfigurationResult; index: number; proof: Proof };

/** A waiver, and whose it is. */
export type WaiverFinding = { configuration: ConfigurationResult; index: number; waiver: WaiverResult };

/** Everything worth naming before the details. Attempts are those of references and subjects. */
export type Findings = {
  violations: Finding[];
  warnings: Finding[];
  noted: Finding[];
  inconclusive: Finding[];
  waived: Finding[];
  waivers: WaiverFinding[];
  passed: number;
  notApplicable: number;
  controls: ControlFinding[];
  missedControls: ControlFinding[];
  /** Configurations that did not compile or start. */
  broken: { configuration: ConfigurationResult; index: number }[];
  lostProofs: LostProof[];
};

/** The catalogue by id. The first entry counts where an id stands twice. */
export function describer(report: Report): (id: string) => AttemptDescription | undefined {
  const byId = new Map<string, AttemptDescription>();
  for (const description of report.catalogue) {
    if (!byId.has(description.id)) byId.set(description.id, description);
  }
  return (id) => byId.get(id);
}

/** Every attempt of a configuration as a finding. An attempt that the catalogue does not know counts as a `must`. */
export function findingsOf(
  configuration: ConfigurationResult,
  index: number,
  describe: (id: string) => AttemptDescription | undefined,
): Finding[] {
  return configuration.attempts.map((attempt, position) => {
    const description = describe(attempt.id);
    const level = description?.level ?? 'must';
    return { configuration, attempt, description, level, at: { configuration: index, attempt: position } };
  });
}

/** What the attempts that must flag a control made of it. */
export function detectionsOf(configuration: ConfigurationResult, attempts: readonly Finding[]): Detection[] {
  return (configuration.control?.detectedBy ?? []).map((attemptId) => {
    const runs = attempts.filter(({ attempt }) => attempt.id === attemptId);
    const finding = runs.find(({ attempt }) => attempt.verdict === 'fail') ?? runs[0];
    if (finding === undefined) return { attemptId, state: 'missing', finding };
    return { attemptId, state: finding.attempt.verdict === 'fail' ? 'flagged' : 'unflagged', finding };
  });
}

/** Picks out of the report what has to be named. */
export function findings(report: Report): Findings {
  const describe = describer(report);
  const found: Findings = {
    violations: [],
    warnings: [],
    noted: [],
    inconclusive: [],
    waived: [],
    waivers: [],
    passed: 0,
    notApplicable: 0,
    controls: [],
    missedControls: [],
    broken: [],
    lostProofs: [],
  };
  for (const [index, configuration] of report.configurations.entries()) {
    const attempts = findingsOf(configuration, index, describe);
    for (const waiver of configuration.waivers) found.waivers.push({ configuration, index, waiver });
    if (configuration.error !== undefined) found.broken.push({ configuration, index });
    // On a control a lock-out is on purpose, and keeps authorised messages back as it should.
    for (const proof of configuration.role === 'control' ? [] : configuration.proofs) {
      if (!proof.ok) found.lostProofs.push({ configuration, index, proof });
    }
    if (configuration.role === 'control') {
      const control = { configuration, index, detections: detectionsOf(configuration, attempts) };
      found.controls.push(control);
      if (configuration.verdict !== 'detected') found.missedControls.push(control);
    } else {
      for (const finding of attempts) sort(finding, found);
    }
  }
  // Lists are cut where they are long, and what is known already must not hide what is new.
  if (report.baseline !== undefined) found.violations.sort((one, other) => newness(one) - newness(other));
  return found;
}

const newness = ({ attempt }: Finding): number => (attempt.baselineState === 'new' ? 0 : 1);

function sort(finding: Finding, found: Findings): void {
  switch (finding.attempt.verdict) {
    case 'fail':
      ({ must: found.violations, should: found.warnings, info: found.noted })[finding.level].push(finding);
      break;
    case 'inconclusive':
      found.inconclusive.push(finding);
      break;
    case 'waived':
      found.waived.push(finding);
      break;
    case 'not-applicable':
      found.notApplicable += 1;
      break;
    case 'pass':
      found.passed += 1;
      break;
  }
}

/** Findings of one configuration that one change would mend, in the order of the report. */
export type RemedyGroup = { configuration: ConfigurationResult; remedy: string; findings: Finding[] };

/** Groups findings by configuration and remedy: a hole in one rule shows in many attempts, and is mended once. */
export function byRemedy(list: readonly Finding[]): RemedyGroup[] {
  const groups = new Map<string, RemedyGroup>();
  for (const finding of list) {
    const remedy = finding.description?.remedy ?? '';
    const key = `${finding.at.configuration}\n${remedy}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { configuration: finding.configuration, remedy, findings: [finding] });
    } else group.findings.push(finding);
  }
  return [...groups.values()];
}
