/** The lab as a picture, with the addresses of the run. */
import type { Report } from '../model.ts';
import { visible } from '../visible.ts';

type BoxProps = { x: number; y: number; width: number; height: number; title: string; lines: readonly string[] };

function Box({ x, y, width, height, title, lines }: BoxProps) {
  return (
    <g>
      <rect class="box" x={x} y={y} width={width} height={height} rx="6" />
      <text class="head" x={x + 12} y={y + 22}>
        {title}
      </text>
      {lines.map((line, index) => (
        <text x={x + 12} y={y + 42 + index * 17}>
          {visible(line)}
        </text>
      ))}
    </g>
  );
}

function Arrow({ from, to, kind }: { from: [number, number]; to: [number, number]; kind: 'good' | 'bad' | 'seen' }) {
  return <path class={`way ${kind}`} d={`M${from.join(' ')}L${to.join(' ')}`} marker-end={`url(#tip-${kind})`} />;
}

/** Clients on the left, the target in the middle, the sink on the right; nothing leads out of the frame. */
export function LabPicture({ report }: { report: Report }) {
  const { lab, provenance } = report;
  return (
    <figure class="lab">
      <svg viewBox="0 0 900 300" role="img" aria-labelledby="lab-title lab-description">
        <title id="lab-title">The lab of this run</title>
        <desc id="lab-description">
          An isolated network. Clients, each with an address of its own, send to a target with sendmail and a POP
          server, which has the configuration under test. What sendmail lets out arrives at the sink; what it refuses
          does not. There is no way out of the network.
        </desc>
        <defs>
          {(['good', 'bad', 'seen'] as const).map((kind) => (
            <marker
              id={`tip-${kind}`}
              viewBox="0 0 10 10"
              refX="9"
              refY="5"
              markerWidth="9"
              markerHeight="9"
              orient="auto"
            >
              <path class={`tip ${kind}`} d="M0 0 10 5 0 10z" />
            </marker>
          ))}
        </defs>
        <rect class="fence" x="6" y="6" width="888" height="288" rx="10" />
        <text class="head" x="22" y="30">
          Isolated network, no way out
        </text>
        <text x="22" y="48">
          {visible(`${lab.ipv4}, ${lab.ipv6}`)}
        </text>
        <Box x={22} y={66} width={216} height={62} title="Whoever may send" lines={['AUTH, or a POP login before']} />
        <Box x={22} y={148} width={216} height={62} title="Strangers" lines={['an address for every attempt']} />
        <Box x={22} y={230} width={216} height={50} title="DNS" lines={[lab.dns.join(', ')]} />
        <Box
          x={340}
          y={66}
          width={232}
          height={144}
          title="Target"
          lines={[
            `sendmail ${provenance.sendmail ?? ''}`.trim(),
            'with the configuration under test',
            'POP server, mailboxes, log',
          ]}
        />
        <Box
          x={672}
          y={66}
          width={204}
          height={80}
          title="Sink"
          lines={['exchanger of all outside', lab.sink.join(', ')]}
        />
        <Arrow from={[238, 96]} to={[338, 96]} kind="good" />
        <Arrow from={[572, 96]} to={[670, 96]} kind="good" />
        <Arrow from={[238, 178]} to={[338, 178]} kind="bad" />
        <Arrow from={[238, 255]} to={[440, 212]} kind="seen" />
        <text class="good" x="248" y="88">
          ✓ message
        </text>
        <text class="good" x="582" y="88">
          ✓ arrives
        </text>
        <text class="bad" x="248" y="170">
          ✗ must stop
        </text>
        <text class="bad" x="582" y="178">
          ✗ nothing of strangers
        </text>
      </svg>
      <figcaption>What gets out is seen at the sink: a reply code alone is no proof.</figcaption>
    </figure>
  );
}
