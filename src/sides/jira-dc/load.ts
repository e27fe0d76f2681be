import type { IssueSnapshot, Loaded } from '../../core/model.ts';
import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { anyMarkKey, markKey, partsMax } from '../jira/mark-properties.ts';
import { resolveMentions } from './bodies.ts';
import type { JiraDcParts } from './parts.ts';
import { requireProjectShown } from './project-shown.ts';
import { readComments } from './read-comments.ts';
import { issueSchema, propertiesSchema } from './schemas.ts';
import type { JiraDcIssue } from './schemas.ts';
import { issueSnapshot } from './snapshots.ts';

const fields = 'summary,description,issuetype,attachment,creator,created,updated,project,security';

/** One issue with its properties by id or key; undefined where Jira says 404. There is no bulk fetch (reference/jira-data-center.md). */
export async function fetchIssue(parts: JiraDcParts, idOrKey: string, purpose: Purpose): Promise<JiraDcIssue | undefined> {
  const keys = Array.from({ length: partsMax }, (_, index) => markKey(parts.connectionId, index + 1));
  try {
    return await parts.api.read(issueSchema, {
      path: `/issue/${encodeURIComponent(idOrKey)}`,
      query: { fields, properties: [...keys, anyMarkKey].join(',') },
      purpose,
      what: `issue ${idOrKey}`,
    });
  } catch (error) {
    if (kindOf(error) === 'gone') return undefined;
    throw error;
  }
}

/** Whether any connection's mark is on the issue; false where it is gone. */
export async function isMarked(parts: JiraDcParts, id: string, purpose: Purpose): Promise<boolean> {
  try {
    const answer = await parts.api.read(propertiesSchema, {
      path: `/issue/${encodeURIComponent(id)}`,
      query: { fields: 'id', properties: [markKey(parts.connectionId), anyMarkKey].join(',') },
      purpose,
      what: `the marks of issue ${id}`,
    });
    return Object.keys(answer.properties).length > 0;
  } catch (error) {
    if (kindOf(error) === 'gone') return false;
    throw error;
  }
}

/** The id of the issue with this key, or a former one. */
export async function idOf(parts: JiraDcParts, key: string, purpose: Purpose): Promise<string | undefined> {
  return (await fetchIssue(parts, key, purpose))?.id;
}

/** An issue with its comments whole and the names of mentioned people found out. */
export async function snapshotOf(parts: JiraDcParts, issue: JiraDcIssue, purpose: Purpose): Promise<IssueSnapshot> {
  parts.issueKeys.set(issue.id, issue.key);
  const files = (issue.fields.attachment ?? []).map((file) => ({ id: file.id, name: file.filename }));
  // A list of attachments has no documented order; of two with one name a text means the newest.
  parts.files.set(
    issue.id,
    files.toSorted((one, other) => Number(one.id) - Number(other.id)),
  );
  const comments = await readComments(parts, issue.id, purpose);
  await resolveMentions(parts, [issue.fields.description, ...comments.map((comment) => comment.body)], purpose);
  return issueSnapshot(parts, issue, comments);
}

export async function load(parts: JiraDcParts, ids: readonly string[], purpose: Purpose): Promise<ReadonlyMap<string, Loaded>> {
  const result = new Map<string, Loaded>();
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    const loaded = await loadOne(parts, id, purpose);
    if (loaded === undefined) missing.push(id);
    else result.set(id, loaded);
  }
  // The guard: Jira does not tell a deleted issue from one that the account may not see.
  if (missing.length > 0) await requireProjectShown(parts, purpose);
  for (const id of missing) result.set(id, { kind: 'gone' });
  return result;
}

async function loadOne(parts: JiraDcParts, id: string, purpose: Purpose): Promise<Loaded | undefined> {
  try {
    const issue = await fetchIssue(parts, id, purpose);
    if (issue === undefined) return undefined;
    if (issue.fields.project.id !== parts.project.id) return { kind: 'moved', to: issue.key };
    return { kind: 'present', issue: await snapshotOf(parts, issue, purpose) };
  } catch (error) {
    // It went away between two requests: nothing is said about it now.
    if (kindOf(error) === 'gone') return { kind: 'unreadable', reason: messageOf(error) };
    // Jira Data Center answers 403 for one issue that a security level hides; 401 is about the token.
    const isIssues = error instanceof SallyportError && error.status === 403;
    if (isIssues) return { kind: 'unreadable', reason: messageOf(error) };
    throw error;
  }
}
