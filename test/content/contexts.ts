import type { AdfPatchContext } from '../../src/content/adf.ts';
import type { MarkdownPatchContext } from '../../src/content/markdown.ts';
import { attachmentUrl, type Neutral } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';

/** Attachments 1 and 2 are shown by the media m1 and m2; others have links only. */
export const adfContext: AdfPatchContext = {
  attachmentId: (mediaId) => /^m([12])$/.exec(mediaId)?.[1],
  attachmentIdOfLink: (url) => /^https:\/\/site\/attachment\/(.+)$/.exec(url)?.[1],
  mediaId: (id) => (/^[12]$/.test(id) ? { id: `m${id}` } : undefined),
  attachmentLink: (id) => `https://site/attachment/${id}`,
};

export const markdownContext: MarkdownPatchContext = {
  attachmentId: (url) => /^https:\/\/github\.example\/user-attachments\/assets\/(.+)$/.exec(url)?.[1],
  attachmentLink: (id) => `https://github.example/user-attachments/assets/${id}`,
};

/** The tree as the other side gets it: attachments have their twins there, of the same ids here. */
export const toPublic = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('public', id));
export const toPrivate = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => attachmentUrl('private', id));
