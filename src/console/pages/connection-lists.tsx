import type { Child } from 'hono/jsx';
import { problemNext } from '../../report/advice.ts';
import type { IssueRow, ParkedRow, ProblemRow, StateView, TwinRow } from '../../report/status-report.ts';
import { shownMessage, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import type { TwinPage } from '../twin-page.ts';
import type { View } from './layout.tsx';
import { Form, Outward, When } from './parts.tsx';

const words = texts.connection;

type ReadState = Extract<StateView, { kind: 'read' }>;

interface Shown {
  readonly view: View;
  readonly connectionId: string;
  /** Whether retry and unlink are offered now. */
  readonly canAct: boolean;
}

function Columns({ names }: { readonly names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col">{name === '' ? <span class="hidden">{texts.connection.actions}</span> : name}</th>
        ))}
      </tr>
    </thead>
  );
}

/** One issue's button for an operation that takes issues. */
function IssueButton(props: Shown & { readonly action: 'retry' | 'unlink'; readonly issue: string }) {
  if (!props.canAct || props.issue === '') return null;
  const label = texts.actions[props.action];
  return (
    <Form csrf={props.view.csrf} action={`/connections/${props.connectionId}/actions/${props.action}`}>
      <input type="hidden" name="issues" value={props.issue} />
      {props.action === 'unlink' ? <UnlinkTick issue={props.issue} /> : null}
      <button
        type="submit"
        class="small"
        aria-label={`${label} ${shownTitle(props.issue)}`}
        title={texts.actions[`${props.action}Note`]}
      >
        {label}
      </button>
    </Form>
  );
}

/** One of many on the page, so it has no id of its own. */
function UnlinkTick({ issue }: { readonly issue: string }) {
  const words = texts.actions;
  return (
    <label class="tick">
      <input type="checkbox" name="confirm" value="unlink" aria-label={`${words.confirmUnlink}: ${shownTitle(issue)}`} />
      {words.confirmUnlink}
    </label>
  );
}

function Issue({ issue }: { readonly issue: IssueRow | undefined }) {
  return issue === undefined || issue.key === '' ? <span class="dim">–</span> : <Outward url={issue.url} label={issue.key} />;
}

/** Those of both issues that are there; what the state knows by name alone where it knows neither. */
function Issues(props: { readonly row: Pick<ParkedRow, 'public' | 'private'>; readonly otherwise: string }) {
  const known = [props.row.public, props.row.private].filter((issue) => issue !== undefined && issue.key !== '');
  return (
    <td class="short">
      {known.length === 0 ? shownTitle(props.otherwise) : null}
      {known.map((issue, index) => (
        <>
          {index === 0 ? null : <br />}
          <Issue issue={issue} />
        </>
      ))}
    </td>
  );
}

/** Rows of the queue that one page shows; the rest is told by its number. */
const queueMax = 200;

