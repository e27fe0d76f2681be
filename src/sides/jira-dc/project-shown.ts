import { SallyportError, kindOf, messageOf } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import type { JiraDcParts } from './parts.ts';
import { projectSchema } from './schemas.ts';

/**
 * The project as it is called now: its key may have changed, its id never does.
 *
 * @throws SallyportError `permission` if Jira does not show the project to the account any more: no issue of it can be told
 * gone then (the guard), and no trigger be blamed
 */
export async function requireProjectShown(
  parts: Pick<JiraDcParts, 'api' | 'project'>,
  purpose: Purpose,
): Promise<{ readonly key: string }> {
  try {
    return await parts.api.read(projectSchema, { path: `/project/${parts.project.id}`, purpose, what: 'the project' });
  } catch (error) {
    const isRefused = kindOf(error) === 'gone' || kindOf(error) === 'permission';
    // 401 is about the token, not about the project.
    if (!isRefused || (error instanceof SallyportError && error.status === 401)) throw error;
    throw new SallyportError(
      `${parts.api.host} does not show project ${parts.project.key} to the account any more (${messageOf(error).replace(/\.$/, '')}). Grant it "Browse Projects" there.`,
      { kind: 'permission', cause: error },
    );
  }
}
