import type { OperationName, RawInputs } from '../config/inputs.ts';
import { texts } from './texts.ts';

/** What a connection page can do: operations of the CLI under their inputs, and nothing else. */
export interface ConnectionAction {
  /** In the path of the form. */
  readonly name: string;
  readonly operation: OperationName;
  readonly more: RawInputs;
  readonly label: string;
  readonly note: string;
  /** Goes to the private tracker, too, and so takes its inputs. */
  readonly needsTracker: boolean;
  /** Writes for a side of its own: the side of the admin who sits here. */
  readonly hasSide: boolean;
  readonly isPrimary?: true;
}

const words = texts.actions;

export const connectionActions: readonly ConnectionAction[] = [
  {
    name: 'dry-run',
    operation: 'sync',
    more: { 'dry-run': 'true' },
    label: words.dryRun,
    note: words.dryRunNote,
    needsTracker: true,
    hasSide: false,
  },
  {
    name: 'sync',
    operation: 'sync',
    more: {},
    label: words.sync,
    note: words.syncNote,
    needsTracker: true,
    hasSide: false,
    isPrimary: true,
  },
  {
    name: 'activate',
    operation: 'activate',
    more: {},
    label: words.activate,
    note: words.switchNote,
    needsTracker: false,
    hasSide: true,
  },
  {
    name: 'deactivate',
    operation: 'deactivate',
    more: {},
    label: words.deactivate,
    note: words.switchNote,
    needsTracker: false,
    hasSide: true,
  },
];
