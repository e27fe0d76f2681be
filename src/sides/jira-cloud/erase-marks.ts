import {
  deleteCommentProperty,
  deleteIssueProperty,
  getIssueProperty,
  getIssuePropertyKeys,
  setIssueProperty,
} from 'jira.js/cloud';
import { z } from 'zod';
import type { Purpose } from '../../gateway/gateway.ts';
import { parsed } from '../jira/answers.ts';
import { erasedKeys, unlessGone } from '../jira/erased-keys.ts';
import { anyMarkKey, markKey } from '../jira/mark-properties.ts';
import type { Erasing } from '../side.ts';
import type { JiraParts } from './parts.ts';
import { markedComments } from './read-comments.ts';

const keysSchema = z.object({ keys: z.array(z.object({ key: z.string() })) });
const valueSchema = z.object({ value: z.unknown() });
const purpose: Purpose = 'work';

/** Takes the connection's properties off an issue and off its comments, people's among them. */
export async function eraseMarks(parts: JiraParts, issueId: string, erasing: Erasing): Promise<number> {
  const client = parts.api.clientFor(purpose);
  let writes = 0;
  const write = async (step: () => Promise<unknown>): Promise<void> => {
    await erasing.beforeWrite();
    await unlessGone(step);
    writes += 1;
  };
  // Comments first: the issue's own mark is what a later run would know it by.
  for (const commentId of await markedComments(parts, issueId, purpose))
    await write(() => deleteCommentProperty(client, { commentId, propertyKey: markKey(parts.connectionId) }));
  const answer = await getIssuePropertyKeys(client, { issueIdOrKey: issueId });
  const keys = parsed(keysSchema, answer, 'the properties of an issue').keys.map(({ key }) => key);
  const shared = keys.includes(anyMarkKey)
    ? parsed(valueSchema, await getIssueProperty(client, { issueIdOrKey: issueId, propertyKey: anyMarkKey }), 'a mark').value
    : undefined;
  const { remove, heir } = erasedKeys(parts.connectionId, keys, shared);
  for (const propertyKey of remove) await write(() => deleteIssueProperty(client, { issueIdOrKey: issueId, propertyKey }));
  if (heir !== undefined)
    await write(() => setIssueProperty(client, { issueIdOrKey: issueId, propertyKey: anyMarkKey, body: { connection: heir } }));
  return writes;
}
