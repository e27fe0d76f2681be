import { createJiraDcSimulator } from '../../src/simulators/jira-dc/jira-dc.ts';
import type { IssueData, People } from '../../src/simulators/jira-dc/people.ts';
import { memberPermissions } from '../../src/simulators/jira-dc/people.ts';
import { jiraDataCenter } from '../contract/jira-data-center.ts';
import { validated } from '../contract/validate.ts';
import type { Hand, OwnWords, Shown } from './hand.ts';
import { blocksOf, textOfBlocks, wordsOf } from './ledger.ts';
import { blockText, saidText } from './hand.ts';
import type { PrivateIssue, PrivateTracker, PrivateTrackerOptions } from './private-tracker.ts';

const url = 'https://jira.corp.example/jira';
const token = 'pat-for-tests';
const syncPermissions = [...memberPermissions, 'EDIT_ALL_COMMENTS'];

/** A project of a Jira Data Center, with Jira Cloud's types or with others. */
export function createPrivateJiraDc({ clock, settings }: PrivateTrackerOptions): PrivateTracker {
  const dc = createJiraDcSimulator({ clock, url, indexLagMs: settings.searchLagSeconds * 1_000 });
  const { people } = dc;
  const types = settings.issueTypes ? ['Task', 'Bug', 'Feature'] : ['Task', 'Bug', 'Story', 'Epic'];
  people.addUser({ name: 'dana', displayName: 'Dana Cruz' });
  people.addUser({ name: 'eli', displayName: 'Eli Novak' });
  people.addUser({ name: 'syncbot', displayName: 'Sync Bot', token, permissions: syncPermissions });
  for (const key of ['APP', 'OTHER']) people.addProject({ key, name: key, types: [...types, 'Sub-task'] });
  const checked = validated(dc, jiraDataCenter, {
    ignore: [/\/secure\/attachment\//],
    basePath: /^\/jira\/rest(?=\/)/,
  });
  return {
    simulator: checked,
    violations: () => checked.violations,
    inputs: {
      tracker: 'jira-dc',
      'tracker-url': url,
      project: 'APP',
      'tracker-token': token,
      'default-issue-type': 'Task',
    },
    otherTrigger: 'never-used',
    hasTypeHistory: true,
    typeNames: types,
    hand: () => handOf(people, types),
    issues: () => people.issues().map(issueOf),
    clone: (shown, own) => clone(people, shown, own),
    // Jira clones no properties, and people cannot edit them.
    isStamped: () => false,
    bodies: undefined,
    expireToken: () => {
      people.setToken('syncbot', undefined);
      return () => people.setToken('syncbot', token);
    },
    losePermission: () => {
      people.setPermissions('syncbot', []);
      return () => people.setPermissions('syncbot', syncPermissions);
    },
    pings: () => [],
    storedFiles: () => [],
  };
}

function issueOf(issue: IssueData): PrivateIssue {
  return {
    id: issue.id,
    url: `${url}/browse/${issue.key}`,
    summary: issue.summary,
    text: issue.description,
    type: issue.type,
    isByConnection: issue.creator === 'syncbot',
    comments: issue.comments.map(({ id, body, author }) => ({
      id,
      text: body,
      native: body,
      isByConnection: author === 'syncbot',
    })),
    files: issue.attachments.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString() })),
    hasOwnFile: (name) => issue.attachments.some((file) => file.name === name),
  };
}

function clone(people: People, shown: Shown, own: OwnWords): readonly [string, boolean] {
  const summary = own(`Copy of ${shown.summary}`, 'summary');
  const description = own(textOfBlocks(shown.blocks), 'description');
  const { id } = people.createIssue({ project: 'APP', as: 'eli', summary, description, labels: shown.labels });
  return [id, !shown.labels.includes('sync')];
}

function handOf(people: People, types: readonly string[]): Hand {
  const shown = (issue: IssueData): Shown => ({
    id: issue.id,
    summary: issue.summary,
    type: issue.type,
    blocks: blocksOf(issue.description),
    comments: issue.comments.map(({ id, body }) => ({ id, text: body, native: body })),
    labels: issue.labels,
  });
  return {
    side: 'private',
    types,
    restricts: true,
    issues: () =>
      people
        .issues()
        .filter(({ project }) => project === 'APP')
        .map(shown),
    create: ({ summary, words, type, sync }) =>
      people.createIssue({
        project: 'APP',
        as: 'dana',
        summary,
        type,
        labels: sync ? ['sync'] : [],
        description: words.map((word) => blockText(word)).join('\n\n'),
      }).id,
    setSummary: (id, summary) => void people.editIssue(id, { as: 'eli', summary }),
    setDescription: (id, blocks) => void people.editIssue(id, { as: 'eli', description: textOfBlocks(blocks) }),
    setType: (id, type) => void people.editIssue(id, { as: 'eli', type }),
    addComment: (id, { word, restricted }) =>
      people.addComment(id, { as: 'dana', body: saidText(word), ...(restricted ? { role: 'Administrators' } : {}) }).id,
    editComment: (id, comment, word) => {
      const blocks = blocksOf(comment.text).map((block) =>
        wordsOf(block.text).length === 0 ? block : { text: saidText(word), native: undefined },
      );
      const body = textOfBlocks(blocks);
      people.editComment(id, { id: comment.id, body });
      return body;
    },
    removeComment: (id, comment) => people.deleteComment(id, comment),
    addFile: (id, { name, text }) => void people.addAttachment(id, { as: 'dana', name, bytes: Buffer.from(text) }),
    removeFile: (issue, name) => {
      const file = people.issue(issue.id)?.attachments.find((candidate) => candidate.name === name);
      if (file === undefined) return false;
      people.deleteAttachment(issue.id, file.id);
      return true;
    },
    deleteIssue: (id) => people.deleteIssue(id),
    moveIssue: (id) => people.moveIssue(id, 'OTHER'),
    toggleLabel: ({ id, labels }) => {
      const next = labels.includes('sync') ? labels.filter((label) => label !== 'sync') : [...labels, 'sync'];
      people.editIssue(id, { as: 'eli', labels: next });
    },
  };
}
