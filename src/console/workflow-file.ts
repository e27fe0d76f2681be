import type { RawInputs } from '../config/inputs.ts';

export const workflowPath = '.github/workflows/sync.yml';

/** Where Sallyport is cannot be known here: the owner is a placeholder. */
export const actionPlaceholder = 'sallyport/sallyport@v0';

export type SecretName =
  | 'SALLYPORT_INVITATION'
  | 'SALLYPORT_PASSPHRASE'
  | 'SALLYPORT_TRACKER_TOKEN'
  | 'SALLYPORT_APP_PRIVATE_KEY'
  | 'SALLYPORT_JIRA_TOKEN';

export interface SecretToAdd {
  readonly name: SecretName;
  /** The input that it becomes. */
  readonly input: 'invitation-code' | 'passphrase' | 'tracker-token' | 'app-private-key' | 'jira-token';
}

const candidates: readonly SecretToAdd[] = [
  { name: 'SALLYPORT_INVITATION', input: 'invitation-code' },
  { name: 'SALLYPORT_PASSPHRASE', input: 'passphrase' },
  { name: 'SALLYPORT_TRACKER_TOKEN', input: 'tracker-token' },
  { name: 'SALLYPORT_APP_PRIVATE_KEY', input: 'app-private-key' },
  { name: 'SALLYPORT_JIRA_TOKEN', input: 'jira-token' },
];

/** The secrets that the workflow of these inputs reads. */
export function secretsToAdd(raw: RawInputs): readonly SecretToAdd[] {
  return candidates.filter(({ input }) => (raw[input] ?? '') !== '');
}

/** Inputs that no form of the console has, which it may be started with: the checks use them, so the workflow does. */
export const startInputs = [
  'app-id',
  'app-private-key',
  'public-trigger',
  'restricted-comments',
  'attachments',
  'attachments-repository',
  'ca-file',
] as const;

/** Inputs that a workflow names where they differ from their default; none of them is a secret. */
const plainInputs = [
  'tracker',
  'tracker-url',
  'project',
  'private-trigger',
  'text-format',
  'allow-public',
  'jira-email',
  'app-id',
  'public-trigger',
  'restricted-comments',
  'attachments',
  'attachments-repository',
  'ca-file',
] as const;

/** Where a value is left out of the file because it is what an empty one means. */
const defaults: RawInputs = {
  tracker: 'github',
  'private-trigger': 'sync',
  'allow-public': 'false',
  'restricted-comments': 'sync',
  attachments: 'repository',
};

/** A scheduled workflow for these inputs, as examples/workflows/sync.yml has it; every secret comes from a repository secret. */
export function workflowFile(raw: RawInputs): string {
  const plain = plainInputs.flatMap((name) => {
    const value = raw[name] ?? '';
    return value === '' || value === defaults[name] ? [] : [`          ${name}: ${quoted(value)}`];
  });
  const secrets = secretsToAdd(raw).map(({ name, input }) => `          ${input}: \${{ secrets.${name} }}`);
  const isGitHub = (raw.tracker ?? 'github') === 'github';
  return [
    `# Replace ${actionPlaceholder} below by where you have Sallyport:`,
    '# owner/repository@commit, with a full commit SHA.',
    'name: Sync with Jira',
    '',
    'on:',
    '  schedule:',
    "    - cron: '*/5 * * * *'",
    '  workflow_dispatch:',
    '    inputs:',
    '      dry-run:',
    '        description: Show the plan and write nothing at all.',
    '        required: false',
    '        type: boolean',
    '        default: false',
    '',
    'permissions: {}',
    '',
    'concurrency:',
    '  group: sallyport-sync',
    '  cancel-in-progress: false',
    '',
    'jobs:',
    '  sync:',
    '    runs-on: [self-hosted, sallyport]',
    '    timeout-minutes: 60',
    ...(isGitHub ? ['    permissions:', '      issues: write', '      contents: write'] : []),
    '    steps:',
    `      - uses: ${actionPlaceholder}`,
    '        with:',
    ...secrets,
    ...plain,
    '          dry-run: ${{ inputs.dry-run || false }}',
    '',
  ].join('\n');
}

/** A YAML string that GitHub does not take for an expression either. */
function quoted(value: string): string {
  return `'${value.replaceAll(/\s+/g, ' ').replaceAll("'", "''").replaceAll('${{', '$ {{')}'`;
}
