import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const nowhere = 'https://github.com/user-attachments/assets/00000000-0000-4000-8000-000000000000';

interface Node {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly marks?: readonly unknown[] | undefined;
  readonly content?: readonly Node[] | undefined;
  readonly text?: string | undefined;
}
const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z.object({
    type: z.string(),
    attrs: z.record(z.string(), z.unknown()).optional(),
    marks: z.array(z.unknown()).optional(),
    content: z.array(nodeSchema).optional(),
    text: z.string().optional(),
  }),
);

const nodesOf = (adf: unknown): readonly Node[] => nodeSchema.parse(adf).content ?? [];
const jiraIssue = (world: World) => world.jira.people.issues()[0]!;
const jiraNodes = (world: World): readonly Node[] => nodesOf(jiraIssue(world).description);
/** The media nodes of a document or node, however deep. */
const mediaIn = (node: Node): readonly Node[] =>
  node.type === 'media' || node.type === 'mediaInline' ? [node] : (node.content ?? []).flatMap(mediaIn);
const withoutMarks = (body: string): string => body.replace(/\n\n<!-- sallyport[\s\S]*$/, '');
const githubBody = (world: World): string => withoutMarks(world.github.issues(world.repository)[0]?.body ?? '');
const line = (text: string): Node => ({ type: 'paragraph', content: [{ type: 'text', text }] });

function upload(world: World, name: string, kind: 'image' | 'file' = 'image'): string {
  const bytes = Buffer.from(`bytes of ${name}`);
  return world.github.uploadAsset({ as: 'dana', name, bytes, kind, repository: world.repository });
}

/** A GitHub issue with its copy in Jira; `text` gets the world to upload files to. */
async function fromGitHub(text: (world: World) => { readonly body: string; readonly comments?: readonly string[] }) {
  const world = createWorld();
  await world.connect();
  const { body, comments = [] } = text(world);
  const { number } = world.github.createIssue({ repository: world.repository, as: 'dana', title: 'G', labels: ['sync'], body });
  for (const comment of comments) world.github.addComment({ repository: world.repository, number, as: 'eli', body: comment });
  await world.cycle();
  world.clock.advance(minuteMs);
  return { world, number, body };
}

/** Adds a paragraph at the end of the Jira description, as a person would. */
async function appendOnJira(world: World, text: string): Promise<void> {
  const description = { version: 1, type: 'doc', content: [...jiraNodes(world), line(text)] };
  world.jira.people.editIssue(jiraIssue(world).key, { as: world.people.ben, description });
  await world.cycle();
}

async function expectQuiet(world: World): Promise<void> {
  world.clock.advance(20 * minuteMs);
  await world.cycle();
  const quiet = await world.cycle();
  expect(quiet.result.changes).toEqual([]);
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(world.violations()).toEqual([]);
}

