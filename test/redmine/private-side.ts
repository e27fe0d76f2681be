import { splitBody } from '../../src/sides/marked-body.ts';
import type { LatePrivateSide } from '../cycle/private-side.ts';
import type { ReadIssue, RedminePeople } from './people.ts';

/** The people of the whole-cycle tests by their log-ins on the real server. */
const logins: Readonly<Record<string, string>> = { dana: 'dana', eli: 'ben' };

/** What people do and see in a project of a real Redmine. */
export function realRedmineSide(people: RedminePeople, textFormat: 'textile' | 'commonmark'): LatePrivateSide {
  const login = (as: string): string => logins[as] ?? as;
  const noteIn = (issue: ReadIssue) => issue.journals.filter((journal) => (journal.notes ?? '') !== '');
  const text = async (id: string): Promise<string> => lines((await people.issue(id)).description ?? '');
  return {
    create: ({ as, summary, text: written, type = 'Task' }) =>
      people.createIssue({ as: login(as), summary, type, ...(written === undefined ? {} : { text: written }) }),
    edit: (id, { as, summary, text: written }) =>
      people.editIssue(id, {
        as: login(as),
        ...(summary === undefined ? {} : { subject: summary }),
        ...(written === undefined ? {} : { description: written }),
      }),
    remove: (id) => people.deleteIssue(id),
    setType: async (id, type) => people.editIssue(id, { as: 'dana', tracker_id: await people.trackerId(type) }),
    ids: async () => (await people.issues()).map(({ id }) => id),
    summary: async (id) => (await people.issue(id)).subject,
    text,
    type: async (id) => (await people.issue(id)).tracker.name,
    comments: async (id) => {
      const notes = noteIn(await people.issue(id));
      return notes.map((note) => ({ id: note.id, text: lines(note.notes ?? '') }));
    },
    addComment: (id, { as, text: written }) => people.addNote(id, { as: login(as), text: written }),
    editComment: (_id, { id, as, text: written }) => people.editNote(id, { as: login(as), text: written }),
    removeComment: (_id, commentId) => people.editNote(commentId, { as: 'dana', text: '' }),
    attach: async (id, { as, name, text: written }) => {
      await people.attach(id, { as: login(as), name, bytes: Buffer.from(written) });
      const image = textFormat === 'textile' ? `!${name}!` : `![plot](${name})`;
      await people.editIssue(id, { as: login(as), description: `${image}\n\n${await text(id)}` });
    },
    detach: async (id) => {
      const issue = await people.issue(id);
      const { content } = splitBody(lines(issue.description ?? ''));
      const description = content.replaceAll(/!\S+!|!\[[^\]]*\]\([^)]*\)/g, '');
      await people.editIssue(id, { as: 'dana', description });
      for (const file of issue.attachments) await people.detach(file.id);
    },
    storedFiles: async () => {
      const files = (await people.issues()).flatMap(({ attachments }) => attachments);
      const own = files.filter(({ author }) => author.name === 'Sync Bot');
      return Promise.all(own.map(async ({ id }) => Buffer.from(await people.download(id)).toString()));
    },
  };
}

function lines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
