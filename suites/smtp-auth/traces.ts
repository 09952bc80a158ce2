/** Whether it can be told afterwards who sent a message. */
import { clauses } from '../clauses.ts';
import { type Draft, deliver, modesWithAuth, right, userScene } from './forms.ts';

const traced = {
  ...deliver,
  level: 'should',
  effect: 'weak',
  clauses: [clauses.authTraces],
  remedy: 'Leave confRECEIVED_HEADER undefined, or keep "with $r" and the lines on auth_type in it.',
} as const;

export const traceAttempts: Draft[] = [
  {
    ...traced,
    id: 'smtp-auth/received-over-tls',
    title: 'the Received field of a user’s message over STARTTLS says ESMTPSA',
    requirement: 'The Received field SHOULD say that the client authenticated, and did so over TLS.',
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    scene: userScene({ auth: right('PLAIN'), leaves: { receivedWith: 'ESMTPSA' } }),
  },
  {
    ...traced,
    id: 'smtp-auth/received-in-clear',
    title: 'the Received field of a user’s message without TLS says ESMTPA',
    requirement: 'The Received field SHOULD say that the client authenticated.',
    applies: { modes: modesWithAuth, offered: 'SCRAM-SHA-256' },
    scene: userScene({ tls: false, auth: right('SCRAM-SHA-256'), leaves: { receivedWith: 'ESMTPA' } }),
  },
  {
    ...traced,
    id: 'smtp-auth/user-in-the-log',
    title: 'the log names the user who authenticated',
    requirement: 'The log SHOULD name the user who sent a message.',
    clauses: [clauses.traceability],
    applies: { modes: modesWithAuth, offered: 'PLAIN' },
    remedy: 'Set LogLevel to 9 at least (confLOG_LEVEL); the target itself runs with 14.',
    noControl: 'the lab sets the log level itself, since it judges by the log',
    scene: userScene({ auth: right('PLAIN'), leaves: { logged: 'authid={account}, mech=PLAIN' } }),
  },
];
