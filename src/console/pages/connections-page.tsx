import type { AccountConnections, ListedConnection } from '../../operations/connections.ts';
import type { ConnectionCard, StatusOutcome } from '../../report/outcome.ts';
import type { Account, HeldConnection } from '../held.ts';
import { shownMessage, shownTime, shownTitle } from '../shown-text.ts';
import { texts } from '../texts.ts';
import { documentText } from './layout.tsx';
import type { View } from './layout.tsx';
import { Field, Form, Outward, Problem, Status } from './parts.tsx';

export interface ConnectionsModel {
  readonly account: Account | undefined;
  readonly listed: AccountConnections | undefined;
  /** Known by their codes and not among the account's. */
  readonly held: readonly KnownByCode[];
  readonly problem: string | undefined;
}

interface KnownByCode {
  readonly connection: HeldConnection;
  /** Or why it cannot be told. */
  readonly status: StatusOutcome | string | undefined;
}

const words = texts.connections;

export function connectionsPage(view: View, model: ConnectionsModel): string {
  const { account, listed } = model;
  return documentText({
    title: words.title,
    isHome: true,
    children: (
      <>
        <div class="head">
          <h1>{words.title}</h1>
          <div class="buttons">
            <Form csrf={view.csrf} action="/refresh">
              <button type="submit">{words.refresh}</button>
            </Form>
            <a class="button" href="/accept">
              {words.accept}
            </a>
            <a class="button primary" href="/initiate">
              {words.initiate}
            </a>
          </div>
        </div>
        <Problem message={model.problem} />
        <ConnectionTable model={model} />
        {account === undefined || (listed === undefined && model.problem !== undefined) ? (
          <AccountForm view={view} account={account} />
        ) : (
          <Form csrf={view.csrf} action="/account/forget" class="signed">
            <span>{words.account(shownTitle(listed?.accountName ?? account.email), shownTitle(account.siteUrl))}</span>
            <button type="submit" class="plain">
              {words.forget}
            </button>
          </Form>
        )}
      </>
    ),
  });
}

function ConnectionTable({ model }: { readonly model: ConnectionsModel }) {
  const listed = model.listed?.connections ?? [];
  if (listed.length + model.held.length === 0)
    return (
      <div class="empty">
        <strong>{words.none}</strong>
        <p>{words.noneNote}</p>
      </div>
    );
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={words.title}>
      <table class="rows">
        <caption class="hidden">{words.caption}</caption>
        <thead>
          <tr>
            {words.columns.map((column) => (
              <th scope="col" class={column === words.columns[6] ? 'number' : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {listed.map((connection) => (
            <ListedRow connection={connection} />
          ))}
          {model.held.map((known) => (
            <HeldRow known={known} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ListedRow({ connection }: { readonly connection: ListedConnection }) {
  const { connectionId, card, cycles, committedAt } = connection;
  if (card !== undefined) return <Row card={card} last={cycles.at(-1)} committedAt={committedAt} />;
  return (
    <tr>
      <Name connectionId={connectionId} name={connectionId} />
      <td colspan={words.columns.length - 1}>{words.unreadable}</td>
    </tr>
  );
}

function HeldRow({ known }: { readonly known: KnownByCode }) {
  const { connection, status } = known;
  const { invitation, connectionId } = connection;
  if (typeof status === 'object') {
    const { card, cycles } = status;
    // The newest first; the others ended without a commit.
    const committed = cycles.find(({ outcome }) => outcome === 'done' || outcome === 'failed');
    return <Row card={card} last={cycles[0]} committedAt={committed?.at} />;
  }
  return (
    <tr>
      <Name connectionId={connectionId} name={invitation.name} />
      <Site url={invitation.siteUrl} project={invitation.project} />
      <td class="dim">{words.unknown}</td>
      <td>{words.basic}</td>
      <td colspan={3}>{shownMessage(status ?? words.unknown)}</td>
    </tr>
  );
}

function Row(props: {
  readonly card: ConnectionCard;
  readonly last: { readonly failed: number; readonly outcome: string } | undefined;
  readonly committedAt: number | undefined;
}) {
  const { card, last, committedAt } = props;
  const errors = (last?.failed ?? 0) + (last?.outcome === 'stopped' || last?.outcome === 'guard' ? 1 : 0);
  return (
    <tr>
      <Name connectionId={card.connectionId} name={card.name} />
      <Site url={card.site} project={card.project} />
      <td class={card.destination === words.unknown ? 'dim' : undefined}>{shownTitle(card.destination)}</td>
      <td>{words.basic}</td>
      <td>
        <Status status={card.status} />
      </td>
      <td>{committedAt === undefined ? <span class="dim">{words.never}</span> : shownTime(committedAt)}</td>
      <td class="number">{errors === 0 ? '0' : <strong class="bad">{errors}</strong>}</td>
    </tr>
  );
}

function Name({ connectionId, name }: { readonly connectionId: string; readonly name: string }) {
  return (
    <th scope="row">
      <a href={`/connections/${connectionId}`}>{shownTitle(name)}</a>
    </th>
  );
}

function Site({ url, project }: { readonly url: string; readonly project: string }) {
  return (
    <td>
      <Outward url={url} label={new URL(url).host} />
      <br />
      <span class="dim">{shownTitle(project)}</span>
    </td>
  );
}

function AccountForm({ view, account }: { readonly view: View; readonly account: Account | undefined }) {
  const fields = texts.account;
  return (
    <section class="card narrow">
      <h2>{fields.title}</h2>
      <p class="hint">{fields.note}</p>
      <Form csrf={view.csrf} action="/account">
        <Field name="site" label={fields.site} hint={fields.siteHint} type="url" value={account?.siteUrl ?? ''} required={true} />
        <Field name="email" label={fields.email} type="email" value={account?.email ?? ''} required={true} />
        <Field name="token" label={fields.token} type="password" required={true} />
        <div class="buttons">
          <button type="submit" class="primary">
            {fields.submit}
          </button>
        </div>
      </Form>
    </section>
  );
}
