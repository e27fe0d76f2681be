import type { SideName } from '../../src/core/model.ts';

/** What a person's act comes to on one side: every text goes through here, whichever the tracker. */
export interface Hand {
  readonly side: SideName;
  /** Names of types that people choose from here. */
  readonly types: readonly string[];
  /** Comments can be kept from some of those who see the issue. */
  readonly restricts: boolean;
  /** Issues that a person can open here, by creation. */
  issues(): readonly Shown[];
  create(issue: { summary: string; words: readonly string[]; type: string; sync: boolean }): string;
  setSummary(id: string, summary: string): void;
  setDescription(id: string, blocks: readonly Block[]): void;
  setType(id: string, type: string): void;
  addComment(id: string, comment: SaidComment): string;
  editComment(id: string, comment: ShownComment, word: string): string;
  removeComment(id: string, comment: string): void;
  addFile(id: string, file: { name: string; text: string; blocks: readonly Block[] }): void;
  /** Removes the origin file, or its copy, by name; false if it is not here. */
  removeFile(shown: Shown, name: string): boolean;
  deleteIssue(id: string): void;
  moveIssue(id: string): void;
  toggleLabel(shown: Shown): void;
}

/** A block of a description as a person sees it; `native` is kept as it is unless the person edits it. */
export interface Block {
  readonly text: string;
  readonly native: unknown;
}

export interface SaidComment {
  readonly word: string;
  readonly restricted: boolean;
  /** A hidden comment at its end, where texts have such. */
  readonly pasted?: string | undefined;
}

export interface ShownComment {
  readonly id: string;
  readonly text: string;
  readonly native: unknown;
}

export interface Shown {
  readonly id: string;
  readonly summary: string;
  readonly type: string | undefined;
  readonly blocks: readonly Block[];
  readonly comments: readonly ShownComment[];
  readonly labels: readonly string[];
}

/** Gives every word of a text that is copied into a new issue a word of its own. */
export type OwnWords = (text: string, kind: 'summary' | 'description') => string;

/** Some people name others, and refer to issues by numbers; what a tracker makes of that in a copy nobody asked for (I10). */
function named(word: string): string {
  return Number(word.slice(1)) % 7 === 3 ? ' Thanks @eli and [~eli], as in #1.' : '';
}

/** What a person writes as a block of a description. */
export function blockText(word: string): string {
  return `Block ${word}.${named(word)}`;
}

/** What a person says in a comment. */
export function saidText(word: string, pasted?: string): string {
  return `Said ${word}.${named(word)}${pasted === undefined ? '' : `\n\n${pasted}`}`;
}
