import { attachmentReferences } from '../../content/references.ts';
import { idOfMedia, mediaOfId, type Neutral } from '../../content/neutral.ts';
import { discard } from '../../gateway/read-json.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { answerError } from '../jira/api-errors.ts';
import type { JiraParts } from './parts.ts';

/** Where a person opens an attachment; also what a link to one looks like in a text. */
export function attachmentLink(parts: Pick<JiraParts, 'api'>, attachmentId: string): string {
  return `${parts.api.site.siteUrl}/rest/api/3/attachment/content/${encodeURIComponent(attachmentId)}`;
}

/** The inverse of `attachmentLink`, by whichever host. */
export function attachmentIdOfLink(url: string): string | undefined {
  return /\/(?:rest\/api\/[23]\/attachment\/content|secure\/attachment)\/(\d+)(?:[/?#].*)?$/.exec(url)?.[1];
}

/** `…/file/{media id}/binary` in the address that the content of an attachment is redirected to (reference/jira-cloud.md). */
const mediaPath = /\/file\/([0-9a-f-]{36})(?:\/|\?|$)/i;

/**
 * Finds out the media ids of attachments, one request for each not known yet. One that cannot be found out stays unknown:
 * its media is kept as it is, and a text that shows it gets a link.
 */
export async function resolveMedia(parts: JiraParts, attachmentIds: readonly string[], purpose: Purpose): Promise<void> {
  for (const id of attachmentIds) {
    if (parts.mediaIds.has(id)) continue;
    const response = await parts.api.send({
      method: 'GET',
      path: `/rest/api/3/attachment/content/${encodeURIComponent(id)}`,
      retry: 'idempotent',
      redirect: 'manual',
      purpose,
    });
    const mediaId = mediaPath.exec(response.headers.get('location') ?? '')?.[1];
    await discard(response);
    // Unknown for now is not unknown for good: a text read without its images would cross as an edit that removes them.
    if (response.status >= 400 && response.status !== 404 && response.status !== 410) {
      throw answerError(response, {
        what: `the media of attachment ${id}`,
        host: new URL(parts.api.site.apiUrl).host,
        body: '',
        isWrite: false,
      });
    }
    if (mediaId !== undefined) parts.mediaIds.set(id, mediaId);
  }
}

/** Media ids of what a text to be written shows of this side. */
export async function resolveShown(parts: JiraParts, root: Neutral): Promise<void> {
  const shown = attachmentReferences(root).filter(({ side, id }) => side === 'public' && mediaOfId(id) === undefined);
  await resolveMedia(
    parts,
    shown.map((reference) => reference.id),
    'work',
  );
}

/** True for a document in which a media node refers to a file: only then are media ids worth a request. */
export function showsMedia(adf: unknown): boolean {
  if (typeof adf !== 'object' || adf === null) return false;
  if (Array.isArray(adf)) return adf.some(showsMedia);
  const type = 'type' in adf ? adf.type : undefined;
  if (type === 'media' || type === 'mediaInline') return true;
  return 'content' in adf && showsMedia(adf.content);
}

/** What a text calls a file: by its attachment, or by its media where it is not (or no more) attached to what was read. */
export function referenceOfMedia(parts: Pick<JiraParts, 'mediaIds'>, mediaId: string): string | undefined {
  return attachmentOfMedia(parts, mediaId) ?? (mediaId === '' ? undefined : idOfMedia(mediaId));
}

/** The attachment that a media id stands for. */
export function attachmentOfMedia(parts: Pick<JiraParts, 'mediaIds'>, mediaId: string): string | undefined {
  for (const [attachmentId, known] of parts.mediaIds) if (known === mediaId) return attachmentId;
  return undefined;
}
