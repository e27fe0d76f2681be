import type { Purpose } from '../../gateway/gateway.ts';
import type { JiraType } from '../jira/issue-type.ts';
import type { JiraDcApi } from './api.ts';
import { typePageSchema } from './schemas.ts';

const pageSize = 50;
/** I9: pages of issue types of one project. */
const pagesMax = 20;

/** Issue types that the account can give an issue of the project. */
export async function readTypes(
  api: JiraDcApi,
  project: { readonly id: string },
  purpose: Purpose,
): Promise<readonly JiraType[]> {
  const types: JiraType[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await api.read(typePageSchema, {
      path: `/issue/createmeta/${project.id}/issuetypes`,
      query: { startAt: types.length, maxResults: pageSize },
      purpose,
      what: 'the issue types of the project',
    });
    types.push(...answer.values);
    if (answer.values.length === 0 || types.length >= answer.total) break;
  }
  return types;
}
