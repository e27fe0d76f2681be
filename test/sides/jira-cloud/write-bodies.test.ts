import { describe, expect, it } from 'vitest';
import type { Neutral } from '../../../src/content/neutral.ts';
import { openSide, plain, says } from './open-side.ts';

type Nodes = readonly { readonly type: string }[];

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const panel = {
  type: 'panel',
  attrs: { panelType: 'custom', panelColor: '#abcdef' },
  content: [paragraph('a panel of its own')],
};
const layout = {
  type: 'layoutSection',
  content: [50, 50].map((width) => ({ type: 'layoutColumn', attrs: { width }, content: [paragraph(`column ${width}`)] })),
};
const doc = (...content: readonly unknown[]) => ({ version: 1, type: 'doc', content });
const media = (id: string) => ({
  type: 'mediaSingle',
  attrs: { layout: 'center' },
  content: [{ type: 'media', attrs: { type: 'file', id, collection: '' } }],
});

function openIssue(...content: readonly unknown[]) {
  const opened = openSide();
  const { id } = opened.people.createIssue({
    project: 'ABC',
    as: opened.ana,
    summary: 's',
    description: doc(...content) as never,
  });
  const nodes = (): Nodes => (opened.people.issue(id)!.description as { content: Nodes }).content;
  const describedBy = (description: unknown) =>
    opened.people.editIssue(id, { as: opened.ana, description: description as never });
  return { ...opened, id, nodes, describedBy };
}

/** Replaces the first paragraph with that text. */
function replaced(root: Neutral, before: string, after: string): Neutral {
  const [block] = says(after).children;
  return { ...root, children: root.children.map((child) => (plain(child) === before ? block! : child)) };
}

describe('editing a body', () => {
  it('leaves every block that the edit does not touch as Jira holds it', async () => {
    const { writer, load, id, nodes } = openIssue(paragraph('above'), panel, layout, paragraph('below'));
    const before = nodes();
    const issue = await load(id);
    await writer.editIssue(issue, { description: replaced(issue.description.root, 'above', 'changed'), marks: [], files: [] });
    expect(nodes().slice(1)).toEqual(before.slice(1));
    expect(JSON.stringify(nodes()[0])).toContain('changed');
  });

  it('never drops the media of an attachment that Jira is the origin of', async () => {
    const { writer, people, ana, load, id, nodes, describedBy } = openIssue(paragraph('text'));
    const attachment = people.addAttachment(id, { as: ana, name: 'p.png', bytes: new Uint8Array(3) });
    describedBy(doc(paragraph('text'), media(attachment.mediaId)));
    await writer.editIssue(await load(id), { description: says('without the image'), marks: [], files: [] });
    expect(JSON.stringify(nodes())).toContain(attachment.mediaId);
    expect(people.issue(id)?.attachments.map((each) => each.id)).toEqual([attachment.id]);
  });

  it('keeps media whose attachment nobody knows', async () => {
    const { writer, people, ana, reader, id, nodes, describedBy } = openIssue(paragraph('text'));
    const attachment = people.addAttachment(id, { as: ana, name: 'p.png', bytes: new Uint8Array(3) });
    describedBy(doc(paragraph('text'), media(attachment.mediaId)));
    const loaded = (await reader.load([id], 'work')).get(id);
    if (loaded?.kind !== 'present') throw new Error('not present');
    const ignorant = { ...loaded.issue, attachments: [] };
    await writer.editIssue(ignorant, { description: says('without the image'), marks: [], files: [] });
    expect(JSON.stringify(nodes())).toContain(attachment.mediaId);
    expect(people.issue(id)?.attachments).toHaveLength(1);
  });

  it('lets the media of a copy leave the text with the image', async () => {
    const { writer, people, sync, load, id, nodes, describedBy } = openIssue(paragraph('text'));
    const copy = people.addAttachment(id, { as: sync, name: 'p.png', bytes: new Uint8Array(3) });
    describedBy(doc(paragraph('text'), media(copy.mediaId)));
    await writer.editIssue(await load(id), { description: says('without the image'), marks: [], files: [] });
    expect(JSON.stringify(nodes())).not.toContain(copy.mediaId);
  });

  it('patches a comment in the same way', async () => {
    const { writer, people, ana, sync, load, id } = openIssue(paragraph('text'));
    people.setPermissions(sync, ['BROWSE_PROJECTS', 'EDIT_ALL_COMMENTS'], 'ABC');
    people.addComment(id, { as: ana, body: doc(paragraph('above'), panel) as never });
    const before = (people.issue(id)!.comments[0]!.body as { content: Nodes }).content;
    const comment = (await load(id)).comments[0]!;
    await writer.editComment(id, comment, { body: replaced(comment.text.root, 'above', 'changed'), marks: [] });
    const after = (people.issue(id)!.comments[0]!.body as { content: Nodes }).content;
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(JSON.stringify(after[0])).toContain('changed');
  });

  it('empties a description that the edit leaves without a word', async () => {
    const { writer, people, load, id } = openIssue(paragraph('text'));
    const issue = await load(id);
    const stored = await writer.editIssue(issue, { description: { ...says(''), children: [] }, marks: [], files: [] });
    expect(people.issue(id)?.descriptionText.trim()).toBe('');
    expect(plain(stored.description.root)).toBe('');
  });
});
