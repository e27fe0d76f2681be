interface Known {
  /** The reason as the cycle words it. */
  readonly pattern: RegExp;
  /** The same without anything that a tracker said, for reports with `report-detail: ids`. */
  readonly phrase: string;
  readonly next: string;
}

/** Why things are held, and what a person can do about each. */
const knownReasons: readonly Known[] = [
  {
    pattern: /^restricted, and restricted-comments is hold$/,
    phrase: 'restricted, and restricted-comments is hold',
    next: 'Nothing; or lift the restriction, or set restricted-comments: sync.',
  },
  {
    pattern: /carries the stamp of a copy/,
    phrase: 'carries the stamp of a copy whose origin has another copy',
    next: 'Nothing; or remove it by hand if nobody needs it.',
  },
  {
    pattern: /^carries a mark of Sallyport/,
    phrase: 'carries a mark of Sallyport, so it is not copied',
    next: 'Take the mark (a hidden comment or property with "sallyport") off it, or put it into a block of code.',
  },
  {
    pattern: /^was moved to /,
    phrase: 'was moved elsewhere',
    next: 'Move it back; until then nothing is written to its twin.',
  },
  {
    pattern: /^attachments are listed only$/,
    phrase: 'attachments are listed only',
    next: 'Open it by its link; attachments: repository would copy it.',
  },
  {
    pattern: /^larger than \d+ MB$/,
    phrase: 'larger than the limit for files',
    next: 'Open it by its link, or make it smaller.',
  },
];

const unknownReason: Known = {
  pattern: /^/,
  phrase: 'cannot be read now',
  next: "It is looked at again by itself; check the account's access if it stays so.",
};

function known(reason: string): Known {
  return knownReasons.find((entry) => entry.pattern.test(reason)) ?? unknownReason;
}

/** What to do about something held. */
export function adviceFor(reason: string): string {
  return known(reason).next;
}

/** The reason in fixed words, without names or content. */
export function reasonWithoutContent(reason: string): string {
  return known(reason).phrase;
}

const problemSteps: Readonly<Record<string, string>> = {
  configuration: "See the run's report: an input, the code or the record is wrong.",
  permission: 'Grant what the run names to the account, or give a new token; then run doctor.',
  host: 'Check network, proxy and certificate on the runner; run doctor there.',
  answer: 'Check the addresses and what stands between; run doctor on the runner.',
  refused: "See the run's report for what the tracker does not take; it waits until the content changes.",
  gone: 'Nothing; the item was removed while it was being written.',
  passing: 'Nothing; it is tried again by itself.',
  guard: 'Check that the account still sees everything; docs/rules.md says how to let removals through.',
  inactive: 'Nothing, if the connection is paused on purpose; else run activate.',
  limit: "See the run's report for the limit; make the item smaller, or leave it.",
  conflict: 'Look whether the value that stands is the right one; the other is in the history.',
};

/** What to do about an open problem, by the name that the record gives it. */
export function problemNext(name: string): string {
  return problemSteps[name.replace(/^stopped: /, '')] ?? "See the run's report.";
}

/** `conflict in summary, the public side's value stands`; the name alone of what is no conflict. */
export function problemText(problem: {
  readonly name: string;
  readonly field?: string | undefined;
  readonly stands?: 'public' | 'private' | undefined;
}): string {
  const { name, field, stands } = problem;
  const where = field === undefined ? '' : ` in ${field}`;
  return stands === undefined ? `${name}${where}` : `${name}${where}, the ${stands} side's value stands`;
}
