import type { ListedConnection } from '../../operations/connections.ts';
import type { Outcome } from '../../report/outcome.ts';
import type { ConnectionAction } from '../actions.ts';
import { connectionActions } from '../actions.ts';
import type { HeldConnection } from '../held.ts';
import { shownMessage, shownTime, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import { TrackerFields } from './accept-pages.tsx';
import { OwnText } from './blocks.tsx';
import { CycleChart, CycleTable } from './chart.tsx';
import { documentText } from './layout.tsx';
import type { View } from './layout.tsx';
import { Area, Facts, Field, Form, Outward, Problem, Status } from './parts.tsx';

const words = texts.connection;

export interface ConnectionModel {
  readonly connectionId: string;
  /** By the account's user properties. */
  readonly listed: ListedConnection | undefined;
  /** By its code. */
  readonly held: HeldConnection | undefined;
  readonly status: Extract<Outcome, { kind: 'status' }> | undefined;
  readonly rules: string;
  readonly problem: string | undefined;
  /** Whether the private tracker's inputs are known. */
  readonly hasTracker: boolean;
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
            <Actions view={view} model={model} />
          </div>
        </div>
        <Problem message={model.problem} />
        <div class="split">
          <div>
            <Cycles model={model} />
            <section id="rules" class="card">
              <h2>{words.rules}</h2>
              <details class="more">
                <summary>{words.show}</summary>
                <OwnText text={model.rules} />
              </details>
            </section>
          </div>
          <aside>
            <Overview model={model} />
            <Access view={view} model={model} />
          </aside>
        </div>
      </>
    ),
  });
}

function isOffered(action: ConnectionAction, model: ConnectionModel): boolean {
  const status = model.status?.card.status ?? model.listed?.card?.status;
  if (model.held === undefined || (action.needsTracker && !model.hasTracker)) return false;
  if (action.name === 'activate') return status === 'Deactivated';
  if (action.name === 'deactivate') return status === 'Active';
  return true;
}

function Actions({ view, model }: { readonly view: View; readonly model: ConnectionModel }) {
  return (
    <>
      {connectionActions
        .filter((action) => isOffered(action, model))
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

function Cycles({ model }: { readonly model: ConnectionModel }) {
  const cycles = model.listed?.cycles ?? [];
  return (
    <section class="card">
      <h2>{words.cycles}</h2>
      <CycleChart cycles={cycles} />
      <CycleTable cycles={cycles} />
    </section>
  );
}

function Overview({ model }: { readonly model: ConnectionModel }) {
  const card = model.status?.card ?? model.listed?.card;
  if (card === undefined) return null;
  const committedAt = model.listed?.committedAt;
  const common = [
    { name: words.id, value: <code>{card.connectionId}</code> },
    { name: words.mode, value: texts.connections.basic },
    {
      name: words.sides.public,
      value: (
        <>
          <Outward url={card.site} label={card.site} />
          <br />
          {shownTitle(card.project)}
        </>
      ),
    },
    { name: words.sides.private, value: shownTitle(card.destination) },
  ];
  const told = model.status?.facts.map(({ name, value }) => ({ name: shownTitle(name), value: shownMessage(value) }));
  const known = committedAt === undefined ? [] : [{ name: words.lastCycle, value: shownTime(committedAt) }];
  return (
    <section class="card">
      <h2>{words.facts}</h2>
      <Facts facts={[...common, ...(told ?? known)]} />
    </section>
  );
}

/** What the console must be given before it can act: the code first, then the private tracker. */
function Access({ view, model }: { readonly view: View; readonly model: ConnectionModel }) {
  const path = `/connections/${model.connectionId}`;
  if (model.held === undefined)
    return (
      <section class="card">
        <h2>{words.needsCode}</h2>
        <p class="hint">{words.needsCodeNote}</p>
        <Form csrf={view.csrf} action={`${path}/code`}>
          <Area name="code" label={texts.accept.code} rows={4} required={true} code={true} />
          <Field name="passphrase" label={texts.accept.passphrase} type="password" />
          <div class="buttons end">
            <button type="submit" class="primary">
              {words.open}
            </button>
          </div>
        </Form>
      </section>
    );
  if (model.hasTracker) return null;
  return (
    <section class="card">
      <h2>{words.private}</h2>
      <p class="hint">{words.privateNote}</p>
      <Form csrf={view.csrf} action={`${path}/tracker`} class="stacked">
        <TrackerFields draft={{ raw: model.held.raw, hasCredentials: true }} />
        <div class="buttons end">
          <button type="submit" class="primary">
            {words.open}
          </button>
        </div>
      </Form>
    </section>
  );
}
