import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { RedmineApi } from './api.ts';
import type { RedmineType } from './parts.ts';
import { trackersAnswerSchema } from './schemas.ts';

/** Trackers, of any project, whose standard field Description is switched off. One request. */
export async function trackersWithoutText(api: RedmineApi, purpose: Purpose): Promise<readonly RedmineType[]> {
  const { trackers } = await api.read(trackersAnswerSchema, {
    path: '/trackers.json',
    purpose,
    what: 'the trackers',
  });
  return trackers.filter(({ enabled_standard_fields: fields }) => fields !== undefined && !fields.includes('description'));
}

/** What is told of such trackers, and what is to be done. */
export function withoutText(trackers: readonly RedmineType[]): { readonly detail: string; readonly next: string } {
  return {
    detail: `the standard field Description is switched off for ${trackers.map(({ name }) => name).join(', ')}: neither texts nor hidden stamps could stand there`,
    next: 'Have an administrator switch it on (Administration > Trackers > Standard fields), or take the tracker off the project.',
  };
}

/**
 * Of an issue whose text is empty asks once a run whether its tracker has texts at all: Redmine empties them with every save
 * where it has not (issue.rb, `clear_disabled_fields`), and tells of it nowhere. That is nobody's edit and must not cross (I3).
 *
 * @throws SallyportError `permission` if Description is switched off for it
 */
export function createTextGuard(api: RedmineApi): (issue: TextHolder) => Promise<void> {
  let known: Promise<readonly RedmineType[]> | undefined;
  return async ({ description, tracker }) => {
    if ((description ?? '') !== '') return;
    known ??= trackersWithoutText(api, 'work');
    const without = (await known).filter(({ id }) => id === tracker.id);
    if (without.length === 0) return;
    const { detail, next } = withoutText(without);
    throw new SallyportError(
      `Redmine: ${detail}, and those of issues saved meanwhile are emptied. Nothing of that crosses. ${next}`,
      { kind: 'permission' },
    );
  };
}

interface TextHolder {
  readonly description?: string | null | undefined;
  readonly tracker: { readonly id: number };
}
