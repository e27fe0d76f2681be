import type { World } from './world.ts';

export const paragraph = (text: string, ...marks: readonly object[]) => ({
  type: 'paragraph',
  content: [{ type: 'text', text, ...(marks.length === 0 ? {} : { marks }) }],
});

export const documentOf = (...content: readonly object[]) => ({ version: 1, type: 'doc', content });

/** Connects, and brings an issue of Ann's on Jira under sync; returns its key and the id of its copy. */
export async function copiedFromJira(world: World, ...blocks: readonly object[]): Promise<{ key: string; id: string }> {
  await world.connect();
  const { key } = world.jira.people.createIssue({
    project: 'ACME',
    as: world.people.ann,
    summary: 'Title',
    labels: ['sync'],
    description: documentOf(...blocks),
  });
  await world.cycle();
  return { key, id: world.there.ids()[0] ?? '' };
}
