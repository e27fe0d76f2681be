import type { ChangeLine, CycleResult, IssueLink } from '../../core/result.ts';
import { documentOf } from '../../report/document.ts';
import type { Outcome } from '../../report/outcome.ts';
import { shown } from '../../report/shown.ts';
import { shownMessage, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import type { Work } from '../work.ts';
import { Report } from './blocks.tsx';
import { documentText } from './layout.tsx';
import { Checks, Outward, Problem } from './parts.tsx';

const words = texts.work;

/** Work that goes on, or what came of it. The script looks for news; without it the link does. */
export function workPage(work: Work): string {
  const isRunning = work.end === undefined && work.problem === undefined;
  const outcome = work.end?.outcome;
  // The page of a connection that was cleaned up is gone.
  const back = outcome?.kind === 'cleaned' && outcome.card.status === 'Removed' ? '/' : work.back;
  return documentText({
    title: work.title,
    children: (
      <>
        <div class="head">
          <h1>{shownTitle(work.title)}</h1>
          <div class="buttons">
            <a class="button" href={back}>
              {words.back}
            </a>
          </div>
        </div>
        {isRunning ? (
          <div class="running" data-work={work.id} data-lines={String(work.lines.length)} role="status">
            <p>
              <span class="spinner" aria-hidden="true"></span> {words.running}
            </p>
            <a class="button" href={`/task/${work.id}`}>
              {words.lookAgain}
            </a>
          </div>
        ) : null}
        <Problem title={words.failed} message={work.problem} />
        {work.end?.checks === undefined ? null : <Checks checks={work.end.checks} />}
        {work.end?.outcome === undefined ? null : <Result outcome={work.end.outcome} />}
        {work.end?.outcome?.kind === 'cleaned' && work.end.outcome.mapPath !== undefined ? (
          <p>
            <a class="button" href={`/task/${work.id}/twin-map.csv`} download={true}>
              {texts.connection.csv}
            </a>
          </p>
        ) : null}
        {work.lines.length === 0 ? null : (
          <details class="more" open={isRunning}>
            <summary>{words.log}</summary>
            <pre class="mono log" tabindex={0} aria-label={words.log}>
              {work.lines.map(shownMessage).join('\n')}
            </pre>
          </details>
        )}
      </>
    ),
  });
}

function Result({ outcome }: { readonly outcome: Outcome }) {
  const limited = shown(outcome);
  const first = limited.kind === 'synced' ? limited.cycles[0]?.result : undefined;
  const document = documentOf(outcome);
  if (first?.dryRun !== true) return <Report document={document} />;
  // The plan stands as a diff already.
  const rest = document.blocks.filter((block) => block.kind !== 'table' || !block.title.startsWith('Plan'));
  return (
    <>
      <Plan result={first} />
      <Report document={{ ...document, blocks: rest }} />
    </>
  );
}

interface PairOfIssues {
  readonly issues: ChangeLine['issues'];
  readonly title: string;
  readonly changes: ChangeLine[];
}

/** Pairs of one plan that are shown; a plan of a first cycle may have thousands. */
const pairsMax = 300;

function pairsOf(result: CycleResult): readonly PairOfIssues[] {
  const pairs = new Map<string, PairOfIssues>();
  for (const change of result.changes) {
    const key = JSON.stringify([change.issues.public?.key, change.issues.private?.key]);
    const pair = pairs.get(key) ?? { issues: change.issues, title: change.title, changes: [] };
    pair.changes.push(change);
    pairs.set(key, pair);
  }
  return [...pairs.values()];
}

/** The plan as a diff of both sides: what stands on each, and below it what a cycle would add, change and remove there. */
export function Plan({ result }: { readonly result: CycleResult }) {
  const pairs = pairsOf(result);
  return (
    <section>
      <h2>{texts.plan.title}</h2>
      <p class="hint">{texts.plan.note}</p>
      {pairs.length === 0 ? (
        <p class="note note-good">{texts.plan.none}</p>
      ) : (
        <table class="diff">
          <caption class="hidden">{texts.plan.caption}</caption>
          <thead>
            <tr>
              {texts.plan.columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pairs.slice(0, pairsMax).map((pair) => (
              <tr>
                <Side pair={pair} side="public" />
                <Side pair={pair} side="private" />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pairs.length > pairsMax ? <p class="hint">{`… ${pairs.length - pairsMax}`}</p> : null}
    </section>
  );
}

function Side({ pair, side }: { readonly pair: PairOfIssues; readonly side: 'public' | 'private' }) {
  const own = pair.changes.filter((change) => change.side === side);
  return (
    <td>
      <p class="diff-head">
        <Head issue={pair.issues[side]} />{' '}
        <span class={pair.issues[side] === undefined ? 'dim' : undefined}>{shownTitle(pair.title)}</span>
      </p>
      {own.length === 0 ? null : (
        <ul class="diff-lines">
          {own.map((change) => (
            <li class={`diff-${change.action}`}>
              <span aria-hidden="true">{texts.plan.marks[change.action]}</span>
              <span class="hidden">{texts.plan.words[change.action]}</span> {shownTitle(change.what)}
            </li>
          ))}
        </ul>
      )}
    </td>
  );
}

function Head({ issue }: { readonly issue: IssueLink | undefined }) {
  return issue === undefined ? <span class="new">{texts.plan.new}</span> : <Outward url={issue.url} label={issue.key} />;
}

/** For requests that are not answered, and for errors: what is wrong and where to go on. */
export function refusedPage(message: string, title: string): string {
  return documentText({
    title,
    children: (
      <div class="card narrow">
        <h1>{title}</h1>
        <Problem message={message} />
        <p>
          <a href="/">{texts.refused.home}</a>
        </p>
      </div>
    ),
  });
}
