import type { Block, Cell } from './blocks.ts';
import { cardBlock } from './blocks.ts';
import { cleanedBlocks } from './cleaned-document.ts';
import { checksBlock, examinedBlocks, hostsBlocks } from './health-report.ts';
import type { Outcome } from './outcome.ts';
import { shown } from './shown.ts';
import { statusBlocks } from './status-report.ts';
import { syncedBlocks } from './synced-document.ts';

export interface ReportDocument {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** The report of an outcome, before it takes a form. Contents are limited by `report-detail` here already. */
export function documentOf(given: Outcome): ReportDocument {
  const outcome = shown(given);
  switch (outcome.kind) {
    case 'synced':
      return { heading: `Sallyport: ${outcome.card.name}`, blocks: syncedBlocks(outcome) };
    case 'initiated':
      return outcome.dryRun
        ? { heading: `Connection: ${outcome.card.name}`, blocks: plannedBlocks(outcome, 'A connection would be initiated.') }
        : { heading: `Connection initiated: ${outcome.card.name}`, blocks: initiatedBlocks(outcome) };
    case 'accepted':
      if (outcome.dryRun) {
        const plan = outcome.wasAccepted ? 'The invitation was accepted before.' : 'The invitation would be accepted.';
        return { heading: `Connection: ${outcome.card.name}`, blocks: plannedBlocks(outcome, plan) };
      }
      return {
        heading: outcome.wasAccepted ? 'Invitation was accepted before' : 'Invitation accepted',
        blocks: [
          cardBlock(outcome.card),
          checksBlock(outcome.checks),
          ...savedBlocks(outcome.savedAs),
          { kind: 'line', text: ['Next: run sync, by hand or on a schedule.'] },
        ],
      };
    case 'status':
      return { heading: `Connection: ${outcome.card.name}`, blocks: statusBlocks(outcome.card, outcome) };
    case 'configured':
      return { heading: `Connection: ${outcome.card.name}`, blocks: configuredBlocks(outcome) };
    case 'switched':
      return {
        heading: `Connection: ${outcome.card.name}`,
        blocks: [{ kind: 'line', text: [switchedText(outcome)] }, cardBlock(outcome.card)],
      };
    case 'reissued':
      return { heading: `Connection: ${outcome.card.name}`, blocks: reissuedBlocks(outcome) };
    case 'revoked':
      return {
        heading: `Connection: ${outcome.card.name}`,
        blocks: [{ kind: 'line', text: [revokedText(outcome)] }, cardBlock(outcome.card)],
      };
    case 'cleaned':
      return { heading: `Connection: ${outcome.card.name}`, blocks: cleanedBlocks(outcome) };
    case 'examined': {
      const name = outcome.card === undefined ? '' : `: ${outcome.card.name}`;
      return { heading: `Doctor${name}`, blocks: examinedBlocks(outcome.groups) };
    }
    case 'hosts':
      return { heading: 'Doctor: hosts', blocks: hostsBlocks(outcome.hosts) };
    case 'rules':
      return { heading: '', blocks: [{ kind: 'own', text: outcome.text }] };
  }
}

function configuredBlocks(outcome: Extract<Outcome, { kind: 'configured' }>): readonly Block[] {
  const { changes, dryRun } = outcome;
  const text =
    changes.length === 0
      ? 'Nothing differs from what is set already.'
      : dryRun
        ? 'Dry run, nothing was written. This would change:'
        : 'The connection was changed. The next cycle goes by it.';
  return [
    { kind: 'line', text: [text] },
    ...(changes.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            title: 'Changes',
            columns: ['What', 'Before', 'After'],
            rows: changes.map(({ name, before, after }) => [[name], [before], [after]]),
          },
        ]),
    cardBlock(outcome.card),
    checksBlock(outcome.checks),
  ];
}

/** What a dry run found for an operation that changes the record alone. */
function plannedBlocks(outcome: Extract<Outcome, { kind: 'initiated' | 'accepted' }>, plan: string): readonly Block[] {
  return [
    { kind: 'line', text: [`Dry run, nothing was written. ${plan}`] },
    ...(outcome.kind === 'accepted' ? [cardBlock(outcome.card)] : []),
    checksBlock(outcome.checks),
  ];
}

type Initiated = Extract<Outcome, { kind: 'initiated' }>;

