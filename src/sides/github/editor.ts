import { z } from 'zod';
import type { Author } from '../../core/model.ts';

/** An actor of GraphQL as `editorFields` asks for it; `null` for a deleted account. */
export const editorSchema = z.object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() }).nullish();

export type Editor = z.infer<typeof editorSchema>;

/** Fields of an `Actor`; the interface itself has no id. */
export const editorFields = `__typename
  login
  ... on User {
    databaseId
  }
  ... on Bot {
    databaseId
  }`;

/**
 * Whether this is the connection's account. By the id where there is one; GraphQL shows an app's login without the suffix
 * that REST gives it, and its id is not relied on.
 */
export function isByConnection(editor: Editor, account: Author): boolean {
  if (editor === null || editor === undefined) return false;
  const hasId = editor.databaseId !== null && editor.databaseId !== undefined;
  if (hasId && String(editor.databaseId) === account.id) return true;
  if (hasId && editor.__typename === 'User') return false;
  return bare(editor.login) === bare(account.displayName);
}

function bare(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, '');
}