describe('a file', () => {
  test('shown again and again, in the description and in comments, is uploaded once', async () => {
    const { world, number } = await fromGitHub((there) => {
      const url = upload(there, 'plot.png');
      return { body: `![plot](${url})\n\nAgain ![plot](${url})\n\n<img src="${url}">`, comments: [`See ![plot](${url})`] };
    });
    const issue = jiraIssue(world);
    expect(issue.attachments).toHaveLength(1);
    const shown = [...jiraNodes(world), ...nodesOf(issue.comments[0]?.body)].flatMap(mediaIn);
    expect(shown.map((node) => node.attrs?.['id'])).toEqual(Array.from({ length: 4 }, () => issue.attachments[0]?.mediaId));
    const url = /\((https:[^)]*)\)/.exec(githubBody(world))?.[1];
    world.github.addComment({ repository: world.repository, number, as: 'dana', body: `Later: ![other words](${url})` });
    await world.cycle();
    expect(jiraIssue(world).attachments).toHaveLength(1);
    await expectQuiet(world);
  });

  test('of Jira that is shown twice is stored once', async () => {
    const world = createWorld();
    await world.connect();
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'J', labels: ['sync'] });
    const { id } = world.jira.people.addAttachment(key, { as: world.people.ann, name: 'p.png', bytes: Buffer.from('p') });
    const attrs = { type: 'file', id: world.jira.people.mediaIdOf(id), collection: '' };
    const single = { type: 'mediaSingle', attrs: { layout: 'center' }, content: [{ type: 'media', attrs }] };
    const inline = {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'see ' },
        { type: 'mediaInline', attrs },
      ],
    };
    const description = { version: 1, type: 'doc', content: [single, inline] };
    world.jira.people.editIssue(key, { as: world.people.ann, description });
    world.jira.people.addComment(key, { as: world.people.ben, body: { version: 1, type: 'doc', content: [inline] } });
    await world.cycle();
    expect(world.there.storedFiles()).toEqual(['p']);
    const [issue] = world.github.issues(world.repository);
    const copy = /https:\/\/github\.com\/acme\/app\/raw\/[^)\s]*p\.png/g;
    expect(withoutMarks(issue?.body ?? '').match(copy)).toHaveLength(2);
    expect(issue?.comments[0]?.body.match(copy)).toHaveLength(1);
    await expectQuiet(world);
  });

  test('that two links beside each other name is linked twice, and its text comes back as it was', async () => {
    const { world, body } = await fromGitHub((there) => {
      const url = upload(there, 'plan.pdf', 'file');
      return { body: `[one](${url})[two](${url})\n\nSee <a href="${url}">three</a><a href="${url}">four</a>.` };
    });
    expect(
      jiraNodes(world)
        .flatMap(mediaIn)
        .map((node) => node.attrs?.['alt']),
    ).toEqual(['one', 'two', 'three', 'four']);
    await appendOnJira(world, 'More.');
    expect(githubBody(world)).toBe(`${body}\n\nMore.`);
    await expectQuiet(world);
  });

  test('of Jira that two media beside each other show is two links to one file', async () => {
    const world = createWorld();
    await world.connect();
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'J', labels: ['sync'] });
    const { id } = world.jira.people.addAttachment(key, { as: world.people.ann, name: 'plan.pdf', bytes: Buffer.from('p') });
    const shown = (alt: string): Node => ({
      type: 'mediaInline',
      attrs: { type: 'file', id: world.jira.people.mediaIdOf(id), collection: '', alt },
    });
    const content = [{ type: 'paragraph', content: [{ type: 'text', text: 'See ' }, shown('one.pdf'), shown('two.pdf')] }];
    world.jira.people.editIssue(key, { as: world.people.ann, description: { version: 1, type: 'doc', content } });
    await world.cycle();
    expect(githubBody(world)).toMatch(/^See \[one\.pdf\]\([^)]*\)\[two\.pdf\]\([^)]*\)$/m);
    await expectQuiet(world);
    const [issue] = world.github.issues(world.repository);
    const body = (issue?.body ?? '').replace('See', 'Read');
    world.github.editIssue({ repository: world.repository, number: issue?.number ?? 0, as: 'dana', body });
    await world.cycle();
    expect(
      jiraNodes(world)
        .flatMap(mediaIn)
        .map((node) => node.attrs?.['alt']),
    ).toEqual(['one.pdf', 'two.pdf']);
  });

  test('around a picture of another one is uploaded as well, and the picture leads to it', async () => {
    const { world, body } = await fromGitHub((there) => ({
      body: `[![thumb](${upload(there, 'thumb.png')})](${upload(there, 'plan.pdf', 'file')})`,
    }));
    const { attachments } = jiraIssue(world);
    expect(attachments.map((file) => Buffer.from(file.bytes).toString()).toSorted()).toEqual([
      'bytes of plan.pdf',
      'bytes of thumb.png',
    ]);
    const plan = attachments.find((file) => file.name === 'plan.pdf');
    const [media] = jiraNodes(world).flatMap(mediaIn);
    expect(JSON.stringify(media?.marks)).toContain(`/attachment/content/${plan?.id}`);
    await appendOnJira(world, 'More.');
    expect(githubBody(world)).toBe(`${body}\n\nMore.`);
    await expectQuiet(world);
  });
});

