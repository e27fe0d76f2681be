import { z } from 'zod';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import { payloadIn, payloadOf, signedStamp } from './stamp-payload.ts';

/** A payload and 16 bytes of a signature, wherever a body has them. */
const token = /([\w-]{40,})\.[\w-]{22}(?![\w-])/g;
const commentPayload = z.looseObject({ stamp: z.looseObject({ kind: z.literal('comment'), otherIssue: z.string() }) });

/**
 * Requests as the version before this one would have sent them: the stamps of comments do not name the other side's issue.
 * They bear the connection's true signature.
 */
export function withEarlierStamps(code: string): (request: Request) => Promise<Request> {
  const { secret } = decodeInvitation(code, {});
  const earlier = (whole: string, payload: string): string => {
    if (signedStamp(payload, secret) !== whole) return whole;
    const { data } = commentPayload.safeParse(payloadIn(payload));
    if (data === undefined) return whole;
    const { otherIssue: _, ...stamp } = data.stamp;
    return signedStamp(payloadOf({ ...data, stamp }), secret);
  };
  return async (request) => {
    if (request.headers.get('content-type')?.includes('json') !== true) return request;
    const { url, method, headers } = request;
    return new Request(url, { method, headers, body: (await request.text()).replaceAll(token, earlier) });
  };
}
