import type { MarkupContext } from '../../../src/content/markup/markup-context.ts';

const names: Readonly<Record<string, string>> = { 1: 'a b.png', 2: 'c d.pdf', 3: 'odd"(name)!.png' };

export const textileContext: MarkupContext = {
  attachmentId: (name) => Object.keys(names).find((id) => names[id] === name),
  attachmentName: (id) => names[id],
  attachmentIdOfLink: (url) => /^\/attachments\/(.+)$/.exec(url)?.[1],
  attachmentLink: (id) => `/attachments/${id}`,
};
