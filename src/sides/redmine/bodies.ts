import { decodeMemo } from '../../content/decode-memo.ts';
import { commonMarkContext } from '../../content/commonmark.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../content/markdown.ts';
import type { MarkupContext } from '../../content/markup/markup-context.ts';
import type { Neutral } from '../../content/neutral.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../../content/textile/textile.ts';
import type { Text } from '../../core/model.ts';
import { numberOf } from './ids.ts';
import type { NamedFile, RedmineParts } from './parts.ts';

/** Where a person opens an attachment; also what a link to one looks like in a text. Redmine finds it by the number alone. */
export function attachmentLink(parts: Pick<RedmineParts, 'api'>, id: string, name = 'file'): string {
  return `${parts.api.site.url}/attachments/download/${numberOf(id)}/${encodeURIComponent(name)}`;
}

/** Files whose name no other one has: what a past text of whichever issue can mean. */
function unambiguous(files: readonly NamedFile[]): readonly NamedFile[] {
  const ids = new Map(files.map((file) => [file.name, file.id]));
  const shared = new Set(files.filter((file) => ids.get(file.name) !== file.id).map((file) => file.name));
  return files.filter((file) => !shared.has(file.name));
}

/** What the codecs ask of this side about one issue; `undefined`: about a past text of one that is not told. */
function contextOf(parts: RedmineParts, issueId: string | undefined): MarkupContext {
  const files = issueId === undefined ? unambiguous([...parts.files.values()].flat()) : (parts.files.get(issueId) ?? []);
  const nameOf = (id: string): string | undefined => files.find((file) => file.id === id)?.name;
  const own = `${parts.api.site.url}/attachments/`;
  return {
    attachmentId: (name) => files.findLast((file) => file.name === name)?.id,
    attachmentName: nameOf,
    attachmentIdOfLink: (url) => {
      const number = url.startsWith(own) ? /^(?:download\/)?(\d+)(?:[/?#]|$)/.exec(url.slice(own.length))?.[1] : undefined;
      return number === undefined ? undefined : (files.find((file) => numberOf(file.id) === number)?.id ?? number);
    },
    attachmentLink: (id) => attachmentLink(parts, id, nameOf(id)),
  };
}

const memos = { textile: decodeMemo(), markdown: decodeMemo() };

export function decoded(parts: RedmineParts, native: string, issueId: string | undefined): Neutral {
  const context = contextOf(parts, issueId);
  return parts.textFormat === 'textile'
    ? memos.textile(native, context, (asked) => decodeTextile(native, asked))
    : memos.markdown(native, context, (asked) => decodeMarkdown(native, commonMarkContext(asked)));
}

/** A text without marks, and what it says. */
export function textOf(parts: RedmineParts, native: string, issueId: string): Text {
  return { native, root: decoded(parts, native, issueId) };
}

/** Markup of a new text. A new issue has no files that a text could show. */
export function encoded(parts: RedmineParts, root: Neutral, issueId = ''): string {
  const context = contextOf(parts, issueId);
  return parts.textFormat === 'textile' ? encodeTextile(root, context) : encodeMarkdown(root, commonMarkContext(context));
}

/** The native text with an edit applied: blocks that the edit does not touch stay byte for byte. */
export function patched(parts: RedmineParts, native: string, edit: { readonly root: Neutral; readonly issueId: string }): string {
  const context = contextOf(parts, edit.issueId);
  return parts.textFormat === 'textile'
    ? patchTextile(native, edit.root, context)
    : patchMarkdown(native, edit.root, commonMarkContext(context));
}
