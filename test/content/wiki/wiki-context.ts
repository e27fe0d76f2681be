import type { WikiContext } from '../../../src/content/wiki/wiki-context.ts';

const names: Readonly<Record<string, string>> = { 1: 'a.png', 2: 'b c.pdf', 3: 'odd|name!.png' };

export const wikiContext: WikiContext = {
  attachmentId: (name) => Object.keys(names).find((id) => names[id] === name),
  attachmentName: (id) => names[id],
  attachmentIdOfLink: (url) => /^https:\/\/jira\.example\/attachment\/(.+)$/.exec(url)?.[1],
  attachmentLink: (id) => `https://jira.example/attachment/${id}`,
  userName: (name) => (name === 'mia' ? 'Mia Krystof' : undefined),
};
