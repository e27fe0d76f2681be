import type { SideName } from '../../core/model.ts';
import type { PlayRun, Playground } from '../../operations/playground.ts';
import { faultNames } from '../../operations/playground-faults.ts';
import type { PlayIssue, PlayPair } from '../../operations/playground-view.ts';
import { shownBody, shownMessage, shownTime, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import { documentText } from './layout.tsx';
import type { View } from './layout.tsx';
import { Form, Problem, Status } from './parts.tsx';

const words = texts.playground;
const runsShown = 6;

/** A form that its tracker refused, with what was typed into it. */
export interface RefusedForm {
  readonly side: SideName;
  readonly kind: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly problem: string;
}

/** What every form of the page is made with. */
interface Forms {
  readonly view: View;
  readonly refused: RefusedForm | undefined;
}

/** What was typed into this form when it was refused; undefined for every other one. */
function typedIn({ refused }: Forms, form: Pick<RefusedForm, 'side' | 'kind'> & { readonly issue?: string }): Fields | undefined {
  const isIt = refused?.side === form.side && refused.kind === form.kind && refused.fields['issue'] === form.issue;
  return isIt ? refused.fields : undefined;
}

type Fields = RefusedForm['fields'];

export function playgroundPage(view: View, playground: Playground, refused: RefusedForm | undefined): string {
  const forms = { view, refused };
  const pairs = playground.pairs();
  return documentText({
    title: words.title,
    wide: true,
    isHome: true,
    home: { label: words.title, href: '/', note: words.place },
    children: (
      <>
        <div class="play-top">
          <div>
            <h1>{words.title}</h1>
            <p class="hint">{words.lead}</p>
            <Counts pairs={pairs} />
            <RunForm view={view} />
          </div>
          <Runs runs={playground.runs} />
        </div>
        <Problem title={words.failedAct} message={refused?.problem} />
        <h2 class="hidden">{words.pairsTitle}</h2>
        <div class="play-heads">
          <SideHead forms={forms} side="public" label={words.jira} />
          <SideHead forms={forms} side="private" label={words.github} />
        </div>
        <ol class="pairs">
          {pairs.map((pair) => (
            <Pair forms={forms} pair={pair} playground={playground} />
          ))}
        </ol>
      </>
    ),
  });
}

function Counts({ pairs }: { readonly pairs: readonly PlayPair[] }) {
  const whole = pairs.filter((pair) => pair.public !== undefined && pair.private !== undefined).length;
  const doubles = pairs.reduce((sum, pair) => sum + pair.doubles.length, 0);
  return (
    <ul class="counts">
      <li>
        <strong id="pairs">{whole}</strong> {words.counts.pairs}
      </li>
      <li>
        <strong id="waiting">{pairs.length - whole}</strong> {words.counts.waiting}
      </li>
      <li class={doubles === 0 ? undefined : 'bad'}>
        <strong id="doubles">{doubles}</strong> {words.counts.doubles}
      </li>
    </ul>
  );
}

function RunForm({ view }: { readonly view: View }) {
  return (
    <Form csrf={view.csrf} action="/run" class="run">
      <button type="submit" class="primary" title={words.runNote}>
        {words.run}
      </button>
      <fieldset class="inline">
        <legend class="hidden">{words.faults}</legend>
        {faultNames.map((name) => (
          <label class="fault" title={words.faultHints[name]}>
            <input type="checkbox" name={name} value="on" /> {words.faultNames[name]}
          </label>
        ))}
      </fieldset>
    </Form>
  );
}

function Runs({ runs }: { readonly runs: readonly PlayRun[] }) {
  return (
    <section class="runs" aria-label={words.runs}>
      <h2>{words.runs}</h2>
      {runs.length === 0 ? <p class="hint">{words.noRuns}</p> : null}
      <ol role="list">
        {runs.slice(0, runsShown).map((run) => (
          <li class={`run-${run.end.kind}`}>
            <span class="run-number">{run.number}</span>
            <time>{shownTime(run.at).slice(11, 16)}</time>
            <span>
              {run.faults.map((name) => (
                <span class="tag">{words.faultNames[name]}</span>
              ))}
              {runText(run)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function runText({ end }: PlayRun): string {
  if (end.kind === 'killed') return end.after === undefined ? words.killedAtEnd : words.killed(shownTitle(end.after));
  if (end.kind === 'stopped') return shownMessage(end.message);
  const { result, requests } = end.report;
  const count = (action: string): number => result.changes.filter((change) => change.action === action).length;
  const conflicts = result.conflicts.length;
  return [
    ...(result.start === 'rebuilt' ? [words.rebuilt] : []),
    words.done({
      created: count('created'),
      updated: count('updated'),
      removed: count('removed'),
      requests: requests.public + requests.private,
    }),
    ...(conflicts === 0 ? [] : [words.conflicts(conflicts)]),
    ...(result.failures.length === 0 ? [] : [words.failed(result.failures.length)]),
  ].join(', ');
}

function SideHead({ forms, side, label }: { readonly forms: Forms; readonly side: SideName; readonly label: string }) {
  const typed = typedIn(forms, { side, kind: 'issue' });
  const id = (name: string): string => `new-${side}-${name}`;
  return (
    <section class="side-head" aria-label={words.sides[side]}>
      <p class="side-name">
        <strong>{words.sides[side]}</strong> <span class="dim">{label}</span>
      </p>
      <details class="more" open={typed !== undefined}>
        <summary>{words.write}</summary>
        <Form csrf={forms.view.csrf} action={`/act/${side}/issue`}>
          <div class="write">
            <div class="field">
              <label for={id('title')}>{words.issueTitle}</label>
              <input
                type="text"
                id={id('title')}
                name="title"
                value={typed?.['title'] ?? ''}
                required={true}
                maxlength={250}
                autocomplete="off"
              />
            </div>
            <div class="field">
              <label for={id('type')}>{words.issueType}</label>
              <select id={id('type')} name="type">
                {words.types.map((type) => (
                  <option value={type} selected={type === typed?.['type']}>
                    {type}
                  </option>
                ))}
              </select>
            </div>
          </div>
          <div class="field">
            <label for={id('text')}>{words.issueText}</label>
            <textarea id={id('text')} name="text" rows={3}>
              {typed?.['text'] ?? ''}
            </textarea>
          </div>
          <button type="submit">{words.create}</button>
        </Form>
      </details>
    </section>
  );
}

type PairState = 'waiting' | 'touched' | 'unfinished' | 'inStep';

/** What can be told at a glance: a run that was cut short leaves copies without all of their comments. */
function stateOf(pair: PlayPair, playground: Playground): PairState {
  const { public: first, private: second } = pair;
  if (first === undefined || second === undefined) return 'waiting';
  if ([first, second].some((issue) => playground.touched.has(`${issue.side} ${issue.id}`))) return 'touched';
  const isEven = first.title === second.title && first.comments.length === second.comments.length;
  return isEven || playground.runs[0]?.end.kind === 'done' ? 'inStep' : 'unfinished';
}

function Pair(props: { readonly forms: Forms; readonly pair: PlayPair; readonly playground: Playground }) {
  const { forms, pair } = props;
  const state = stateOf(pair, props.playground);
  return (
    <li class={`pair pair-${state.toLowerCase()}`}>
      <Issue forms={forms} issue={pair.public} />
      <div class="link">
        <Status status={words[state]} />
      </div>
      <div>
        <Issue forms={forms} issue={pair.private} />
        {pair.doubles.map((issue) => (
          <div class="note note-problem">
            {words.double}: {issue.key}
          </div>
        ))}
      </div>
    </li>
  );
}

function Issue({ forms, issue }: { readonly forms: Forms; readonly issue: PlayIssue | undefined }) {
  if (issue === undefined) return <div class="issue absent">{words.waiting}</div>;
  const { side } = issue;
  return (
    <article class="issue">
      <p class="issue-head">
        <span class="key">{issue.key}</span> <strong>{shownTitle(issue.title)}</strong>
        {issue.type === '' ? null : <span class="tag">{shownTitle(issue.type)}</span>}
        <span class="dim">{words.by(shownTitle(issue.author))}</span>
      </p>
      {issue.text === '' ? null : <p class="issue-text">{shownBody(issue.text)}</p>}
      {issue.files.length === 0 ? null : (
        <p class="files">
          {issue.files.map((file) => (
            <span class="tag">{shownTitle(file)}</span>
          ))}
        </p>
      )}
      {issue.comments.map((comment) => (
        <div class="comment">
          <strong>{shownTitle(comment.author)}</strong> <span class="issue-text">{shownBody(comment.text)}</span>
          {comment.isOwn ? (
            <Form csrf={forms.view.csrf} action={`/act/${side}/remove-comment`}>
              <input type="hidden" name="issue" value={issue.key} />
              <input type="hidden" name="comment" value={comment.id} />
              <button type="submit" class="plain small" aria-label={`${words.remove}: ${shownTitle(comment.text)}`}>
                {words.remove}
              </button>
            </Form>
          ) : null}
        </div>
      ))}
      <Change forms={forms} issue={issue} />
    </article>
  );
}

function Change({ forms, issue }: { readonly forms: Forms; readonly issue: PlayIssue }) {
  const typed = (kind: string): Fields | undefined => typedIn(forms, { side: issue.side, kind, issue: issue.key });
  const [comment, edit] = [typed('comment'), typed('edit')];
  const id = (name: string): string => `${name}-${issue.side}-${issue.id}`;
  const path = (kind: string): string => `/act/${issue.side}/${kind}`;
  return (
    <details class="more change" open={[comment, edit, typed('file')].some((fields) => fields !== undefined)}>
      <summary aria-label={`${words.change}: ${issue.key}`}>{words.change}</summary>
      <Form csrf={forms.view.csrf} action={path('comment')} class="line">
        <input type="hidden" name="issue" value={issue.key} />
        <label class="hidden" for={id('comment')}>
          {words.commentText}
        </label>
        <input
          type="text"
          id={id('comment')}
          name="text"
          value={comment?.['text'] ?? ''}
          required={true}
          placeholder={words.commentText}
          autocomplete="off"
        />
        <button type="submit">{words.comment}</button>
      </Form>
      <Form csrf={forms.view.csrf} action={path('edit')} class="line">
        <input type="hidden" name="issue" value={issue.key} />
        <label class="hidden" for={id('title')}>
          {words.issueTitle}
        </label>
        <input
          type="text"
          id={id('title')}
          name="title"
          value={edit?.['title'] ?? issue.title}
          required={true}
          autocomplete="off"
        />
        <label class="hidden" for={id('text')}>
          {words.issueText}
        </label>
        <input
          type="text"
          id={id('text')}
          name="text"
          value={edit?.['text'] ?? ''}
          placeholder={words.issueText}
          autocomplete="off"
        />
        <button type="submit">{words.save}</button>
      </Form>
      <Form csrf={forms.view.csrf} action={path('file')} class="line" files={true}>
        <input type="hidden" name="issue" value={issue.key} />
        <label class="hidden" for={id('file')}>
          {words.file}
        </label>
        <input type="file" id={id('file')} name="file" required={true} />
        <button type="submit">{words.attach}</button>
      </Form>
    </details>
  );
}
