import type { InputName, OperationName, RawInputs } from '../config/inputs.ts';
import type { ConnectionCard } from '../report/outcome.ts';
import { texts } from './texts.ts';

/** What a connection page can do: operations of the CLI under their inputs, and nothing else. */
export interface ConnectionAction {
  /** In the path of the form. */
  readonly name: string;
  readonly operation: OperationName;
  readonly more: RawInputs;
  readonly label: string;
  readonly note: string;
  /**
   * What the operation is reached by: `tracker` goes to both trackers, `code` to the record by the code, `account` to the
   * record by the code or the public side's account, `account-alone` by that account whatever code is held.
   */
  readonly by: 'tracker' | 'code' | 'account' | 'account-alone';
  /** Fields of the form that are inputs. */
  readonly takes: readonly InputName[];
  readonly statuses: readonly ConnectionCard['status'][];
  /** Writes for a side of its own: the side of the admin who sits here. */
  readonly hasSide?: true;
  /** Of the public side's admin alone. */
  readonly isOwn?: true;
  /** Not before a tick says that it is meant. */
  readonly isConfirmed?: true;
  /** Beside the title; the others have forms of their own. */
  readonly place?: 'head';
  readonly isPrimary?: true;
}

const words = texts.actions;
const active = ['Active'] as const;
const live = ['Pending', 'Active', 'Deactivated'] as const;

const headActions: readonly ConnectionAction[] = [
  {
    name: 'dry-run',
    operation: 'sync',
    more: { 'dry-run': 'true' },
    label: words.dryRun,
    note: words.dryRunNote,
    by: 'tracker',
    takes: [],
    statuses: ['Pending', 'Active'],
    place: 'head',
  },
  {
    name: 'sync',
    operation: 'sync',
    more: {},
    label: words.sync,
    note: words.syncNote,
    by: 'tracker',
    takes: [],
    statuses: ['Pending', 'Active'],
    place: 'head',
    isPrimary: true,
  },
  {
    name: 'activate',
    operation: 'activate',
    more: {},
    label: words.activate,
    note: words.switchNote,
    by: 'account',
    takes: [],
    statuses: ['Deactivated'],
    hasSide: true,
    place: 'head',
  },
  {
    name: 'deactivate',
    operation: 'deactivate',
    more: {},
    label: words.deactivate,
    note: words.switchNote,
    by: 'account',
    takes: [],
    statuses: active,
    hasSide: true,
    place: 'head',
  },
];

const issueActions: readonly ConnectionAction[] = (
  [
    ['push', words.push, words.pushNote],
    ['connect', words.connect, words.connectNote],
    ['unlink', words.unlink, words.unlinkNote],
    ['retry', words.retry, words.retryNote],
  ] as const
).map(([name, label, note]) => ({
  name,
  operation: name,
  more: {},
  label,
  note,
  by: 'tracker',
  takes: ['issues'],
  statuses: active,
  ...(name === 'unlink' ? { isConfirmed: true as const } : {}),
}));

export const connectionActions: readonly ConnectionAction[] = [
  ...headActions,
  ...issueActions,
  {
    name: 'configure',
    operation: 'configure',
    more: {},
    label: words.configure,
    note: words.configureNote,
    by: 'account',
    takes: ['connection-name', 'jira-project', 'trigger', 'default-issue-type'],
    statuses: live,
  },
  {
    name: 'reissue',
    operation: 'reissue',
    more: {},
    label: words.reissue,
    note: words.reissueNote,
    by: 'code',
    takes: ['jira-token'],
    statuses: live,
    isOwn: true,
  },
  {
    name: 'reissue-finish',
    operation: 'reissue',
    more: { finish: 'true' },
    label: words.finish,
    note: words.finishNote,
    by: 'tracker',
    takes: [],
    statuses: active,
    isOwn: true,
  },
  {
    name: 'revoke',
    operation: 'revoke',
    more: {},
    label: words.revoke,
    note: words.revokeNote,
    by: 'account',
    takes: [],
    statuses: [...live, 'Removing'],
    isOwn: true,
    isConfirmed: true,
  },
  {
    name: 'clean-up-plan',
    operation: 'clean-up',
    more: { 'dry-run': 'true' },
    label: words.cleanUpPlan,
    note: words.cleanUpNote,
    by: 'tracker',
    takes: [],
    statuses: [...live, 'Removing'],
  },
  {
    name: 'clean-up',
    operation: 'clean-up',
    more: { confirm: 'true' },
    label: words.cleanUp,
    note: words.cleanUpNote,
    by: 'tracker',
    takes: [],
    statuses: [...live, 'Removing'],
    isConfirmed: true,
  },
  {
    name: 'remove-record',
    operation: 'clean-up',
    more: { confirm: 'true' },
    label: words.removeRecord,
    note: words.removeRecordNote,
    by: 'account-alone',
    takes: [],
    statuses: ['Pending', 'Revoked'],
    isOwn: true,
    isConfirmed: true,
  },
];

export function actionOf(name: string): ConnectionAction | undefined {
  return connectionActions.find((action) => action.name === name);
}