describe('a linked image that cannot be fetched', () => {
  test('keeps its link wherever it stands', async () => {
    const linked = (path: string): string => `[![gone](${nowhere})](https://example.org/${path})`;
    const { world, body } = await fromGitHub(() => ({
      body: `${linked('alone')}\n\ntext ${linked('inline')} text\n\n| a |\n| --- |\n| ${linked('cell')} |\n\n> ${linked('quote')}`,
    }));
    const description = JSON.stringify(jiraIssue(world).description);
    for (const path of ['alone', 'inline', 'cell', 'quote']) expect(description).toContain(`https://example.org/${path}`);
    await appendOnJira(world, 'More.');
    expect(githubBody(world)).toBe(`${body}\n\nMore.`);
    await expectQuiet(world);
  });
});

describe('the name of a file', () => {
  test('of GitHub is the one in its address, else the description with the extension of its type, made harmless', async () => {
    const { world, body } = await fromGitHub((there) => {
      const image = (alt: string, index: number): string => `![${alt}](${upload(there, `n${index}.png`)})`;
      const alts = [
        'graph',
        'shot.png',
        'Release 1.2',
        '../../etc/passwd',
        'a\\\\b',
        'gnp\u202Eevil',
        'x'.repeat(300),
        '..',
        'image',
      ];
      return { body: [...alts.map(image), `[whatever](${upload(there, 'plan b.pdf', 'file')})`].join('\n\n') };
    });
    const names = jiraIssue(world).attachments.map((file) => file.name);
    const pasted = names.findIndex((name) => name.startsWith('image-'));
    expect(names[pasted]).toMatch(/^image-[0-9a-f]{8}\.png$/);
    expect(names.toSpliced(pasted, 1)).toEqual([
      'graph.png',
      'shot.png',
      'Release 1.2.png',
      'passwd.png',
      'b.png',
      'gnpevil.png',
      `${'x'.repeat(146)}.png`,
      'file.png',
      'plan b.pdf',
    ]);
    await appendOnJira(world, 'More.');
    expect(githubBody(world)).toBe(`${body}\n\nMore.`);
    await expectQuiet(world);
  });

  test('that two files of one issue share costs neither of them', async () => {
    const { world } = await fromGitHub((there) => ({
      body: `![graph](${upload(there, 'one.png')})\n\n![graph](${upload(there, 'two.png')})`,
    }));
    const { attachments } = jiraIssue(world);
    expect(attachments.map((file) => [file.name, Buffer.from(file.bytes).toString()])).toEqual([
      ['graph.png', 'bytes of one.png'],
      ['graph (2).png', 'bytes of two.png'],
    ]);
    const shown = jiraNodes(world).flatMap(mediaIn);
    expect(shown.map((node) => node.attrs?.['id'])).toEqual(attachments.map((file) => file.mediaId));
    await expectQuiet(world);
  });

  test.each(['github', 'jira-dc'] as const)('that two files of Jira share costs neither of them on %s', async (tracker) => {
    const world = createWorld({ tracker });
    await world.connect();
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'J', labels: ['sync'] });
    const media = ['first', 'second'].map((bytes) => {
      const file = { as: world.people.ann, name: 'image.png', bytes: Buffer.from(bytes), mediaType: 'image/png' };
      const attrs = {
        type: 'file',
        id: world.jira.people.mediaIdOf(world.jira.people.addAttachment(key, file).id),
        collection: '',
      };
      return { type: 'mediaSingle', attrs: { layout: 'center' }, content: [{ type: 'media', attrs }] };
    });
    const description = { version: 1, type: 'doc', content: [...media, line('Both.')] };
    world.jira.people.editIssue(key, { as: world.people.ann, description });
    await world.cycle();
    expect(world.there.storedFiles().toSorted()).toEqual(['first', 'second']);
    const text = world.there.text(world.there.ids()[0] ?? '');
    const names = [...text.slice(0, text.indexOf('Both.')).matchAll(/!([^!\s]*image[^!\n]*)/g)].map((match) => match[1]);
    expect(new Set(names).size).toBe(2);
    await expectQuiet(world);
  });
});

