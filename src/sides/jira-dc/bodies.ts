import { decodeMemo } from '../../content/decode-memo.ts';
import type { Text } from '../../core/model.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { kindOf } from '../../errors.ts';
import { decodeWiki, encodeWiki, patchWiki } from '../../content/wiki/wiki.ts';
import type { Neutral } from '../../content/neutral.ts';
import type { WikiContext } from '../../content/wiki/wiki-context.ts';
import type { JiraDcParts, NamedFile } from './parts.ts';
import { userSchema } from './schemas.ts';

/** Where a person opens an attachment; also what a link to one looks like in a text. Jira finds it by the id alone. */
export function attachmentLink(parts: Pick<JiraDcParts, 'api'>, attachmentId: string, name = 'file'): string {
  return `${parts.api.site.url}/secure/attachment/${encodeURIComponent(attachmentId)}/${encodeURIComponent(name)}`;
}

function attachmentIdOfLink(parts: Pick<JiraDcParts, 'api'>, url: string): string | undefined {
  const own = `${parts.api.site.url}/secure/attachment/`;
  return url.startsWith(own) ? /^(\d+)(?:[/?#]|$)/.exec(url.slice(own.length))?.[1] : undefined;
}

/** Files whose name no other one has: what a past text of whichever issue can mean. */
function unambiguous(files: readonly NamedFile[]): readonly NamedFile[] {
  const ids = new Map(files.map((file) => [file.name, file.id]));
  const shared = new Set(files.filter((file) => ids.get(file.name) !== file.id).map((file) => file.name));
  return files.filter((file) => !shared.has(file.name));
}

/** What the wiki codec asks of this side about one issue; `undefined`: about a past text of one that is not told. */
export function wikiContext(parts: JiraDcParts, issueId: string | undefined): WikiContext {
  const files = issueId === undefined ? unambiguous([...parts.files.values()].flat()) : (parts.files.get(issueId) ?? []);
  const nameOf = (id: string): string | undefined => files.find((file) => file.id === id)?.name;
  return {
    attachmentId: (name) => files.findLast((file) => file.name === name)?.id,
    attachmentName: nameOf,
    attachmentIdOfLink: (url) => attachmentIdOfLink(parts, url),
    attachmentLink: (id) => attachmentLink(parts, id, nameOf(id)),
    userName: (name) => parts.userNames.get(name),
  };
}

const memo = decodeMemo();

/** A body as Jira holds it, and what it says. A field without a value is an empty text. */
export function textOf(parts: JiraDcParts, issueId: string, body: string | null | undefined): Text {
  const native = body ?? '';
  return { native, root: memo(native, wikiContext(parts, issueId), (context) => decodeWiki(native, context)) };
}

/** Wiki markup of a new body. A new issue has no files that a text could show. */
export function encoded(parts: JiraDcParts, root: Neutral, issueId = ''): string {
  return encodeWiki(root, wikiContext(parts, issueId));
}

/** The native body with an edit applied: blocks that the edit does not touch stay byte for byte. */
export function patched(parts: JiraDcParts, native: string, edit: { readonly root: Neutral; readonly issueId: string }): string {
  return patchWiki(native, edit.root, wikiContext(parts, edit.issueId));
}

const mention = /\[~([^\]\s|]+)\]/g;

/**
 * Finds out the display names that mentions in these bodies stand for, one request for each not known yet. A name that the
 * server does not know, or does not tell to this account, stays a name.
 */
export async function resolveMentions(
  parts: JiraDcParts,
  bodies: readonly (string | null | undefined)[],
  purpose: Purpose,
): Promise<void> {
  const names = bodies.flatMap((body) => [...(body ?? '').matchAll(mention)].map((match) => match[1] ?? ''));
  for (const name of new Set(names)) {
    if (!parts.userNames.has(name)) parts.userNames.set(name, await displayNameOf(parts, name, purpose));
  }
}

async function displayNameOf(parts: JiraDcParts, name: string, purpose: Purpose): Promise<string | undefined> {
  try {
    const request = { path: '/user', query: { username: name }, purpose, what: 'a mentioned user' };
    return (await parts.api.read(userSchema, request)).displayName;
  } catch (error) {
    if (kindOf(error) === 'gone' || kindOf(error) === 'permission') return undefined;
    throw error;
  }
}
