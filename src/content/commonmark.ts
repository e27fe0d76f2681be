import type { MarkdownPatchContext } from './markdown.ts';
import type { MarkupContext } from './markup/markup-context.ts';

/**
 * The context with which `decodeMarkdown`, `encodeMarkdown` and `patchMarkdown` read and write Redmine's CommonMark. It is
 * the same language as GitHub's: tables, strikethrough, autolinks, footnotes, sanitised HTML, and line ends that break
 * (Redmine's common_mark/formatter.rb; `common_mark_enable_hardbreaks` is on unless an administrator has turned it off).
 * Redmine 5 shows alerts as quotes and the boxes of tasks as text, which read back as what they are. Pictures of the issue
 * are named, other files linked, so `attachmentLink` has to give an absolute address that ends in the file's name.
 */
export function commonMarkContext(context: MarkupContext): MarkdownPatchContext {
  return {
    dialect: 'redmine',
    attachmentId: (url) => context.attachmentIdOfLink(url) ?? (/[:/]/.test(url) ? undefined : context.attachmentId(nameOf(url))),
    attachmentLink: (id) => {
      const name = context.attachmentName(id);
      return name !== undefined && /\.(?:bmp|gif|jpe?g|png|webp)$/i.test(name)
        ? encodeURIComponent(name.toWellFormed())
        : context.attachmentLink(id);
    },
    // Redmine's files are attached, whatever its texts show.
    hasToStay: () => false,
  };
}

/** Redmine looks for the attachment by its unescaped name. */
function nameOf(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
