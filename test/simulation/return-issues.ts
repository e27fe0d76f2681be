import type { SideName } from '../../src/core/model.ts';
import type { GitHubSimulator } from '../../src/simulators/github/github.ts';
import type { Ledger, LedgerIssue } from './ledger.ts';
import { itemKey, newWord, originOf } from './ledger.ts';
import { repository } from './names.ts';
import type { Trackers } from './trackers.ts';

/** Whatever a person moved or transferred away, clones among it, is brought back. */
export function returnIssues(trackers: Trackers, ledger: Ledger): void {
  for (const { id, project } of trackers.jira.people.issues()) if (project === 'ELSE') moveBack(trackers, ledger, id);
  const { github } = trackers.there;
  for (const { number } of github?.issues('acme/other') ?? []) if (github !== undefined) transferBack(github, ledger, number);
}

/** Jira keeps the id: the twin goes on, unless its other side went, too, or the state that knew of it was lost meanwhile. */
function moveBack({ jira, there, people }: Trackers, ledger: Ledger, id: string): void {
  jira.people.moveIssue(id, { as: people.ben, project: 'ACME' });
  const key = itemKey('public', id);
  const origin = originOf(ledger, key);
  const entry = ledger.issues.get(origin);
  if (entry === undefined) return;
  const copies = [...ledger.copies].filter(([, known]) => known === origin).map(([copy]) => copy);
  const isThere = [origin, ...copies].every((item) => {
    const [side, number] = item.split(' ');
    return side === 'private'
      ? there
          .hand()
          .issues()
          .some(({ id: other }) => other === number)
      : jira.people.issue(number ?? '') !== undefined;
  });
  const isKnown = entry.leftAt !== undefined && ledger.stateLostAt < entry.leftAt && !entry.lostUnseen && copies.length === 1;
  if (!isThere || !isKnown) return;
  entry.left = false;
  entry.leftAt = undefined;
}

/**
 * GitHub gives a transferred issue another number: it is another issue, and the old one's twin stays as it is. Its words
 * become its own, so that what becomes of it can be told apart.
 */
function transferBack(github: GitHubSimulator, ledger: Ledger, number: number): void {
  const back = github.transferIssue({ repository: 'acme/other', number, as: 'eli', to: repository });
  const key = itemKey('private', back.number);
  // What the connection made is a copy that left: of nothing, as it comes back.
  if (back.author === 'syncbot') {
    ledger.copies.set(key, 'nothing');
    for (const { id } of back.comments) ledger.commentCopies.set(itemKey('private', id), 'nothing');
    return;
  }
  for (const { id } of back.comments) github.deleteComment({ repository, id });
  const own = (text: string, kind: 'summary' | 'description'): string =>
    text.replaceAll(/\bw\d+\b/g, () => newWord(ledger, { kind, issue: key, comment: undefined, at: 0 }));
  // Stamps and links to files are left out: a file has one origin.
  const blocks = (back.body ?? '').split(/\n{2,}/).filter((block) => !block.includes('](') && !block.includes('<!--'));
  const title = own(back.title, 'summary');
  github.editIssue({
    repository,
    number: back.number,
    as: 'eli',
    title,
    body: blocks.map((block) => own(block, 'description')).join('\n\n'),
  });
  ledger.issues.set(key, entryOf('private', String(back.number)));
}

function entryOf(side: SideName, id: string): LedgerIssue {
  return {
    side,
    id,
    // Whether its label came along is for the tracker to say.
    marked: true,
    stamped: false,
    left: false,
    leftAt: undefined,
    lastType: undefined,
    types: new Set(),
    tampered: true,
    lostUnseen: false,
  };
}
