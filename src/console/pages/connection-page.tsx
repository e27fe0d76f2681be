import type { ListedConnection } from '../../operations/connections.ts';
import type { StatusOutcome } from '../../report/outcome.ts';
import { connectionActions } from '../actions.ts';
import type { HeldConnection } from '../held.ts';
import { shownMessage, shownTime, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import type { TwinPage } from '../twin-page.ts';
import { OwnText } from './blocks.tsx';
import { CycleChart, CycleTable } from './chart.tsx';
import { Access, MoreForms, isOffered } from './connection-forms.tsx';
import { Conflicts, Problems, Queue, Twins } from './connection-lists.tsx';
import { documentText } from './layout.tsx';
import type { View } from './layout.tsx';
import { Facts, Form, Note, Outward, Problem, Status } from './parts.tsx';

const words = texts.connection;

export interface ConnectionModel {
  readonly connectionId: string;
  /** By the account's user properties. */
  readonly listed: ListedConnection | undefined;
  /** By its code. */
  readonly held: HeldConnection | undefined;
  /** By code or account; undefined where neither works now. */
  readonly status: StatusOutcome | undefined;
  readonly twins: TwinPage | undefined;
  readonly rules: string;
  readonly problem: string | undefined;
  /** Whether the private tracker's inputs are known. */
  readonly hasTracker: boolean;
  /** Whether its code can be copied here. */
  readonly isIssued: boolean;
  /** Whether the console was started with a code, of this connection or of another one. */
  readonly isCodeGiven: boolean;
  /** Whether a code was pasted here that its passphrase did not open. */
  readonly isCodeKept: boolean;
  /** What the forms of actions that failed were given, by the name of the action. */
  readonly typed: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

export function connectionPage(view: View, model: ConnectionModel): string {
  const card = model.status?.card ?? model.listed?.card;
  const name = card?.name ?? model.held?.invitation.name ?? model.connectionId;
  return documentText({
    title: name,
    children: (
      <>
        <div class="head">
          <h1>
            {shownTitle(name)} {card === undefined ? null : <Status status={card.status} />}
          </h1>
          <div class="buttons">
            <a class="button" href={`/connections/${model.connectionId}`}>
              {texts.connections.refresh}
            </a>
            {model.isIssued ? (
              <a class="button" href={`/initiated/${model.connectionId}`}>
                {words.issued}
              </a>
            ) : null}
            <HeadActions view={view} model={model} />
          </div>
        </div>
        <Problem message={model.problem} />
        {model.status?.notices.map((notice) => (
          <Note kind="warning">
            <p>{shownMessage(notice)}</p>
          </Note>
        ))}
        <div class="split">
          <div>
            <Main view={view} model={model} />
          </div>
          <aside>
            <Overview model={model} />
            <Access view={view} model={model} />
            <MoreForms view={view} model={model} />
          </aside>
        </div>
      </>
    ),
  });
}

function HeadActions({ view, model }: { readonly view: View; readonly model: ConnectionModel }) {
  return (
    <>
      {connectionActions
        .filter((action) => action.place === 'head' && isOffered(action, model))
        .map((action) => (
          <Form csrf={view.csrf} action={`/connections/${model.connectionId}/actions/${action.name}`}>
            <button type="submit" title={action.note} class={action.isPrimary === true ? 'primary' : undefined}>
              {action.label}
            </button>
          </Form>
        ))}
    </>
  );
}

function Main({ view, model }: { readonly view: View; readonly model: ConnectionModel }) {
  const { status, connectionId } = model;
  const cycles = status?.cycles.toReversed() ?? model.listed?.cycles ?? [];
  const problems = status?.problems ?? [];
  const canAct = model.hasTracker && status?.card.status === 'Active';
  const shown = { view, connectionId, canAct };
  return (
    <>
      <section class="card">
        <h2>{words.cycles}</h2>
        <CycleChart cycles={cycles} />
        <CycleTable cycles={cycles} />
      </section>
      <Problems problems={problems.filter(({ name }) => name !== 'conflict')} />
      <Conflicts problems={problems.filter(({ name }) => name === 'conflict')} />
      {status?.state.kind === 'read' ? (
        <section class="card">
          <h2>{words.queue}</h2>
          <Queue {...shown} state={status.state} />
        </section>
      ) : null}
      {status === undefined ? null : (
        <section class="card">
          <h2>{words.twins}</h2>
          {status.state.kind === 'unread' ? <p class="hint">{shownMessage(status.state.reason)}</p> : null}
          {model.twins === undefined ? null : <Twins {...shown} page={model.twins} />}
        </section>
      )}
      <section id="rules" class="card">
        <h2>{words.rules}</h2>
        <details class="more">
          <summary>{words.show}</summary>
          <OwnText text={model.rules} />
        </details>
      </section>
    </>
  );
}

/** Facts that stand on the page already, under other names. */
const shownElsewhere: ReadonlySet<string> = new Set(['mode, type']);

function Overview({ model }: { readonly model: ConnectionModel }) {
  const { status } = model;
  const card = status?.card ?? model.listed?.card;
  if (card === undefined) return null;
  const told = status?.facts.filter(({ name }) => !shownElsewhere.has(name)) ?? [];
  const paused = told.filter(({ name }) => name.endsWith(' side'));
  const committedAt = model.listed?.committedAt;
  const stateOf = (side: string): string => paused.find(({ name }) => name === side)?.value ?? '';
  return (
    <section class="card">
      <h2>{words.facts}</h2>
      <Facts
        facts={[
          { name: words.id, value: <code>{card.connectionId}</code> },
          { name: words.mode, value: texts.connections.basic },
          {
            name: words.sides.public,
            value: (
              <>
                <Outward url={card.site} label={new URL(card.site).host} />
                <br />
                {shownTitle(card.project)} <span class="dim">{stateOf('public side')}</span>
              </>
            ),
          },
          {
            name: words.sides.private,
            value: (
              <>
                {shownTitle(card.destination)} <span class="dim">{stateOf('private side')}</span>
              </>
            ),
          },
          ...told
            .filter((fact) => !paused.includes(fact))
            .map(({ name, value }) => ({ name: shownTitle(name), value: shownMessage(value) })),
          ...(status === undefined && committedAt !== undefined
            ? [{ name: words.lastCycle, value: shownTime(committedAt) }]
            : []),
          ...(status?.counts === undefined ? [] : [{ name: words.twins, value: words.counts(status.counts) }]),
          ...(status?.budgets ?? []).map((budget) => ({
            name: `${words.budget}, ${budget.side}`,
            value: (
              <>
                {words.budgetText(budget.remaining, budget.limit)}
                <meter
                  min={0}
                  max={Math.max(1, budget.limit)}
                  low={budget.limit / 5}
                  optimum={budget.limit}
                  value={budget.remaining}
                  aria-label={`${words.budget}, ${budget.side}`}
                />
              </>
            ),
          })),
        ]}
      />
    </section>
  );
}
