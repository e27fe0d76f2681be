import { createHash, createHmac } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { problemKey } from '../connection/problems.ts';
import type { Notice, Problem } from '../connection/record.ts';
import { sideNames } from '../core/model.ts';
import { messageOf } from '../errors.ts';
import { isNear } from '../report/expiry-text.ts';
import { isCalm, noticeBody, noticeTitle, nothingLeft, revokedBody } from '../report/notice-text.ts';
import type { Situation } from '../report/notice-text.ts';
import { githubAddresses } from '../sides/github/addresses.ts';
import { createGitHubApi } from '../sides/github/github-api.ts';
import { createNoticeIssues } from '../sides/github/notice-issue.ts';
import type { NoticeIssues } from '../sides/github/notice-issue.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Connected } from './connect.ts';
import type { Runtime } from './runtime.ts';
import type { TokenTimes } from './token-expiry.ts';

interface Parts {
  readonly connected: Pick<Connected, 'invitation' | 'secret' | 'serverTime' | 'noticeGateway'>;
  readonly snapshot: ConnectionSnapshot;
  /** What stands open now. */
  readonly problems: readonly Problem[];
  /** The side that paused the connection. */
  readonly paused?: Situation['paused'];
  readonly tokens: TokenTimes;
}

/**
 * Opens, updates or closes the one issue in the runner's repository. Returns what the record is to remember of it: without a
 * change of the situation nothing is asked and nothing written. Never throws: a notice that fails is a warning, and is tried
 * again by the next cycle.
 */
export async function keepNotice(config: Config, runtime: Runtime, parts: Parts): Promise<Notice | undefined> {
  const before = parts.snapshot.run?.notice;
  const wish = config.health.notify;
  if (wish === undefined || config.sync.dryRun) return before;
  const situation: Situation = {
    name: parts.snapshot.initiator.name,
    problems: lasting(parts),
    paused: parts.paused,
    expiring: expiring(parts),
  };
  const digest = createHash('sha256').update(noticeBody(situation)).digest('hex').slice(0, 32);
  const isOpen = !isCalm(situation);
  if (before?.digest === digest || (!isOpen && before?.isOpen !== true)) return before;
  try {
    const marker = markerOf(parts.connected);
    const { connectionId } = parts.connected.invitation;
    const issues = noticeIssues(wish, await parts.connected.noticeGateway(), connectionId);
    const number = await brought(issues, { title: noticeTitle(situation), text: noticeBody(situation), marker, isOpen }, before);
    if (number === undefined) return undefined;
    runtime.log.info(`Notice: ${issueOf(wish, number)} ${isOpen ? 'tells of it' : 'is closed'}`);
    return { number, digest, isOpen };
  } catch (error) {
    runtime.log.warn(
      `notify: the notice could not be written (${messageOf(error)}). The sync itself is not concerned; the job needs issues: write in its own repository.`,
    );
    return before;
  }
}

/**
 * Lets an open notice say that the connection was revoked. Nothing is written into the record, which is the public side's
 * alone now; so the issue is read by every run, and one that somebody closed stays closed. Never throws.
 */
export async function tellOfRevocation(
  config: Config,
  runtime: Runtime,
  parts: { readonly connected: Parts['connected']; readonly snapshot: ConnectionSnapshot },
): Promise<void> {
  const { connected, snapshot } = parts;
  const notice = snapshot.run?.notice;
  const wish = config.health.notify;
  if (wish === undefined || notice?.isOpen !== true) return;
  try {
    const issues = noticeIssues(wish, await connected.noticeGateway(), connected.invitation.connectionId);
    const body = `${revokedBody(snapshot.initiator.name)}\n\n${markerOf(connected)}`;
    const standing = await issues.read(notice.number);
    if (standing?.isOpen !== true || standing.body === body) return;
    await issues.update(notice.number, { title: noticeTitle(snapshot.initiator), body, isOpen: true });
    runtime.log.info(`Notice: ${issueOf(wish, notice.number)} tells of it`);
  } catch (error) {
    runtime.log.warn(
      `notify: the notice could not be written (${messageOf(error)}); the job needs issues: write in its own repository.`,
    );
  }
}

/**
 * Closes the notice that the record knows of, for a record that is about to be removed, and takes its marker off. What cannot
 * be reached or closed is a warning that names the issue, for nothing else will know of it. Never throws.
 */
