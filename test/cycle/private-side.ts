import type { GitHubSimulator } from '../../src/simulators/github/github.ts';
import type { JiraDcSimulator } from '../../src/simulators/jira-dc/jira-dc.ts';
import type { RedmineSimulator } from '../../src/simulators/redmine/redmine.ts';

export interface PrivateComment {
  readonly id: string;
  readonly text: string;
}

/** What people do on the private side, and see there, whichever tracker it is: the rules are the same for all. */
export interface PrivateSide {
  create(issue: { readonly as: string; readonly summary: string; readonly text?: string; readonly type?: string }): string;
  edit(id: string, edit: { readonly as: string; readonly summary?: string; readonly text?: string }): void;
  remove(id: string): void;
  setType(id: string, type: string): void;
  /** Ids of all issues, oldest first. */
  ids(): readonly string[];
  summary(id: string): string;
  text(id: string): string;
  /** The type that the issue shows; undefined for none. */
  type(id: string): string | undefined;
  comments(id: string): readonly PrivateComment[];
  addComment(id: string, comment: { readonly as: string; readonly text: string }): string;
  editComment(id: string, comment: { readonly id: string; readonly as: string; readonly text: string }): void;
  removeComment(id: string, commentId: string): void;
  /** A person puts a picture before the text: canonical form passes over one at the very end. */
  attach(id: string, file: { readonly as: string; readonly name: string; readonly text: string }): void;
  /** And takes all files out again. */
  detach(id: string): void;
  /** The bytes, as text, of what the connection stored. */
  storedFiles(): readonly string[];
}

/** The same of a real server, which answers later. */
export type LatePrivateSide = {
  readonly [Act in keyof PrivateSide]: (
    ...given: Parameters<PrivateSide[Act]>
  ) => ReturnType<PrivateSide[Act]> | Promise<ReturnType<PrivateSide[Act]>>;
};

const repository = 'acme/app';

export function githubSide(github: GitHubSimulator): PrivateSide {
  const issue = (id: string) => {
    const found = github.issue(repository, Number(id));
    if (found === undefined) throw new Error(`There is no issue ${id}.`);
    return found;
  };
  return {
    create: ({ as, summary, text, type }) => {
      const labels = ['sync', ...(type === undefined ? [] : [`type: ${type}`])];
      const made = github.createIssue({ repository, as, title: summary, labels, ...(text === undefined ? {} : { body: text }) });
      return String(made.number);
    },
    edit: (id, { as, summary, text }) => {
      const edit = { ...(summary === undefined ? {} : { title: summary }), ...(text === undefined ? {} : { body: text }) };
      github.editIssue({ repository, number: Number(id), as, ...edit });
    },
    remove: (id) => void github.deleteIssue({ repository, number: Number(id) }),
    setType: (id, type) => {
      const labels = issue(id).labels.filter((label) => !label.startsWith('type: '));
      github.setLabels({ repository, number: Number(id), as: 'dana', labels: [...labels, `type: ${type}`] });
    },
    ids: () =>
      github
        .issues(repository)
        .map(({ number }) => String(number))
        .toSorted((one, other) => Number(one) - Number(other)),
    summary: (id) => issue(id).title,
    text: (id) => issue(id).body ?? '',
    type: (id) =>
      issue(id)
        .labels.find((label) => label.startsWith('type: '))
        ?.slice('type: '.length),
    comments: (id) => issue(id).comments.map((comment) => ({ id: String(comment.id), text: comment.body })),
    addComment: (id, { as, text }) => String(github.addComment({ repository, number: Number(id), as, body: text }).id),
    editComment: (_id, { id, as, text }) => void github.editComment({ repository, id: Number(id), as, body: text }),
    removeComment: (_id, id) => void github.deleteComment({ repository, id: Number(id) }),
    attach: (id, { as, name, text }) => {
      const url = github.uploadAsset({ as, name, bytes: Buffer.from(text), kind: 'image', repository });
      github.editIssue({ repository, number: Number(id), as, body: `![${name}](${url})\n\n${issue(id).body ?? ''}` });
    },
    detach: (id) => {
      const body = (issue(id).body ?? '').replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '');
      github.editIssue({ repository, number: Number(id), as: 'dana', body });
    },
    storedFiles: () => {
      const branch = github.branches(repository).find((name) => name.startsWith('sallyport/')) ?? '';
      const files = [...(github.files(repository, branch) ?? [])].filter(([path]) => path !== 'README.md');
      return files.map(([, bytes]) => Buffer.from(bytes).toString());
    },
  };
}

