/** The answer to every attempt to edit the rules (connection.md, "Initiate"). */
export const rulesLockedNotice =
  "Sync Rules can't be modified in Basic mode; that takes Script mode, which Sallyport does not offer yet.";

interface Rule {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** The Basic rules in their order; their numbers are those that other texts cite. */
const basicRules: readonly Rule[] = [
  {
    title: 'What is synced',
    sentences: [
      'Summary, description, comments, attachments and issue type, both ways.',
      'Nothing else: no status, no assignee, no labels, no other field.',
    ],
  },
  {
    title: 'Issue types',
    sentences: [
      'Types are mirrored by name.',
      "A type that the destination does not have, a sub-task type among them, becomes the destination project's default issue " +
        'type where its configuration sets one, else Task; where there is no Task either, the first type that is not a sub-task, ' +
        'which is reported. An issue without a type is treated in the same way.',
      "A type that arrived by this fallback is never mirrored back. A person's later change of it is an ordinary edit and is synced.",
      'Where labels stand for types ("type: Bug"), every name exists: the label is created.',
    ],
  },
  {
    title: 'Comments',
    sentences: [
      'All comments are synced as public comments, whatever their visibility at the origin.',
      'Added, edited and removed comments are all followed.',
      // Back-ticks, because rendered Markdown would take the brackets for HTML and hide them.
      'A copy begins with its author, `<display name> commented:`; that line is not part of the content.',
    ],
  },
  {
    title: 'Attachments',
    sentences: ['Added and removed attachments are followed.', 'Content is compared by SHA-256.'],
  },
  {
    title: 'Removal',
    sentences: [
      "Only an origin's removal removes anything, and it removes only the copy.",
      "A removed copy is not created again, and it is not the origin's end.",
      'The removal of a whole issue removes nothing on the other side: the pair ends, and that is reported.',
    ],
  },
  {
    title: 'Conflicts',
    sentences: [
      'When both sides changed the same thing since the last cycle and the results differ, a description is merged block by ' +
        'block where the blocks do not collide.',
      'Otherwise the later change wins; a tie goes to the public side.',
      "Every conflict is reported, with links to both values' places.",
    ],
  },
];

type Direction = 'both ways' | 'not synced';

const fields: Readonly<Record<string, Direction>> = {
  Summary: 'both ways',
  Description: 'both ways',
  'Issue type': 'both ways',
  Comments: 'both ways',
  Attachments: 'both ways',
  'Everything else': 'not synced',
};

const nameLength = Math.max(...Object.keys(fields).map((name) => name.length));
const directionLength = Math.max(...Object.values(fields).map((direction) => direction.length));

function row(name: string, direction: string, fill = ' '): string {
  return `| ${name.padEnd(nameLength, fill)} | ${direction.padEnd(directionLength, fill)} |`;
}

/**
 * The Basic rules as read-only text for `rules` and the console: Markdown that reads as well where nobody renders it. Ends
 * with a line break.
 */
export function basicRulesText(): string {
  const table = [
    row('Field', 'Synced'),
    row('', '', '-'),
    ...Object.entries(fields).map(([name, direction]) => row(name, direction)),
  ];
  const rules = basicRules.map((rule, index) => ruleText(index + 1, rule));
  return [
    '# Sync Rules (Basic mode, read-only)',
    rulesLockedNotice,
    table.join('\n'),
    ...rules,
    '## Held comments',
    '- With the runner\'s input "restricted-comments: hold", restricted and internal comments stay home. It narrows what enters ' +
      'the sync; it changes no rule.',
  ]
    .join('\n\n')
    .concat('\n');
}

function ruleText(number: number, rule: Rule): string {
  return [`## ${number}. ${rule.title}`, '', ...rule.sentences.map((sentence) => `- ${sentence}`)].join('\n');
}
