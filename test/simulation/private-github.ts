import { createGitHubSimulator } from '../../src/simulators/github/github.ts';
import type { GitHubSimulator } from '../../src/simulators/github/github.ts';
import type { IssueView } from '../../src/simulators/github/people.ts';
import { readOpenApiDocument } from '../contract/openapi.ts';
import { validated } from '../contract/validate.ts';
import { blockText, saidText } from './hand.ts';
import type { Block, Hand, OwnWords, Shown } from './hand.ts';
import { visible, wordsOf } from './ledger.ts';
import type { PrivateIssue, PrivateTracker, PrivateTrackerOptions } from './private-tracker.ts';
import type { Settings } from './scenario.ts';
import { gitHubToken, jiraTypes, repository } from './names.ts';

/** The repository's issue types, where it has any. */
const gitHubTypes = ['Bug', 'Task', 'Feature'] as const;

/** A repository of github.com, with issue types or with labels for them. */
export function createPrivateGitHub({ clock, settings }: PrivateTrackerOptions): PrivateTracker {
  const github = createGitHubSimulator({
    clock,
    apiHost: 'api.github.com',
    webHost: 'github.com',
    commentEditBumpsIssue: settings.commentEditsTouchIssues,
    limits: { contentPerMinute: 1e6, contentPerHour: 1e6, pointsPerMinute: 1e7 },
  });
  populate(github, settings);
  const checked = validated(github, readOpenApiDocument('github-rest'), { ignore: [/\/\/github\.com/, /\/meta$/] });
  const branchFiles = (): ReadonlyMap<string, Uint8Array> => {
    const branch = github.branches(repository).find((name) => name.startsWith('sallyport/'));
    return (branch === undefined ? undefined : github.files(repository, branch)) ?? new Map<string, Uint8Array>();
  };
  const bodyOf = (id: string): string => github.issue(repository, Number(id))?.body ?? '';
  return {
    simulator: checked,
    github,
    violations: () => checked.violations,
    inputs: {},
    otherTrigger: 'label:never-used',
    hasTypeHistory: !settings.issueTypes,
    typeNames: settings.issueTypes ? gitHubTypes : [...jiraTypes, ...gitHubTypes],
    hand: () => handOf(github, settings),
    issues: () => {
      const files = branchFiles();
      return github.issues(repository).map((issue) => issueOf(issue, files));
    },
    clone: (shown, own) => clone(github, shown, own),
    isStamped: (id) => bodyOf(id).includes('<!-- sallyport:'),
    bodies: {
      read: bodyOf,
      write: (id, body) => void github.editIssue({ repository, number: Number(id), as: 'eli', body }),
    },
    expireToken: () => {
      github.revokeToken(gitHubToken);
      return () => github.restoreToken(gitHubToken);
    },
    losePermission: () => {
      github.setPermissions({ repository, login: 'syncbot', permission: 'none' });
      return () => github.setPermissions({ repository, login: 'syncbot', permission: 'write' });
    },
    pings: () => pings(github),
    storedFiles: () => [...branchFiles().keys()],
  };
}

/**
 * What the connection's writes notified of. A person's own words that are put back where they stood name whom that person
 * named there before.
 */
function pings(github: GitHubSimulator): readonly string[] {
  const nameOf = ({ kind, target, issueNumber }: GitHubSimulator['notifications'][number]): string =>
    `${issueNumber} ${kind} ${target}`;
  return github.notifications.flatMap((ping, index) => {
    const isPersons = github.notifications
      .slice(0, index)
      .some((earlier) => earlier.by !== 'syncbot' && nameOf(earlier) === nameOf(ping));
    return ping.by !== 'syncbot' || isPersons ? [] : [ping.target];
  });
}

function populate(github: GitHubSimulator, settings: Settings): void {
  github.addUser({ login: 'dana', name: 'Dana Cruz', permission: 'write' });
  github.addUser({ login: 'eli', name: 'Eli Novak', permission: 'write' });
  github.addUser({ login: 'syncbot', token: gitHubToken, permission: 'write' });
  github.addRepository({
    owner: 'acme',
    name: 'app',
    private: true,
    ownerIsOrganization: true,
    ...(settings.issueTypes ? { issueTypes: [...gitHubTypes] } : {}),
  });
  github.addRepository({ owner: 'acme', name: 'other', private: true, ownerIsOrganization: true });
}

/** The copies of files that an issue shows are those in the branch that its body links to. */
function issueOf(issue: IssueView, branch: ReadonlyMap<string, Uint8Array>): PrivateIssue {
  const label = issue.labels.find((name) => name.startsWith('type: '));
  const files = [...branch].filter(([path]) => (issue.body ?? '').includes(path.split('/').map(encodeURIComponent).join('/')));
  return {
    id: String(issue.number),
    url: `https://github.com/${repository}/issues/${issue.number}`,
    summary: issue.title,
    text: visible(issue.body ?? ''),
    type: issue.type ?? label?.slice('type: '.length),
    isByConnection: issue.author === 'syncbot',
    comments: issue.comments.map(({ id, body, author }) => ({
      id: String(id),
      text: visible(body),
      native: body,
      isByConnection: author === 'syncbot',
    })),
    files: files.map(([path, bytes]) => ({ name: path.split('/').at(-1) ?? '', text: Buffer.from(bytes).toString() })),
    hasOwnFile: (name) => issue.body?.includes(`[${name}](`) === true,
  };
}

