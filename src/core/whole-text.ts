import { canonicalText } from '../content/canonical.ts';
import type { Neutral } from '../content/neutral.ts';
import { parseAttachmentUrl } from '../content/neutral.ts';
import { mapAddresses } from '../content/references.ts';
import type { AttachmentSnapshot, SideName } from './model.ts';
import type { CommentReplica, Printed, Replica } from './replica.ts';
import type { TwinBase } from './twin.ts';

/**
 * Whole texts as files. Where a copy had to be cut for length, the whole text goes along as an attachment of it
 * (content.md, "Limits"). Its origin is no file that a person attached but the text itself, so it has an id of its own that
 * names the text and its fingerprint: `text.description.<print>`, `text.comment.<id>.<print>`. A text that changes is
 * another origin, and the file of the old one goes.
 */
const wholeTextId = /^text\.(description|comment\.(.+))\.([\w-]+)$/;

export function isWholeText(attachmentId: string): boolean {
  return wholeTextId.test(attachmentId);
}

/** The comment whose text such a file is; undefined for any other file. */
export function commentOfWholeText(attachmentId: string): string | undefined {
  return wholeTextId.exec(attachmentId)?.[2];
}

interface Texts {
  readonly description: Printed<Neutral>;
  readonly comments: readonly CommentReplica[];
}

/** The files that stand for texts of `side` whose copies were cut, to be listed with the attachments of their issue. */
export function wholeTexts(side: SideName, texts: Texts, context: { base: TwinBase; url: string }): AttachmentSnapshot[] {
  const { base, url } = context;
  const cut = new Set(
    base.comments.flatMap((pair) => (pair.origin === side && pair.cut !== undefined && !pair.withheld ? [pair.ids[side]] : [])),
  );
  const description =
    base.origin === side && base.cut !== undefined
      ? [file(`description.${texts.description.print}`, 'whole-description.md', url)]
      : [];
  return [
    ...description,
    ...texts.comments.flatMap(({ snapshot: { id, url: at }, text }) =>
      cut.has(id) ? [commentFile({ id, print: text.print, url: at })] : [],
    ),
  ];
}

/**
 * Under `hold` (I8) the text of a comment that not everyone may read is no file: its copy shows it until the notice is written,
 * and files are copied before that.
 */
export function withoutHeldTexts(replica: Replica): Replica {
  const held = new Set(replica.comments.flatMap(({ snapshot }) => (snapshot.restricted ? [snapshot.id] : [])));
  const attachments = replica.attachments.filter(({ id }) => !held.has(commentOfWholeText(id) ?? ''));
  return { ...replica, attachments };
}

/** The file that stands for the whole text of a comment. */
export function commentFile({
  id,
  print,
  url,
}: {
  readonly id: string;
  readonly print: string;
  readonly url: string;
}): AttachmentSnapshot {
  return file(`comment.${id}.${print}`, `whole-comment-${id}.md`, url);
}

/** The size is told by the transfer alone: the text is written out only where it is wanted. */
function file(text: string, name: string, url: string): AttachmentSnapshot {
  const unknown = { size: undefined, author: undefined, createdAt: undefined };
  return { id: `text.${text}`, name, mediaType: 'text/markdown', url, ...unknown };
}

/**
 * What such a file holds: the canonical text, in which equal meaning has equal bytes, with web addresses where the text
 * shows files. Undefined where the text is another one by now, or is no more.
 */
export function wholeTextFile(
  attachmentId: string,
  texts: Texts,
  attachments: readonly AttachmentSnapshot[],
): string | undefined {
  const [, what, commentId, print] = wholeTextId.exec(attachmentId) ?? [];
  if (what === undefined) return undefined;
  const text =
    commentId === undefined ? texts.description : texts.comments.find(({ snapshot }) => snapshot.id === commentId)?.text;
  if (text === undefined || text.print !== print) return undefined;
  const addresses = new Map(attachments.map(({ id, url }) => [id, url]));
  const shown = mapAddresses(text.value, (url) => {
    const reference = parseAttachmentUrl(url);
    return reference === undefined ? undefined : addresses.get(reference.id);
  });
  return `${canonicalText(shown)}\n`;
}
