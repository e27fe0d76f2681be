import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import type { LivingTwin } from './living-twins.ts';
import { payloadIn, payloadOf } from './stamp-payload.ts';
import type { Trackers } from './trackers.ts';

const markSchema = z.object({ mark: z.string() });
const payloadSchema = z.looseObject({ format: z.number() });

/**
 * A newer Sallyport has written the mark of this issue on Jira: the same, in the next format, under the connection's true
 * signature. Returns what puts the old one back, or undefined where the issue has none.
 */
export function writeNewerStamp({ jira }: Trackers, twin: LivingTwin, code: string): (() => void) | undefined {
  const { connectionId, secret } = decodeInvitation(code, {});
  const property = `sallyport.${connectionId}`;
  const before = jira.people.issue(twin.public)?.properties[property];
  const { data } = markSchema.safeParse(before);
  if (data === undefined) return undefined;
  const { format, ...rest } = payloadSchema.parse(payloadIn(data.mark.split('.')[0] ?? ''));
  const payload = payloadOf({ ...rest, format: format + 1 });
  const hmac = createHmac('sha256', Buffer.from(secret, 'base64url'));
  const signature = hmac.update('sallyport stamp\n').update(payload).digest().subarray(0, 16).toString('base64url');
  jira.people.setProperty(twin.public, property, { mark: `${payload}.${signature}` });
  return () => jira.people.setProperty(twin.public, property, before);
}