export function jiraDcSide(dc: JiraDcSimulator): PrivateSide {
  const { people } = dc;
  const issue = (id: string) => {
    const found = people.issue(id);
    if (found === undefined) throw new Error(`There is no issue ${id}.`);
    return found;
  };
  return {
    create: ({ as, summary, text, type }) => {
      const more = { ...(text === undefined ? {} : { description: text }), ...(type === undefined ? {} : { type }) };
      return people.createIssue({ project: 'APP', as, summary, labels: ['sync'], ...more }).id;
    },
    edit: (id, { as, summary, text }) => {
      const edit = { ...(summary === undefined ? {} : { summary }), ...(text === undefined ? {} : { description: text }) };
      people.editIssue(id, { as, ...edit });
    },
    remove: (id) => people.deleteIssue(id),
    setType: (id, type) => void people.editIssue(id, { as: 'dana', type }),
    ids: () => people.issues().map(({ id }) => id),
    summary: (id) => issue(id).summary,
    text: (id) => issue(id).description.replaceAll('\r\n', '\n'),
    type: (id) => issue(id).type,
    comments: (id) => issue(id).comments.map((comment) => ({ id: comment.id, text: comment.body.replaceAll('\r\n', '\n') })),
    addComment: (id, { as, text }) => people.addComment(id, { as, body: text }).id,
    editComment: (id, comment) => people.editComment(id, { id: comment.id, body: comment.text }),
    removeComment: (id, commentId) => people.deleteComment(id, commentId),
    attach: (id, { as, name, text }) => {
      people.addAttachment(id, { as, name, bytes: Buffer.from(text), mediaType: 'image/png' });
      people.editIssue(id, { as, description: `!${name}!\n\n${issue(id).description}` });
    },
    detach: (id) => {
      const { description, attachments } = issue(id);
      people.editIssue(id, { as: 'dana', description: description.replaceAll(/!\S+!/g, '') });
      for (const file of attachments) people.deleteAttachment(id, file.id);
    },
    storedFiles: () => {
      const own = people
        .issues()
        .flatMap((found) => found.attachments.filter(({ authorKey }) => authorKey === people.keyOf('syncbot')));
      return own.map(({ bytes }) => Buffer.from(bytes).toString());
    },
  };
}

export function redmineSide(redmine: RedmineSimulator): PrivateSide {
  const { people } = redmine;
  const issue = (id: string) => {
    const found = people.issue(id);
    if (found === undefined) throw new Error(`There is no issue ${id}.`);
    return found;
  };
  const lines = (text: string): string => text.replaceAll('\r\n', '\n');
  return {
    create: ({ as, summary, text, type }) => {
      const more = { ...(text === undefined ? {} : { description: text }), ...(type === undefined ? {} : { tracker: type }) };
      return people.createIssue({ project: 'app', as, subject: summary, fields: { Sync: '1' }, ...more }).id;
    },
    edit: (id, { as, summary, text }) => {
      const edit = {
        ...(summary === undefined ? {} : { subject: summary }),
        ...(text === undefined ? {} : { description: text }),
      };
      people.editIssue(id, { as, ...edit });
    },
    remove: (id) => people.deleteIssue(id),
    setType: (id, type) => void people.editIssue(id, { as: 'dana', tracker: type }),
    ids: () => people.issues().map(({ id }) => id),
    summary: (id) => issue(id).subject,
    text: (id) => lines(issue(id).description),
    type: (id) => issue(id).tracker,
    comments: (id) => issue(id).notes.map((note) => ({ id: note.id, text: lines(note.text) })),
    addComment: (id, { as, text }) => people.addNote(id, { as, text }).id,
    editComment: (id, comment) => people.editNote(id, comment),
    removeComment: (id, commentId) => people.editNote(id, { id: commentId, text: '' }),
    attach: (id, { as, name, text }) => {
      people.attach(id, { as, name, bytes: Buffer.from(text), contentType: 'image/png' });
      people.editIssue(id, { as, description: `!${name}!\n\n${lines(issue(id).description)}` });
    },
    detach: (id) => {
      const { description, attachments } = issue(id);
      people.editIssue(id, { as: 'dana', description: description.replaceAll(/!\S+!/g, '') });
      for (const file of attachments) people.detach(id, { as: 'dana', id: file.id });
    },
    storedFiles: () => {
      const own = people.accountOf('syncbot');
      const files = people.issues().flatMap(({ attachments }) => attachments.filter(({ authorId }) => authorId === own));
      return files.map(({ bytes }) => Buffer.from(bytes).toString());
    },
  };
}
