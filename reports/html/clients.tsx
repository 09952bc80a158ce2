/** Which mail programs can send, and what the others would need. */
import { type ClientCell, type ClientTable, clientMark, clientTable, needNumber } from '../client-table.ts';
import type { Report } from '../model.ts';
import type { Anchors } from './anchors.ts';
import { Code, Scrolling, Text, Verdict } from './text.tsx';

type CellProps = { clients: ClientTable; cell: ClientCell; place: string | undefined };

function Cell({ clients, cell, place }: CellProps) {
  const number = needNumber(clients, cell);
  const mark = clientMark[cell.state];
  return (
    <td>
      {place === undefined ? <Verdict mark={mark} /> : <Verdict mark={mark} href={`#${place}`} />}
      {number !== undefined && (
        <small>
          needs <a href={`#need-${number}`}>{number}</a>
        </small>
      )}
    </td>
  );
}

/** The table, with what is needed below it; nothing where no mail program was tried. */
export function Clients({ report, anchors }: { report: Report; anchors: Anchors }) {
  const clients = clientTable(report);
  if (clients === undefined) return null;
  const places = clients.configurations.map(({ index }) => {
    const list = report.configurations[index]?.attempts ?? [];
    return new Map(list.map(({ id }, position) => [id, anchors.attempt(index, position)]));
  });
  return (
    <section id="clients">
      <h2>Mail clients</h2>
      <p>They decide nothing: nobody has to serve every program.</p>
      <Scrolling label="Mail programs by configuration">
        <table class="matrix">
          <caption>Who can send: mail programs by configuration</caption>
          <thead>
            <tr>
              <th scope="col">Program, and what it is set up for</th>
              {clients.configurations.map(({ name, index }) => (
                <th scope="col">
                  <a href={`#${anchors.configuration(index)}`}>
                    <Code of={name} />
                  </a>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {clients.programs.flatMap(({ program, era, by, ways }) =>
              ways.map(({ attempt, way, cells }) => (
                <tr>
                  <th scope="row">
                    <Text of={program} />
                    {by === 'program' ? ' (the program itself)' : ''}, <Text of={way} />
                    <small>
                      <Text of={era} />
                    </small>
                  </th>
                  {cells.map((cell, column) => (
                    <Cell clients={clients} cell={cell} place={places[column]?.get(attempt)} />
                  ))}
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scrolling>
      {clients.needs.length > 0 && (
        <>
          <h3>What they would need</h3>
          <ol>
            {clients.needs.map((words, index) => (
              <li id={`need-${index + 1}`}>
                <Text of={words} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
