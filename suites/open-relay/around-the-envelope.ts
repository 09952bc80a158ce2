/** Plain outside addresses, and whatever may be done around them: greetings, orders, parameters, odd octets. */
import { ports } from '../attempt.ts';
import { blocked, type Draft, remedy } from './blocked.ts';
import { greetings } from './greetings.ts';
import { oddOctets } from './odd-octets.ts';
import { orders } from './orders.ts';
import { parameters } from './parameters.ts';
import { stranger } from './senders.ts';

export const aroundTheEnvelope: readonly Draft[] = [...greetings, ...orders, ...parameters, ...oddOctets].flatMap(
  ({ key, words, session, submissionToo, ...more }) =>
    ports
      .filter(({ port }) => port === 25 || submissionToo)
      .map(({ port, suffix, where }) => ({
        ...blocked,
        remedy,
        ...more,
        id: `open-relay/${key}${suffix}`,
        title: `${words}, ${where}`,
        scene: {
          family: 'ipv4' as const,
          port,
          tls: false,
          mailFrom: stranger,
          rcptTo: '<{u}@{E}>',
          session,
          destination: 'sink' as const,
        },
      })),
);
