import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { InitiatorRecord } from '../connection/record.ts';
import { statusOf } from '../connection/status.ts';
import { SallyportError } from '../errors.ts';
import { dayText } from '../report/expiry-text.ts';
import type { Outcome } from '../report/outcome.ts';
import { inspectSite } from '../sides/jira-cloud/inspect-site.ts';
import type { SiteFacts } from '../sides/jira-cloud/inspect-site.ts';
import { cardOf } from './card.ts';
import { refuseSecond, triggerTime } from './initiate.ts';
import { timeOf } from './connect.ts';
import { openPublicDoor } from './public-door.ts';
import type { Runtime } from './runtime.ts';

/** What the public side's admin wants changed; undefined stays as it is. */
interface Wish {
  readonly name: string | undefined;
  readonly projectKey: string | undefined;
  readonly trigger: string | undefined;
  readonly defaultTypeName: string | undefined;
  readonly tokenExpiresAt: number | undefined;
}

/**
 * The public side's admin changes name, trigger, default type and, while the connection is Pending, the project. Every check
 * of initiate runs again, and what it finds out of the site goes into the record as well. Under `dry-run` nothing is written.
 *
 * @throws SallyportError `configuration` for a wish that cannot be met, and as initiate's checks do.
 */
export async function configure(config: Config, runtime: Runtime): Promise<Extract<Outcome, { kind: 'configured' }>> {
  const wish = wishOf(config);
  const door = await openPublicDoor(config, runtime);
  const options = { secretHash: door.secretHash, runnerVersion: runtime.version };
  const snapshot = await door.record.read(options);
  refuseLateProject(snapshot, wish);
  const { initiator } = snapshot;
  const { checks, facts } = await inspectSite({
    gateway: door.gateway,
    siteUrl: initiator.siteUrl,
    email: door.site.email,
    token: door.site.token,
    projectKey: wish.projectKey ?? initiator.project.id,
    trigger: wish.trigger ?? initiator.trigger,
    defaultTypeName: wish.defaultTypeName ?? (wish.projectKey === undefined ? initiator.defaultTypeName : undefined),
  });
  if (facts.project.id !== initiator.project.id)
    await refuseSecond({ gateway: door.gateway, site: door.site, facts }, door.connectionId);
  const next = changed(initiator, { wish, facts, now: timeOf(door) });
  const changes = changesOf(initiator, next);
  const isWritten = changes.length > 0 && !config.sync.dryRun;
  if (isWritten) {
    // Right before the write: an acceptance that came meanwhile was for the project as it was.
    const newest = await door.record.read(options);
    refuseLateProject(newest, wish);
    await door.record.initiator.write({ ...next, paused: newest.initiator.paused });
  }
  const shown = isWritten ? await door.record.read() : { ...snapshot, initiator: next };
  return { kind: 'configured', card: cardOf(door.connectionId, shown), changes, checks, dryRun: config.sync.dryRun };
}

/** As long as a name of the record may be. */
const nameLengthMax = 255;
const triggerLengthMax = 8000;

function wishOf(config: Config): Wish {
  const given = (text: string): string | undefined => (text === '' ? undefined : text);
  const { initiate } = config;
  const wish: Wish = {
    name: given(initiate.connectionName),
    projectKey: given(initiate.projectKey),
    trigger: initiate.isTriggerGiven ? initiate.trigger : undefined,
    defaultTypeName: given(config.defaultIssueType),
    tokenExpiresAt: config.health.tokensExpireAt.public,
  };
  const refuse = (problem: string): never => {
    throw new SallyportError(problem, { kind: 'configuration' });
  };
  if (Object.values(wish).every((value) => value === undefined))
    refuse(
      'configure: there is nothing to change. Give connection-name, jira-project, trigger, default-issue-type or jira-token-expires.',
    );
  if ((wish.name?.length ?? 0) > nameLengthMax)
    refuse(`connection-name: it has more than ${nameLengthMax} characters; shorten it.`);
  if ((wish.trigger?.length ?? 0) > triggerLengthMax)
    refuse(
      `trigger: it has more than ${triggerLengthMax} characters; shorten it, or save it as a filter in Jira (filter = 10001).`,
    );
  return wish;
}

function refuseLateProject(snapshot: ConnectionSnapshot, wish: Wish): void {
  const { project, name } = snapshot.initiator;
  const key = wish.projectKey;
  if (key === undefined || snapshot.accept === undefined) return;
  if (key.toUpperCase() === project.key.toUpperCase() || key === project.id) return;
  throw new SallyportError(
    `jira-project: the project can be changed only while the connection is Pending; ${name} is ${statusOf(snapshot)}, with twins in ${project.key}. Initiate another connection for ${key.slice(0, 80)}.`,
    { kind: 'configuration' },
  );
}

function changed(
  before: InitiatorRecord,
  parts: { readonly wish: Wish; readonly facts: SiteFacts; readonly now: number },
): InitiatorRecord {
  const { wish, facts, now } = parts;
  const trigger = wish.trigger ?? before.trigger;
  const { defaultTypeName: _, ...rest } = before;
  const isNewScope = trigger !== before.trigger || facts.project.id !== before.project.id;
  return {
    ...rest,
    name: wish.name ?? before.name,
    project: facts.project,
    trigger,
    // A trigger takes what is created or updated after it was set; what is under sync already stays so.
    triggerSetAt: isNewScope ? triggerTime(now) : before.triggerSetAt,
    types: facts.types.map((type) => ({ ...type })),
    ...(facts.defaultTypeName === undefined ? {} : { defaultTypeName: facts.defaultTypeName }),
    attachmentBytesMax: facts.attachmentBytesMax,
    accountName: facts.account.displayName,
    timeZone: facts.account.timeZone,
    ...(wish.tokenExpiresAt === undefined ? {} : { tokenExpiresAt: wish.tokenExpiresAt }),
  };
}

/** What differs, in words: what was wished, and what the site itself has changed since the record was written. */
function changesOf(
  before: InitiatorRecord,
  after: InitiatorRecord,
): readonly { readonly name: string; readonly before: string; readonly after: string }[] {
  const rows: readonly (readonly [string, (record: InitiatorRecord) => string])[] = [
    ['name', (record) => record.name],
    ['project', (record) => `${record.project.key} (${record.project.name})`],
    ['trigger', (record) => record.trigger],
    ['default issue type', (record) => record.defaultTypeName ?? 'none set: Task, else the first type'],
    ['token expires', (record) => (record.tokenExpiresAt === undefined ? 'not given' : dayText(record.tokenExpiresAt))],
    ['issue types', (record) => record.types.map(({ name }) => name).join(', ')],
    ['largest attachment', (record) => `${record.attachmentBytesMax} bytes`],
    ['account', (record) => `${record.accountName}, ${record.timeZone}`],
  ];
  return rows.map(([name, of]) => ({ name, before: of(before), after: of(after) })).filter((row) => row.before !== row.after);
}
