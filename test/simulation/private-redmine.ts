import type { IssueData, NoteData, RedminePeople } from '../../src/simulators/redmine/people.ts';
import { createRedmineSimulator } from '../../src/simulators/redmine/redmine.ts';
import type { Hand, OwnWords, Shown } from './hand.ts';
import { blocksOf, textOfBlocks, visible, wordsOf } from './ledger.ts';
import { blockText, saidText } from './hand.ts';
import type { PrivateIssue, PrivateTracker, PrivateTrackerOptions } from './private-tracker.ts';

const url = 'https://tools.corp.example/redmine';
const apiKey = 'key-for-tests';

/** A project of a Redmine: Textile with stamps in the texts, or CommonMark with a field for stamps and other types. */
export function createPrivateRedmine({ clock, settings }: PrivateTrackerOptions): PrivateTracker {
  const hasMarkField = settings.issueTypes;
  const redmine = createRedmineSimulator({ clock, url, hasMarkField });
  const { people } = redmine;
  const types = settings.issueTypes ? ['Task', 'Bug', 'Feature'] : ['Task', 'Bug', 'Story', 'Epic'];
  people.addUser({ login: 'dana', firstname: 'Dana', lastname: 'Cruz' });
  people.addUser({ login: 'eli', firstname: 'Eli', lastname: 'Novak' });
  people.addUser({ login: 'syncbot', firstname: 'Sync', lastname: 'Bot', apiKey });
  for (const identifier of ['app', 'other']) people.addProject({ identifier, trackers: types });
  for (const login of ['dana', 'eli', 'syncbot']) people.admit(login, 'app');
  for (const login of ['dana', 'eli']) people.admit(login, 'other');
  const fieldOf = (id: string): string => people.issue(id)?.fields['Sallyport'] ?? '';
  const read = (id: string): string => unixLines(people.issue(id)?.description ?? '');
  return {
    simulator: redmine,
    violations: () => [],
    inputs: {
      tracker: 'redmine',
      'tracker-url': url,
      project: 'app',
      'tracker-token': apiKey,
      'text-format': hasMarkField ? 'commonmark' : 'textile',
    },
    otherTrigger: 'tracker_id=999',
    hasTypeHistory: true,
    typeNames: types,
    hand: () => handOf(people, types),
    issues: () => people.issues().map(issueOf),
    clone: (shown, own) => clone(people, shown, own),
    isStamped: (id) => read(id).includes('<!-- sallyport:') || fieldOf(id) !== '',
    bodies: { read, write: (id, description) => void people.editIssue(id, { as: 'eli', description }) },
    expireToken: () => {
      people.setApiKey('syncbot', undefined);
      return () => people.setApiKey('syncbot', apiKey);
    },
    losePermission: () => {
      people.expel('syncbot', 'app');
      return () => people.admit('syncbot', 'app');
    },
    seeOwnAlone: () => {
      people.admit('syncbot', 'app', { issuesVisibility: 'own' });
      return () => people.admit('syncbot', 'app');
    },
    pings: () => [],
    storedFiles: () => [],
  };
}

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function issueOf(issue: IssueData): PrivateIssue {
  const hasOwnFile = (name: string): boolean => issue.attachments.some(({ filename }) => filename === name);
  return {
    id: issue.id,
    url: `${url}/issues/${issue.id}`,
    summary: issue.subject,
    text: visible(issue.description),
    type: issue.tracker,
    isByConnection: issue.author === 'syncbot',
    comments: issue.notes.map(({ id, serial, text, author }) => ({
      id: String(serial),
      requestId: id,
      text: visible(text),
      native: unixLines(text),
      isByConnection: author === 'syncbot',
    })),
    files: issue.attachments.map(({ filename, bytes }) => ({ name: filename, text: Buffer.from(bytes).toString() })),
    hasOwnFile,
  };
}

/** Redmine's "Copy" takes the text and the custom fields along, the one for stamps, too. */
function clone(people: RedminePeople, shown: Shown, own: OwnWords): readonly [string, boolean] {
  const model = people.issue(shown.id);
  const description = unixLines(model?.description ?? '')
    .split(/\n{2,}/)
    .map((block) => (block.includes('<!--') ? block : own(block, 'description')))
    .join('\n\n');
  const fields = Object.fromEntries(
    Object.entries(model?.fields ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  const subject = own(`Copy of ${shown.summary}`, 'summary');
  const { id } = people.createIssue({ project: 'app', as: 'eli', subject, description, fields });
  const isStamped = description.includes('<!-- sallyport') || (fields['Sallyport'] ?? '') !== '';
  return [id, fields['Sync'] !== '1' || isStamped];
}

function handOf(people: RedminePeople, types: readonly string[]): Hand {
  const shown = (issue: IssueData): Shown => ({
    id: issue.id,
    summary: issue.subject,
    type: issue.tracker,
    blocks: blocksOf(issue.description),
    comments: issue.notes.map(({ serial, text }) => ({ id: String(serial), text, native: text })),
    labels: issue.fields['Sync'] === '1' ? ['sync'] : [],
  });
  const noteOf = (id: string, serial: string): NoteData => {
    const found = people.issue(id)?.notes.find((note) => String(note.serial) === serial);
    if (found === undefined) throw new Error(`There is no note ${serial}.`);
    return found;
  };
  return {
    side: 'private',
    types,
    restricts: true,
    issues: () =>
      people
        .issues()
        .filter(({ project }) => project === 'app')
        .map(shown),
    create: ({ summary, words, type, sync }) =>
      people.createIssue({
        project: 'app',
        as: 'dana',
        subject: summary,
        tracker: type,
        fields: { Sync: sync ? '1' : '0' },
        description: words.map((word) => blockText(word)).join('\n\n'),
      }).id,
    setSummary: (id, subject) => void people.editIssue(id, { as: 'eli', subject }),
    setDescription: (id, blocks) => void people.editIssue(id, { as: 'eli', description: textOfBlocks(blocks) }),
    setType: (id, tracker) => void people.editIssue(id, { as: 'eli', tracker }),
    addComment: (id, { word, restricted, pasted }) =>
      String(people.addNote(id, { as: 'dana', text: saidText(word, pasted), isPrivate: restricted }).serial),
    editComment: (id, comment, word) => {
      const blocks = blocksOf(comment.text).map((block) =>
        wordsOf(block.text).length === 0 ? block : { text: saidText(word), native: undefined },
      );
      const text = textOfBlocks(blocks);
      people.editNote(id, { id: noteOf(id, comment.id).id, text });
      return text;
    },
    removeComment: (id, comment) => people.editNote(id, { id: noteOf(id, comment).id, text: '' }),
    addFile: (id, { name, text }) => void people.attach(id, { as: 'dana', name, bytes: Buffer.from(text) }),
    removeFile: (issue, name) => {
      const file = people.issue(issue.id)?.attachments.find(({ filename }) => filename === name);
      if (file === undefined) return false;
      people.detach(issue.id, { as: 'eli', id: file.id });
      return true;
    },
    deleteIssue: (id) => people.deleteIssue(id),
    moveIssue: (id) => people.moveIssue(id, { as: 'eli', to: 'other' }),
    toggleLabel: ({ id, labels }) =>
      void people.editIssue(id, { as: 'eli', fields: { Sync: labels.includes('sync') ? '0' : '1' } }),
  };
}