describe('a copy on Jira that a person removes', () => {
  async function removed() {
    const made = await fromGitHub((there) => {
      const [plot, other] = [upload(there, 'plot.png'), upload(there, 'other.png')];
      return {
        body: `Intro.\n\n![image](${plot})\n\nMiddle ![image](${other}) words.\n\n| a |\n| --- |\n| ![image](${plot}) |`,
        comments: [`First.\n\n![image](${plot})`],
      };
    });
    const { world } = made;
    for (const file of jiraIssue(world).attachments) world.jira.people.deleteAttachment(file.id, world.people.ben);
    for (const pause of [minuteMs, 24 * 60 * minuteMs, 11 * minuteMs, minuteMs]) {
      world.clock.advance(pause);
      await world.cycle();
    }
    expect(githubBody(world)).toBe(made.body);
    expect(jiraIssue(world).attachments).toEqual([]);
    return made;
  }

  test('leaves the texts of both sides as they are, and edits of other blocks cross', async () => {
    const { world, number, body } = await removed();
    const before = jiraNodes(world);
    await appendOnJira(world, 'More.');
    expect(githubBody(world)).toBe(`${body}\n\nMore.`);
    world.github.editIssue({
      repository: world.repository,
      number,
      as: 'dana',
      body: (world.github.issues(world.repository)[0]?.body ?? '').replace('Intro.', 'Beginning.'),
    });
    await world.cycle();
    expect(jiraNodes(world)).toEqual([line('Beginning.'), ...before.slice(1), line('More.')]);
    await expectQuiet(world);
  });

  test('leaves the image of a comment on GitHub when the comment is edited on either side', async () => {
    const { world } = await removed();
    const [comment] = jiraIssue(world).comments;
    const [author, , ...rest] = nodesOf(comment?.body);
    const content = [author, line('Second.'), ...rest];
    world.jira.people.editComment(jiraIssue(world).key, comment?.id ?? '', {
      as: world.people.sync,
      body: { version: 1, type: 'doc', content },
    });
    world.clock.advance(minuteMs);
    await world.cycle({ audit: 'full' });
    const [copied] = world.github.issues(world.repository)[0]?.comments ?? [];
    expect(copied?.body).toMatch(/^Second\.\n\n!\[image\]\(https:\/\/github\.com\/user-attachments\/assets\/[0-9a-f-]*\)/);
    world.github.editComment({
      repository: world.repository,
      id: copied?.id ?? 0,
      as: 'eli',
      body: (copied?.body ?? '').replace('Second.', 'Third.'),
    });
    await world.cycle();
    expect(nodesOf(jiraIssue(world).comments[0]?.body)).toEqual([author, line('Third.'), ...rest]);
    await expectQuiet(world);
  });

  test('goes from the Jira texts when the image goes from GitHub', async () => {
    const { world, number } = await removed();
    world.github.editIssue({ repository: world.repository, number, as: 'dana', body: 'Intro.' });
    await world.cycle();
    expect(jiraNodes(world)).toEqual([line('Intro.')]);
    await expectQuiet(world);
  });

  test('is known as removed after the state is lost', async () => {
    const { world, body } = await removed();
    world.states.clear();
    await world.cycle();
    await appendOnJira(world, 'More.');
    expect(githubBody(world)).toBe(`${body}\n\nMore.`);
    expect(jiraIssue(world).attachments).toEqual([]);
    await expectQuiet(world);
  });
});

test('an image that goes from a comment of GitHub goes from its copy, with the file', async () => {
  const { world } = await fromGitHub((there) => ({
    body: 'Text.',
    comments: [`Look:\n\n![plot](${upload(there, 'plot.png')})`],
  }));
  expect(nodesOf(jiraIssue(world).comments[0]?.body).flatMap(mediaIn)).toHaveLength(1);
  const [comment] = world.github.issues(world.repository)[0]?.comments ?? [];
  world.github.editComment({ repository: world.repository, id: comment?.id ?? 0, as: 'eli', body: 'Look: nothing.' });
  for (const pause of [minuteMs, 11 * minuteMs, 11 * minuteMs, minuteMs]) {
    world.clock.advance(pause);
    await world.cycle();
  }
  expect(nodesOf(jiraIssue(world).comments[0]?.body).slice(1)).toEqual([line('Look: nothing.')]);
  expect(jiraIssue(world).attachments).toEqual([]);
  expect(world.github.issues(world.repository)[0]?.comments[0]?.body).toContain('Look: nothing.');
  await expectQuiet(world);
});
