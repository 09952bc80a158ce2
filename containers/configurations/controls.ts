/**
 * The bundled configurations with one known fault each. A run in which the attempts that are named here do not flag
 * them is worthless. Patterns name attempts by id; `*` stands for anything.
 */
import type { Configuration } from './configuration.ts';
import { authentication } from './controls/authentication.ts';
import { certificatesAndForwarding } from './controls/certificates-and-forwarding.ts';
import { credentialsAndTraces } from './controls/credentials-and-traces.ts';
import type { ControlDefinition } from './controls/definition.ts';
import { deliveryAgents } from './controls/delivery-agents.ts';
import { lockedOutUsers } from './controls/locked-out-users.ts';
import { networkTrust } from './controls/network-trust.ts';
import { popAuthorisation } from './controls/pop-authorisation.ts';
import { popLifetime } from './controls/pop-lifetime.ts';
import { popLogPatterns } from './controls/pop-log-patterns.ts';
import { popMaps } from './controls/pop-map.ts';
import { popRules } from './controls/pop-rules.ts';
import { reflection } from './controls/reflection.ts';
import { relayRules } from './controls/relay-rules.ts';
import { relayedAndTrusted } from './controls/relayed-and-trusted.ts';
import { senderAndNameTrust } from './controls/sender-and-name-trust.ts';
import { transport } from './controls/transport.ts';
import { applyEdits } from './edit.ts';
import { POLICY_FILE } from './folder.ts';
import { parsePolicy } from './policy.ts';
import { readReference } from './references.ts';

export const controls: readonly ControlDefinition[] = [
  ...relayRules,
  ...senderAndNameTrust,
  ...relayedAndTrusted,
  ...certificatesAndForwarding,
  ...networkTrust,
  ...authentication,
  ...credentialsAndTraces,
  ...lockedOutUsers,
  ...popAuthorisation,
  ...popLifetime,
  ...popMaps,
  ...popLogPatterns,
  ...popRules,
  ...transport,
  ...reflection,
  ...deliveryAgents,
];

/** Makes the configuration of a control from its reference. */
export async function readControl(definition: ControlDefinition): Promise<Configuration> {
  const base = await readReference(definition.base);
  const { files, changes } = applyEdits(base.files, definition.edits);
  const { name, fault, effect, detectedBy, passes = [] } = definition;
  const policy = files.get(POLICY_FILE)?.content.toString('utf8');
  return {
    name,
    role: 'control',
    title: fault,
    files,
    policy: policy === undefined ? base.policy : parsePolicy(policy, `${name}/${POLICY_FILE}`),
    control: { base: definition.base, fault, effect, detectedBy, passes, changes },
  };
}
