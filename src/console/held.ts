import { randomBytes } from 'node:crypto';
import type { RawInputs } from '../config/inputs.ts';
import type { Invitation } from '../invitation/invitation.ts';
import type { AccountConnections } from '../operations/connections.ts';
import type { Check } from '../core/result.ts';
import type { Outcome } from '../report/outcome.ts';

/** Inputs by which operations reach a connection, as the CLI would be given them. In memory alone, never in a page. */
export interface HeldConnection {
  readonly connectionId: string;
  readonly raw: RawInputs;
  /** Of the code, where it was decoded here. */
  readonly invitation: Pick<Invitation, 'name' | 'siteUrl'> & { readonly project: string };
  /** What the form of the private tracker was given where that could not be taken. */
  readonly typed?: RawInputs;
}

/** An invitation that was pasted, and how far its acceptance has come. */
export interface Draft {
  readonly id: string;
  readonly invitation: Omit<Invitation, 'secret' | 'previousKey' | 'credentials'>;
  readonly hasCredentials: boolean;
  /** Code, passphrase, and what the form of the tracker gave. */
  raw: RawInputs;
  checks: readonly Check[];
  accepted: Extract<Outcome, { kind: 'accepted' }> | undefined;
}

export interface Account {
  readonly siteUrl: string;
  readonly email: string;
  readonly token: string;
}

/** What an initiation or a reissue gave, kept so that the code can be copied again while the console runs. */
export interface Issued {
  readonly outcome: Extract<Outcome, { kind: 'initiated' | 'reissued' }>;
}

/** Everything that the console remembers; it ends with the process. */
export interface Held {
  account: Account | undefined;
  listed: AccountConnections | undefined;
  readonly connections: Map<string, HeldConnection>;
  readonly drafts: Map<string, Draft>;
  /** A whole code whose passphrase was missing or wrong, for the next try in the form that it was pasted into. */
  sealedCode: { readonly form: string; readonly code: string } | undefined;
  /** What was typed for an initiation that is not done yet, its passphrase apart from what goes back into the form. */
  initiation: { readonly fields: Readonly<Record<string, string>>; readonly passphrase: string } | undefined;
  /** By connection, then by action: what its form was given, without secrets, where the action has not gone through. */
  readonly typed: Map<string, Map<string, Readonly<Record<string, string>>>>;
  readonly issued: Map<string, Issued>;
  /** As they were read last. */
  readonly statuses: Map<string, Extract<Outcome, { kind: 'status' }>>;
  /** Why a status could not be read, redacted. */
  readonly unread: Map<string, string>;
}

const draftsMax = 50;

export function createHeld(given: RawInputs): Held {
  const [siteUrl = '', email = '', token = ''] = [given['jira-url'], given['jira-email'], given['jira-token']];
  return {
    account: siteUrl === '' || email === '' || token === '' ? undefined : { siteUrl, email, token },
    listed: undefined,
    connections: new Map(),
    drafts: new Map(),
    sealedCode: undefined,
    initiation: undefined,
    typed: new Map(),
    issued: new Map(),
    statuses: new Map(),
    unread: new Map(),
  };
}

/** A project as cards name it. */
export function projectText(project: Pick<Invitation['project'], 'key' | 'name'>): string {
  return `${project.key} (${project.name})`;
}

/** Keeps a connection by its code; what was read of it before may not be so any more. */
export function hold(held: Held, connection: HeldConnection): void {
  held.connections.set(connection.connectionId, connection);
  forgetStatus(held, connection.connectionId);
}

/** So that its status is read anew. */
export function forgetStatus(held: Held, connectionId: string): void {
  held.statuses.delete(connectionId);
  held.unread.delete(connectionId);
}

/** Keeps what an invitation says, without its secrets, beside the inputs that operations take. */
export function addDraft(held: Held, invitation: Invitation, raw: RawInputs): Draft {
  const { secret: _, previousKey: __, credentials, ...told } = invitation;
  const id = randomBytes(9).toString('hex');
  const draft: Draft = { id, invitation: told, hasCredentials: credentials !== undefined, raw, checks: [], accepted: undefined };
  const [oldest] = held.drafts.keys();
  if (held.drafts.size >= draftsMax && oldest !== undefined) held.drafts.delete(oldest);
  held.drafts.set(draft.id, draft);
  return draft;
}

/** The account as inputs of operations. */
export function accountInputs(account: Account): RawInputs {
  return { 'jira-url': account.siteUrl, 'jira-email': account.email, 'jira-token': account.token };
}
