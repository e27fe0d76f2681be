import type { ChangeLine, IssueLink } from '../../core/result.ts';
import type { ValueChange } from '../../core/value-change.ts';
import { mapTexts } from '../../report/blocks.ts';
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
export function workPage(work: Work, redact: (text: string) => string): string {
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
        {work.end?.outcome === undefined ? null : <Result outcome={work.end.outcome} redact={redact} />}
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

/** Texts of trackers may hold a secret that somebody wrote there: each is redacted before it is rendered (I8). */
function Result({ outcome, redact }: { readonly outcome: Outcome; readonly redact: (text: string) => string }) {
  const limited = shown(outcome);
  const first = limited.kind === 'synced' ? limited.cycles[0]?.result : undefined;
  const whole = documentOf(outcome);
  const document = { ...whole, blocks: whole.blocks.map((block) => mapTexts(block, redact)) };
  if (first?.dryRun !== true) return <Report document={document} />;
  // The plan stands as a diff already.
  const rest = document.blocks.filter(
    (block) => block.kind !== 'diff' && !(block.kind === 'table' && block.title.startsWith('Plan')),
  );
  return (
    <>
      <Plan changes={first.changes.map((change) => redacted(change, redact))} />
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

function redacted(change: ChangeLine, redact: (text: string) => string): ChangeLine {
  const values = (change.values ?? []).map(({ field, before, after }) => ({
    field,
    before: before.map(redact),
    after: after.map(redact),
  }));
  return { ...change, what: redact(change.what), title: redact(change.title), values };
}

function pairsOf(changes: readonly ChangeLine[]): readonly PairOfIssues[] {
  const pairs = new Map<string, PairOfIssues>();
  for (const change of changes) {
    const key = JSON.stringify([change.issues.public?.key, change.issues.private?.key]);
    const pair = pairs.get(key) ?? { issues: change.issues, title: change.title, changes: [] };
    pair.changes.push(change);
    pairs.set(key, pair);
  }
  return [...pairs.values()];
}

/** The plan as a diff of both sides: what stands on each, and below it what a cycle would add, change and remove there. */
export function Plan({ changes }: { readonly changes: readonly ChangeLine[] }) {
  const pairs = pairsOf(changes);
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

/** What stands there now, where that is about to change; else the origin's title. */
function titleOn(own: readonly ChangeLine[], pair: PairOfIssues): string {
  const summary = own.flatMap((change) => change.values ?? []).find((value) => value.field === 'summary');
  return summary?.before[0] ?? pair.title;
}

function Side({ pair, side }: { readonly pair: PairOfIssues; readonly side: 'public' | 'private' }) {
  const own = pair.changes.filter((change) => change.side === side);
  return (
    <td>
      <p class="diff-head">
        <Head issue={pair.issues[side]} />{' '}
        <span class={pair.issues[side] === undefined ? 'dim' : undefined}>{shownTitle(titleOn(own, pair))}</span>
      </p>
      {own.length === 0 ? null : (
        <ul class="diff-lines">
          {own.map((change) => (
            <li class={`diff-${change.action}`}>
              <span aria-hidden="true">{texts.plan.marks[change.action]}</span>
              <span class="hidden">{texts.plan.words[change.action]}</span> {shownTitle(change.what)}
              {(change.values ?? []).map((value) => (
                <Value value={value} isNamed={value.field !== change.what} />
              ))}
            </li>
          ))}
        </ul>
      )}
    </td>
  );
}

/** One value as it is and as it would be; what each line is stands beside it for those who hear the page. */
function Value({ value, isNamed }: { readonly value: ValueChange; readonly isNamed: boolean }) {
  const lines = [
    ...value.before.map((line) => ({ action: 'removed' as const, line })),
    ...value.after.map((line) => ({ action: 'created' as const, line })),
  ];
  return (
    <div class="value">
      {isNamed ? <p class="dim">{shownTitle(value.field)}</p> : null}
      {lines.map(({ action, line }) => (
        <p class={`diff-${action}`}>
          <span aria-hidden="true">{texts.plan.marks[action]}</span>
          <span class="hidden">{texts.plan.values[action]}</span> {shownMessage(line)}
        </p>
      ))}
    </div>
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