export async function closeNotice(
  config: Config,
  runtime: Runtime,
  parts: { readonly connectionId: string; readonly snapshot: ConnectionSnapshot; readonly gateway: () => Promise<Gateway> },
): Promise<void> {
  const { connectionId, snapshot, gateway } = parts;
  const notice = snapshot.run?.notice;
  const wish = config.health.notify;
  if (notice === undefined) return;
  const byHand = `${notice.isOpen ? 'close it by hand and take' : 'it is closed; take by hand'} its last line off, a hidden mark`;
  if (wish === undefined) {
    runtime.log.warn(
      `notify: issue #${notice.number} of the runner's repository is the notice of this connection, which clean-up reaches only with notify: true in a workflow of that repository: ${byHand}.`,
    );
    return;
  }
  try {
    const issues = noticeIssues(wish, await gateway(), connectionId);
    if ((await issues.read(notice.number)) === undefined) {
      runtime.log.warn(
        `notify: no notice of this connection is issue #${notice.number} of ${nameOf(wish)}, or not any more, so it was left alone. If the notice stands in another repository, ${byHand}.`,
      );
      return;
    }
    const { name } = snapshot.initiator;
    await issues.update(notice.number, { title: noticeTitle({ name }), body: nothingLeft(name), isOpen: false });
    runtime.log.info(`Notice: ${issueOf(wish, notice.number)} is closed`);
  } catch (error) {
    runtime.log.warn(
      `notify: ${issueOf(wish, notice.number)} is the notice of this connection and could not be closed and rid of its mark (${messageOf(error)}): ${byHand}. The job needs issues: write in its own repository.`,
    );
  }
}

type Wish = NonNullable<Config['health']['notify']>;

/** By the connection's id alone: the number is the record's own, and the key may be a newer one than the notice's. */
function noticeIssues(wish: Wish, gateway: Gateway, connectionId: string): NoticeIssues {
  const api = createGitHubApi({ gateway, addresses: githubAddresses(wish.url), token: () => Promise.resolve(wish.token) });
  return createNoticeIssues(api, wish.repository, markerStart(connectionId));
}

function nameOf({ repository }: Wish): string {
  return `${repository.owner}/${repository.name}`;
}

function issueOf(wish: Wish, number: number): string {
  return `issue #${number} of ${nameOf(wish)}`;
}

/** Brings the issue into the wished form; its number, or undefined where there is none and none is needed. */
async function brought(
  issues: NoticeIssues,
  wished: { readonly title: string; readonly text: string; readonly marker: string; readonly isOpen: boolean },
  known: Notice | undefined,
): Promise<number | undefined> {
  const { title, text, marker, isOpen } = wished;
  const body = `${text}\n\n${marker}`;
  const knownIssue = known === undefined ? undefined : await issues.read(known.number);
  // A run that died right after it opened one could not note its number.
  const number = knownIssue === undefined ? await issues.find(marker) : known?.number;
  if (number === undefined) return isOpen ? issues.create({ title, body }) : undefined;
  const standing = knownIssue ?? (await issues.read(number));
  if (standing?.body !== body || standing.isOpen !== isOpen) await issues.update(number, { title, body, isOpen });
  return number;
}

/** Days on which tokens expire, once that is near. */
function expiring(parts: Parts): Situation['expiring'] {
  const now = parts.connected.serverTime();
  return sideNames.flatMap((side) => {
    const at = parts.tokens[side];
    return at === undefined || now === undefined || !isNear(at, now) ? [] : [{ side, at }];
  });
}

/** What passes by itself is told of once it outlasted a cycle. */
function lasting(parts: Parts): readonly Problem[] {
  const known = new Set((parts.snapshot.run?.health?.problems ?? []).map(problemKey));
  return parts.problems.filter(
    (problem) => !/^(?:stopped: )?(?:passing|host)$/.test(problem.name) || known.has(problemKey(problem)),
  );
}

/**
 * Marks the notice as this connection's. Its form is one that triggers pass over, so that no connection over the same
 * repository takes it under sync, whatever its trigger; and nobody else can make it.
 */
function markerOf(connected: Pick<Connected, 'invitation' | 'secret'>): string {
  const { connectionId } = connected.invitation;
  const mac = createHmac('sha256', connected.secret).update(`sallyport notice\n${connectionId}`).digest('hex').slice(0, 32);
  return `${markerStart(connectionId)}${mac} -->`;
}

function markerStart(connectionId: string): string {
  return `<!-- sallyport-notice ${connectionId} `;
}