function clone(github: GitHubSimulator, shown: Shown, own: OwnWords): readonly [string, boolean] {
  const model = github.issue(repository, Number(shown.id));
  // Words within a stamp are none; links to files are left out, so that a file has one origin.
  const body = (model?.body ?? '')
    .split(/\n{2,}/)
    .filter((block) => !block.includes(']('))
    .map((block) => (block.includes('<!--') ? block : own(block, 'description')))
    .join('\n\n');
  const title = own(`Copy of ${shown.summary}`, 'summary');
  const { number } = github.createIssue({ repository, as: 'eli', title, labels: model?.labels ?? [], body });
  return [String(number), model?.labels.includes('sync') !== true || body.includes('<!-- sallyport')];
}

function handOf(github: GitHubSimulator, settings: Settings): Hand {
  const at = (id: string): { repository: string; number: number; as: string } => ({ repository, number: Number(id), as: 'eli' });
  const bodyOf = (blocks: readonly Block[]): string =>
    blocks.map((block) => (typeof block.native === 'string' ? block.native : block.text)).join('\n\n');
  const shown = (issue: IssueView): Shown => ({
    id: String(issue.number),
    summary: issue.title,
    type: settings.issueTypes ? issue.type : issue.labels.find((label) => label.startsWith('type: '))?.slice('type: '.length),
    blocks: (issue.body ?? '').split(/\n{2,}/).flatMap((text) => (text === '' ? [] : [{ text: visible(text), native: text }])),
    comments: issue.comments.map((comment) => ({ id: String(comment.id), text: comment.body, native: comment.body })),
    labels: issue.labels,
  });
  return {
    side: 'private',
    types: settings.issueTypes ? gitHubTypes : jiraTypes,
    restricts: false,
    issues: () => github.issues(repository).map(shown),
    create: ({ summary, words, type, sync }) =>
      String(
        github.createIssue({
          repository,
          as: 'dana',
          title: summary,
          body: words.map((word) => blockText(word)).join('\n\n'),
          labels: [...(sync ? ['sync'] : []), ...(settings.issueTypes ? [] : [`type: ${type}`])],
          ...(settings.issueTypes ? { type } : {}),
        }).number,
      ),
    setSummary: (id, title) => void github.editIssue({ ...at(id), title }),
    setDescription: (id, blocks) => void github.editIssue({ ...at(id), body: bodyOf(blocks) }),
    setType: (id, type) => {
      if (settings.issueTypes) github.setType({ ...at(id), type });
      else {
        const others = (github.issue(repository, Number(id))?.labels ?? []).filter((label) => !label.startsWith('type: '));
        github.setLabels({ ...at(id), labels: [...others, `type: ${type}`] });
      }
    },
    addComment: (id, { word, pasted }) => String(github.addComment({ ...at(id), as: 'dana', body: saidText(word, pasted) }).id),
    editComment: (_id, comment, word) => {
      const body = comment.text
        .split(/\n{2,}/)
        .map((block) => (wordsOf(block).length === 0 ? block : saidText(word)))
        .join('\n\n');
      github.editComment({ repository, id: Number(comment.id), as: 'eli', body });
      return body;
    },
    removeComment: (_id, comment) => github.deleteComment({ repository, id: Number(comment) }),
    addFile: (id, { name, text, blocks }) => {
      const url = github.uploadAsset({ as: 'dana', name, bytes: Buffer.from(text), kind: 'file', repository });
      const last = blocks.findLastIndex((block) => visible(block.text).trim() !== '');
      const link: Block = { text: `[${name}](${url})`, native: undefined };
      github.editIssue({ ...at(id), body: bodyOf([...blocks.slice(0, last + 1), link, ...blocks.slice(last + 1)]) });
    },
    removeFile: (issue, name) => {
      const place = issue.blocks.findIndex(
        (block) => block.text.includes(`[${name}](`) && block.text.includes('user-attachments'),
      );
      if (place === -1) return false;
      github.editIssue({ ...at(issue.id), body: bodyOf(issue.blocks.toSpliced(place, 1)) });
      return true;
    },
    deleteIssue: (id) => github.deleteIssue({ repository, number: Number(id) }),
    moveIssue: (id) => void github.transferIssue({ ...at(id), to: 'acme/other' }),
    toggleLabel: ({ id, labels }) =>
      void github.setLabels({
        ...at(id),
        labels: labels.includes('sync') ? labels.filter((label) => label !== 'sync') : [...labels, 'sync'],
      }),
  };
}
