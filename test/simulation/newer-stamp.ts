import { z } from 'zod';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import type { LivingTwin } from './living-twins.ts';
import { payloadIn, payloadOf, signedStamp } from './stamp-payload.ts';
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
  const mark = signedStamp(payloadOf({ ...rest, format: format + 1 }), secret);
  jira.people.setProperty(twin.public, property, { mark });
  return () => jira.people.setProperty(twin.public, property, before);
}
