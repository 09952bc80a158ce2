/** Servers with limits: stock ones on a client are never met, one on all clients makes the rest inconclusive. */
import { expect, test } from 'vitest';
import { auditInLab, configurationOf } from './run-in-lab.ts';
import { withFolder } from './subject-folder.ts';

const attempts = ['nmap', 'sender-trust/*', 'smtp-auth/plain-starttls*'];

test('limits on one client, and slow answers to its mistakes, do not show: every attempt has an address of its own', async () => {
  await withFolder(
    'smtp-auth',
    [
      {
        file: 'sendmail.mc',
        before: 'MAILER(`local',
        insert: [
          "FEATURE(`delay_checks')dnl",
          "FEATURE(`conncontrol', `nodelay', `terminate')dnl",
          "FEATURE(`ratecontrol', `nodelay', `terminate')dnl",
          "define(`confBAD_RCPT_THROTTLE', `1')dnl",
          "define(`confMAX_DAEMON_CHILDREN', `3')dnl",
          "define(`confCONNECTION_RATE_THROTTLE', `2')dnl",
        ].join('\n'),
      },
      { file: 'access', insert: 'ClientRate:\t5\nClientConn:\t3' },
    ],
    async (folder) => {
      const report = await auditInLab({ configurations: [folder], attempts });
      const [one] = report.configurations;
      expect([...(one?.reasons ?? []), ...(one?.error?.output ?? [])]).toEqual([]);
      expect(one?.verdict).toBe('compliant');
      expect(one?.adaptations.join('\n')).toMatch(/MaxDaemonChildren=3.*ConnectionRateThrottle=2/s);
    },
  );
});

test('a limit on all clients together makes what meets it inconclusive, with the server’s words', async () => {
  await withFolder(
    'smtp-auth',
    [
      {
        file: 'sendmail.mc',
        insert: [
          'LOCAL_CONFIG',
          'Kcompare arith',
          'LOCAL_RULESETS',
          'SLocal_check_relay',
          'R$*\t\t$: $(compare l $@ 12 $@ $&{total_rate} $)',
          'RTRUE\t\t$#error $@ 4.3.2 $: "421 4.3.2 Connection rate limit exceeded."',
        ].join('\n'),
      },
    ],
    async (folder) => {
      const report = await auditInLab({ configurations: [folder], attempts });
      const one = configurationOf(report, report.configurations[0]?.name ?? '');
      expect(one.error).toBeUndefined();
      expect(one.verdict).toBe('inconclusive');
      const throttled = one.attempts.filter(({ reason }) => reason.includes('Connection rate limit exceeded'));
      expect(throttled.length).toBeGreaterThan(12);
      expect(throttled.map(({ verdict }) => verdict)).toEqual(throttled.map(() => 'inconclusive'));
      expect(one.attempts.filter(({ reason }) => reason.startsWith('not tried, because'))).not.toEqual([]);
      expect(report.exitStatus).toBe(2);
    },
  );
});
