import type { Loaded } from '../../core/model.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { RedmineParts } from './parts.ts';
import { issueAnswerSchema, projectAnswerSchema } from './schemas.ts';
import type { RedmineIssue, RedmineProject } from './schemas.ts';
import { issueSnapshot } from './snapshots.ts';

/** One issue with all that belongs to it; a list never tells journals. @throws SallyportError `gone` for a deleted one */
export async function fetchIssue(parts: RedmineParts, id: string, purpose: Purpose): Promise<RedmineIssue> {
  const { issue } = await parts.api.read(issueAnswerSchema, {
    path: `/issues/${encodeURIComponent(id)}.json`,
    query: { include: 'journals,attachments' },
    purpose,
    what: `issue #${id}`,
  });
  return issue;
}

/** As `fetchIssue`; undefined for one that was deleted or put out of sight meanwhile. */
export async function fetchUnlessGone(parts: RedmineParts, id: string, purpose: Purpose): Promise<RedmineIssue | undefined> {
  try {
    return await fetchIssue(parts, id, purpose);
  } catch (error) {
    if (kindOf(error) === 'gone' || (error instanceof SallyportError && error.status === 403)) return undefined;
    throw error;
  }
}

export async function load(parts: RedmineParts, ids: readonly string[], purpose: Purpose): Promise<ReadonlyMap<string, Loaded>> {
  const result = new Map<string, Loaded>();
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const loaded = await loadOne(parts, id, purpose);
    if (loaded === undefined) missing.push(id);
    else result.set(id, loaded);
  }
  // The guard: another server at the same address would not know any of them either.
  if (missing.length > 0) await requireProjectShown(parts, purpose);
  for (const id of missing) result.set(id, { kind: 'gone' });
  return result;
}

/** Redmine answers 404 for what does not exist and 403 for what the account may not see (issues_controller, `find_issue`). */
async function loadOne(parts: RedmineParts, id: string, purpose: Purpose): Promise<Loaded | undefined> {
  try {
    const issue = await fetchIssue(parts, id, purpose);
    if (String(issue.project.id) !== parts.project.id) return { kind: 'moved', to: `#${issue.id} in ${issue.project.name}` };
    await parts.guardText(issue);
    return { kind: 'present', issue: issueSnapshot(parts, issue) };
  } catch (error) {
    if (kindOf(error) === 'gone') return undefined;
    if (error instanceof SallyportError && error.status === 403) return { kind: 'unreadable', reason: messageOf(error) };
    throw error;
  }
}

/**
 * The project as it is now.
 *
 * @throws SallyportError `permission` if Redmine does not show it to the account any more: no issue of it can be told gone
 * then (the guard)
 */
export async function requireProjectShown(
  parts: Pick<RedmineParts, 'api' | 'project'>,
  purpose: Purpose,
): Promise<RedmineProject> {
  try {
    const path = `/projects/${encodeURIComponent(parts.project.id)}.json`;
    const query = { include: 'trackers,enabled_modules' };
    return (await parts.api.read(projectAnswerSchema, { path, query, purpose, what: 'the project' })).project;
  } catch (error) {
    const isRefused = kindOf(error) === 'gone' || kindOf(error) === 'permission';
    // 401 is about the key, not about the project.
    if (!isRefused || (error instanceof SallyportError && error.status === 401)) throw error;
    throw new SallyportError(
      `${parts.api.host} does not show project ${parts.project.name} to the account any more (${messageOf(error).replace(/\.$/, '')}). Make it a member of the project again.`,
      { kind: 'permission', cause: error },
    );
  }
}
