import { createHash, createHmac } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { problemKey } from '../connection/problems.ts';
import type { Notice, Problem } from '../connection/record.ts';
import { sideNames } from '../core/model.ts';
import { messageOf } from '../errors.ts';
import { isNear } from '../report/expiry-text.ts';
import { isCalm, noticeBody, noticeTitle } from '../report/notice-text.ts';
import type { Situation } from '../report/notice-text.ts';
import { githubAddresses } from '../sides/github/addresses.ts';
import { createGitHubApi } from '../sides/github/github-api.ts';
import { createNoticeIssues } from '../sides/github/notice-issue.ts';
import type { NoticeIssues } from '../sides/github/notice-issue.ts';
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
    const addresses = githubAddresses(wish.url);
    const gateway = await parts.connected.noticeGateway();
    const api = createGitHubApi({ gateway, addresses, token: () => Promise.resolve(wish.token) });
    const marker = markerOf(parts.connected);
    const issues = createNoticeIssues(api, wish.repository, marker);
    const issue = { title: noticeTitle(situation), body: `${noticeBody(situation)}\n\n${marker}`, isOpen };
    const number = await brought(issues, issue, before?.number);
    if (number === undefined) return undefined;
    runtime.log.info(
      `Notice: issue #${number} of ${wish.repository.owner}/${wish.repository.name} ${isOpen ? 'tells of it' : 'is closed'}`,
    );
    return { number, digest, isOpen };
  } catch (error) {
    runtime.log.warn(
      `notify: the notice could not be written (${messageOf(error)}). The sync itself is not concerned; the job needs issues: write in its own repository.`,
    );
    return before;
  }
}

/** Brings the issue into the wished form; its number, or undefined where there is none and none is needed. */
async function brought(
  issues: NoticeIssues,
  wished: { readonly title: string; readonly body: string; readonly isOpen: boolean },
  known: number | undefined,
): Promise<number | undefined> {
  const knownIssue = known === undefined ? undefined : await issues.read(known);
  // A run that died right after it opened one could not note its number.
  const number = knownIssue === undefined ? await issues.find() : known;
  if (number === undefined) return wished.isOpen ? issues.create({ title: wished.title, body: wished.body }) : undefined;
  const standing = knownIssue ?? (await issues.read(number));
  if (standing?.body !== wished.body || standing.isOpen !== wished.isOpen) await issues.update(number, wished);
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
  return `<!-- sallyport-notice ${connectionId} ${mac} -->`;
}