/** What waits for another try and what was refused for good, each with its error, its impact and *Retry*. */
export function Queue(props: Shown & { readonly state: ReadState }) {
  const { retry, parked } = props.state;
  if (retry.length + parked.length === 0) return <p class="hint">{words.queueNone}</p>;
  const left = Math.max(0, retry.length - queueMax) + Math.max(0, parked.length - queueMax);
  return (
    <>
      {props.canAct ? (
        <Form csrf={props.view.csrf} action={`/connections/${props.connectionId}/actions/retry`}>
          <div class="buttons">
            <button type="submit" title={texts.actions.retryNote}>
              {texts.actions.retryAll}
            </button>
          </div>
        </Form>
      ) : null}
      <div class="scroll" tabindex={0} role="region" aria-label={words.queue}>
        <table>
          <Columns names={words.queueColumns} />
          <tbody>
            {retry.slice(0, queueMax).map((row) => (
              <tr>
                <Issues row={row} otherwise={row.issue} />
                <td>{shownMessage(row.reason)}</td>
                <td>{words.waits}</td>
                <td class="number">{row.attempts}</td>
                <td>
                  <When at={row.since} />
                </td>
                <td>
                  <When at={row.next} />
                </td>
                <td>
                  <IssueButton {...props} action="retry" issue={row.issue} />
                </td>
              </tr>
            ))}
            {parked.slice(0, queueMax).map((row) => (
              <tr>
                <Issues row={row} otherwise="" />
                <td>{shownMessage(row.reason)}</td>
                <td>{words.parked(shownTitle(row.what))}</td>
                <td></td>
                <td>
                  <When at={row.at} />
                </td>
                <td></td>
                <td>
                  <IssueButton {...props} action="retry" issue={row.public?.key ?? row.private?.key ?? ''} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left === 0 ? null : <p class="hint">{words.queueMore(left)}</p>}
    </>
  );
}

/** What both sides had changed in the last day: the field, whose value stands, and where the other one can be looked up. */
export function Conflicts({ problems }: { readonly problems: readonly ProblemRow[] }) {
  return (
    <Rows
      title={words.conflicts}
      columns={words.conflictColumns}
      rows={problems}
      cells={(problem) => (
        <>
          <td class="short">{shownTitle(problem.field ?? '–')}</td>
          <td class="short">{problem.stands ?? '–'}</td>
          <td>
            <When at={problem.at} />
          </td>
        </>
      )}
    />
  );
}

/** What stands open after the last cycles, conflicts apart. */
export function Problems({ problems }: { readonly problems: readonly ProblemRow[] }) {
  return (
    <Rows
      title={words.problems}
      columns={words.problemColumns}
      rows={problems}
      cells={(problem) => (
        <>
          <td class="short">{shownTitle(problem.name)}</td>
          <td>
            <When at={problem.at} />
          </td>
          <td>{problemNext(problem.name)}</td>
        </>
      )}
    />
  );
}

/** A card of problems, each with both issues and what `cells` makes of it; nothing where there is none. */
function Rows(props: {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly ProblemRow[];
  readonly cells: (problem: ProblemRow) => Child;
}) {
  if (props.rows.length === 0) return null;
  return (
    <section class="card">
      <h2>{props.title}</h2>
      <div class="scroll" tabindex={0} role="region" aria-label={props.title}>
        <table>
          <Columns names={props.columns} />
          <tbody>
            {props.rows.map((problem) => (
              <tr>
                <td class="short">
                  <Issue issue={problem.links.public} />
                </td>
                <td class="short">
                  <Issue issue={problem.links.private} />
                </td>
                {props.cells(problem)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** One page of the twins, found and cut on the server. */
export function Twins(props: Shown & { readonly page: TwinPage }) {
  const { page, connectionId } = props;
  const path = `/connections/${connectionId}`;
  const link = (to: number): string => `${path}?${new URLSearchParams({ q: page.query, page: String(to) })}#twins`;
  return (
    <>
      <form method="get" action={path} role="search" data-live="twins">
        <div class="searchline">
          <div class="field">
            <label class="hidden" for="twin-search">
              {words.twinSearch}
            </label>
            <input type="search" id="twin-search" name="q" value={page.query} placeholder={words.twinSearch} autocomplete="off" />
          </div>
          <button type="submit">{texts.initiate.searchButton}</button>
          <a class="button" href={`${path}/twins.csv`} download={true}>
            {words.csv}
          </a>
        </div>
      </form>
      <div id="twins">
        {page.rows.length === 0 ? <p class="hint">{words.twinsNone}</p> : <TwinTable {...props} rows={page.rows} />}
        <nav class="pager" aria-label={words.twins}>
          <span>{words.twinsRange(page.from, page.to, page.found)}</span>
          {page.number > 1 ? (
            <a class="button small" href={link(page.number - 1)}>
              {words.previous}
            </a>
          ) : null}
          {page.to < page.found ? (
            <a class="button small" href={link(page.number + 1)}>
              {words.following}
            </a>
          ) : null}
        </nav>
      </div>
    </>
  );
}

function TwinTable(props: Shown & { readonly rows: readonly TwinRow[] }) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={words.twins}>
      <table>
        <Columns names={words.twinColumns} />
        <tbody>
          {props.rows.map((row) => (
            <tr>
              <td class="short">
                <Issue issue={row.public} />
              </td>
              <td class="short">
                <Issue issue={row.private} />
              </td>
              <td class="short">{row.origin}</td>
              <td>{shownTitle(row.title)}</td>
              <td>
                <IssueButton {...props} action="unlink" issue={row.public.key} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
