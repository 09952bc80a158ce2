/** Files of the user’s own that send his mail on: his wish, and no relaying. */
import { arrives, type Draft, toAUser } from './draft.ts';

const sentOn = {
  ...arrives,
  requirement: 'A user’s own wish to have his mail sent on MUST be followed.',
} as const;

const forwardRemedy =
  'Leave confFORWARD_PATH at its default ($z/.forward.$w:$z/.forward), or empty it, and no user can forward his mail.';

export const usersFiles: readonly Draft[] = [
  {
    ...sentOn,
    id: 'delivery-agents/forward-file',
    title: 'a user whose .forward leads outside',
    applies: { needs: 'forward-files' },
    remedy: forwardRemedy,
    scene: toAUser({ destination: 'sink', home: { name: '.forward', content: '{u}@{E}\n' } }),
  },
  {
    ...sentOn,
    id: 'delivery-agents/forward-file-with-copy',
    title: 'a user whose .forward leads outside and keeps a copy',
    applies: { needs: 'forward-files' },
    remedy: forwardRemedy,
    scene: toAUser({ destination: 'sink', home: { name: '.forward', content: '\\{account}\n{u}@{E}\n' } }),
  },
  {
    ...sentOn,
    level: 'info',
    id: 'delivery-agents/forward-file-program',
    title: 'a user whose .forward hands his mail to a program that sends it on',
    requirement: 'A user’s own program SHOULD be given his mail, unless the server is not meant to run any.',
    applies: { needs: 'forward-files' },
    remedy: 'With FEATURE(`smrsh’) the programs that users may run are those linked in its folder.',
    scene: toAUser({
      destination: 'sink',
      home: { name: '.forward', content: '"|/usr/sbin/sendmail -oi {u}@{E}"\n' },
    }),
  },
  {
    ...sentOn,
    id: 'delivery-agents/procmailrc',
    title: 'a user whose .procmailrc sends his mail outside',
    applies: { needs: 'procmail' },
    remedy:
      'Call procmail with -d and the user’s name, and as root (flag S), so that it reads his file and becomes him.',
    scene: toAUser({ destination: 'sink', home: { name: '.procmailrc', content: ':0\n! {u}@{E}\n' } }),
  },
];