function initiatedBlocks(outcome: Initiated): readonly Block[] {
  const { code, passphrase } = outcome;
  const expiry = new Date(outcome.expiresAt).toISOString();
  return [
    cardBlock(outcome.card),
    checksBlock(outcome.checks),
    ...savedBlocks(outcome.savedAs),
    ...(code === undefined ? [] : [{ kind: 'code' as const, title: 'Invitation code', text: code }]),
    ...(passphrase === undefined ? [] : [{ kind: 'code' as const, title: 'Passphrase (shown this once)', text: passphrase }]),
    { kind: 'list', title: 'How to go on', items: nextSteps(outcome, expiry) },
  ];
}

function nextSteps(outcome: Initiated, expiry: string): readonly Cell[] {
  const saved = outcome.savedAs;
  if (saved !== undefined)
    return [
      [
        `The workflow on the private side reads the secret ${saved} as invitation-code; its first sync accepts, at the latest on ${expiry}.`,
      ],
    ];
  return [
    ["Give the code to the private side's admin, who saves it as the secret SALLYPORT_INVITATION."],
    ...(outcome.passphrase === undefined
      ? []
      : [['Send the passphrase another way; it becomes the secret SALLYPORT_PASSPHRASE.']]),
    [
      `The first accept or sync on the private side makes the connection Active, at the latest on ${expiry}. Until then it is Pending.`,
    ],
  ];
}

function savedBlocks(savedAs: string | undefined): readonly Block[] {
  return savedAs === undefined
    ? []
    : [{ kind: 'line', text: [`The code was saved as the repository secret ${savedAs} and is not shown.`] }];
}

const reissuedTexts: Readonly<Record<Extract<Outcome, { kind: 'reissued' }>['stage'], string>> = {
  replaced: 'The connection has a new code; the one before it is dead.',
  begun:
    "The connection has a new code. The one before it is good until a run has worked with the new one. Save the new one in its place; once it has run, end the old key's use by reissue with finish.",
  unfinished: 'The reissue is not finished yet; run it again with finish.',
  finished:
    'The reissue is finished: all stamps are under the new key. Save this code in place of the one before: it is without the old key. The one before works, too, and the old key is good for nothing any more.',
};

function reissuedBlocks(outcome: Extract<Outcome, { kind: 'reissued' }>): readonly Block[] {
  const { code, passphrase, left, failures } = outcome;
  const dry =
    outcome.stage === 'unfinished' ? `${left} issues have stamps to be signed anew.` : 'The connection would get a new code.';
  return [
    { kind: 'line', text: [outcome.dryRun ? `Dry run, nothing was written. ${dry}` : reissuedTexts[outcome.stage]] },
    ...(outcome.stage === 'unfinished' && !outcome.dryRun
      ? [{ kind: 'line' as const, text: [`${left} issues are left, ${failures.length} failed.`] }]
      : []),
    cardBlock(outcome.card),
    ...savedBlocks(outcome.savedAs),
    ...(code === undefined ? [] : [{ kind: 'code' as const, title: 'Invitation code', text: code }]),
    ...(passphrase === undefined ? [] : [{ kind: 'code' as const, title: 'Passphrase (shown this once)', text: passphrase }]),
  ];
}

function revokedText(outcome: Extract<Outcome, { kind: 'revoked' }>): string {
  if (outcome.wasRevoked) return 'The connection was revoked before; nothing was done.';
  if (outcome.dryRun)
    return 'Dry run, nothing was written. This connection would be revoked, and its runner stopped at its next writes.';
  return "The connection is revoked: none of its codes is good any more, and a run that is under way stops before its next writes. Both sides' issues stay as they are. The Jira API token in the code goes on working elsewhere: revoke it, too, if the code fell into wrong hands.";
}

function switchedText(outcome: Extract<Outcome, { kind: 'switched' }>): string {
  if (outcome.dryRun) return `Dry run, nothing was written. The connection would be ${outcome.card.status}.`;
  if (outcome.card.status === 'Active')
    return 'The connection is active: changes made while it was paused are synced by the next cycle.';
  const { side, pausedBy, card } = outcome;
  const isPaused = pausedBy.includes(side);
  const others = pausedBy.filter((one) => one !== side).map((one) => `, and the ${one} side keeps it paused`);
  return `The ${side} side ${isPaused ? 'is paused' : 'is not paused any more'}${others.join('')}; the connection is ${card.status}. Changes made meanwhile are synced once it is Active.`;
}
