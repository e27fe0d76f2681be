import { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { Purpose } from '../../gateway/gateway.ts';
import { readAccount } from './account.ts';
import { answerError } from './api-errors.ts';
import type { GitHubApi } from './github-api.ts';
import { parseAnswer } from './github-api.ts';
import { pagesOf } from './pages.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { issuesSchema } from './schemas.ts';

const noticeSchema = z.object({ number: z.number().int(), state: z.string(), body: z.string().nullish() });

/** The one issue by which a runner tells of itself in its own repository. */
export interface NoticeIssues {
  /** The issue as it stands; undefined where it is gone, was moved, or does not carry the connection's marker any more. */
  read(number: number): Promise<{ readonly body: string; readonly isOpen: boolean } | undefined>;
  /** An open issue of the token's own account that carries this marker. Listed, not searched, because the search lags. */
  find(marker: string): Promise<number | undefined>;
  create(issue: { readonly title: string; readonly body: string }): Promise<number>;
  update(number: number, issue: { readonly title: string; readonly body: string; readonly isOpen: boolean }): Promise<void>;
}

const purpose: Purpose = 'control';
/** Open issues that are looked through at most (I9), the newest first. */
const pagesMax = 5;

/**
 * The notices of one connection. `markerStart` tells them from everything else where the number is known already; the whole
 * marker, which is signed, is asked for where it is not, for anybody can write what begins like one.
 */
export function createNoticeIssues(api: GitHubApi, repository: RepositoryName, markerStart: string): NoticeIssues {
  const what = 'the notice';
  const host = new URL(api.addresses.apiUrl).host;
  const path = pathOf(repository);
  return {
    read: async (number) => {
      const answer = await api.send(
        'GET /repos/{owner}/{repo}/issues/{issue_number}',
        { ...path, issue_number: number },
        { purpose, what, redirect: 'manual' },
      );
      if (answer.status === 404 || answer.status === 410 || (answer.status >= 300 && answer.status < 400)) return undefined;
      if (answer.status !== 200) throw answerError(answer, { what, host, isRead: true });
      const issue = parseAnswer(answer, noticeSchema, { what, host, isRead: true });
      const body = issue.body ?? '';
      return body.includes(markerStart) ? { body, isOpen: issue.state === 'open' } : undefined;
    },
    find: async (marker) => {
      const { id } = await readAccount(api);
      const query = { state: 'open', sort: 'created', direction: 'desc', per_page: 100 } as const;
      const pages = pagesOf(
        api,
        { route: 'GET /repos/{owner}/{repo}/issues', parameters: { ...path, ...query } },
        { purpose, what: 'the open issues', schema: issuesSchema },
      );
      let seen = 0;
      for await (const page of pages) {
        const own = page.items.find((issue) => String(issue.user?.id) === id && (issue.body ?? '').includes(marker));
        if (own !== undefined) return own.number;
        seen += 1;
        if (seen === pagesMax) break;
      }
      return undefined;
    },
    create: async (issue) =>
      (await api.read('POST /repos/{owner}/{repo}/issues', { ...path, ...issue }, { purpose, what, schema: noticeSchema }))
        .number,
    update: async (number, { title, body, isOpen }) => {
      const answer = await api.send(
        'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
        { ...path, issue_number: number, title, body, state: isOpen ? 'open' : 'closed' },
        { purpose, what },
      );
      if (answer.status === 200) return;
      if (answer.status === 403 || answer.status === 404)
        throw new SallyportError(
          `${host} answered ${answer.status}: the job's token may not write issues. Grant issues: write.`,
          {
            kind: 'permission',
            status: answer.status,
          },
        );
      throw answerError(answer, { what, host, isRead: false });
    },
  };
}
