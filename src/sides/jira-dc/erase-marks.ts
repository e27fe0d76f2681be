import { z } from 'zod';
import type { Purpose } from '../../gateway/gateway.ts';
import { erasedKeys, unlessGone } from '../jira/erased-keys.ts';
import { anyMarkKey, markKey } from '../jira/mark-properties.ts';
import type { Erasing } from '../side.ts';
import type { JiraDcParts } from './parts.ts';
import { markedComments } from './read-comments.ts';

const keysSchema = z.object({ keys: z.array(z.object({ key: z.string() })) });
const valueSchema = z.object({ value: z.unknown() });
const purpose: Purpose = 'work';

/** Takes the connection's properties off an issue and off its comments, people's among them. */
export async function eraseMarks(parts: JiraDcParts, issueId: string, erasing: Erasing): Promise<number> {
  const { api } = parts;
  const path = `/issue/${encodeURIComponent(issueId)}/properties`;
  let writes = 0;
  const write = async (step: () => Promise<unknown>): Promise<void> => {
    await erasing.beforeWrite();
    await unlessGone(step);
    writes += 1;
  };
  const remove = (at: string): Promise<void> =>
    write(() => api.json({ method: 'DELETE', path: at, purpose, what: 'the removal of a mark' }));
  // Comments first: the issue's own mark is what a later run would know it by.
  for (const commentId of await markedComments(parts, issueId, purpose))
    await remove(`/comment/${commentId}/properties/${encodeURIComponent(markKey(parts.connectionId))}`);
  const { keys } = await api.read(keysSchema, { path, purpose, what: 'the properties of an issue' });
  const names = keys.map(({ key }) => key);
  const shared = names.includes(anyMarkKey)
    ? (await api.read(valueSchema, { path: `${path}/${anyMarkKey}`, purpose, what: 'a mark' })).value
    : undefined;
  const erased = erasedKeys(parts.connectionId, names, shared);
  for (const key of erased.remove) await remove(`${path}/${encodeURIComponent(key)}`);
  if (erased.heir !== undefined) {
    const properties = [{ key: anyMarkKey, value: { connection: erased.heir } }];
    await write(() =>
      api.json({
        method: 'PUT',
        path: `/issue/${issueId}`,
        body: { properties },
        purpose,
        what: 'the mark of another connection',
      }),
    );
  }
  return writes;
}
