import type { Ledger } from './ledger.ts';
import { itemKey } from './ledger.ts';
import type { Act } from './scenario.ts';
import { repository } from './names.ts';
import type { Trackers } from './trackers.ts';

/** A person who edits a description on Jira has seen it as it stands there: what the server altered is their text from now on. */
export function noteRetold({ jira }: Trackers, ledger: Ledger, act: Act): void {
  if (act.side !== 'public' || !act.what.startsWith('description')) return;
  for (const { description } of jira.people.issues())
    for (const [, word = ''] of JSON.stringify(description).matchAll(/Block (w\d+)\b(?!\.)/g)) ledger.retold.add(word);
}

/** The same of a person who copies what stands on GitHub: words from `first` on that they wrote so themselves. */
export function noteCopied({ there: { github } }: Trackers, ledger: Ledger, first: number): void {
  for (const { body } of github?.issues(repository) ?? [])
    for (const [, word = ''] of (body ?? '').matchAll(/Block (w\d+)\b(?!\.)/g))
      if (Number(word.slice(1)) >= first) ledger.retold.add(word);
}

/**
 * I5: the way in which Jira's server shows a copy is no edit of it, so it alters nothing at the origin on GitHub. To be asked
 * at any time.
 */
export function echoes({ there: { github } }: Trackers, ledger: Ledger): readonly string[] {
  if (github === undefined) return [];
  const bodies = new Map(github.issues(repository).map(({ number, body }) => [itemKey('private', number), body ?? '']));
  return [...ledger.words.values()].flatMap(({ word, kind, issue, superseded }) => {
    const body = bodies.get(issue);
    if (kind !== 'description' || body === undefined || superseded || ledger.retold.has(word)) return [];
    // A copy on GitHub follows its origin, as Jira shows it.
    if (!ledger.issues.has(issue)) return [];
    const isAltered = new RegExp(`Block ${word}\\b(?!\\.)`).test(body);
    return isAltered ? [`I5: what a person wrote on ${issue} was altered there by the way in which Jira shows it: ${word}`] : [];
  });
}
