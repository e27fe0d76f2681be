import { z } from 'zod';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import { payloadIn, payloadOf, signedStamp } from './stamp-payload.ts';

/** A payload and 16 bytes of a signature, wherever a body has them. */
const token = /([\w-]{40,})\.[\w-]{22}(?![\w-])/g;
const commentPayload = z.looseObject({ stamp: z.looseObject({ kind: z.literal('comment'), otherIssue: z.string() }) });

/** What becomes of requests and answers on their way. */
export interface Transit {
  readonly sent: (request: Request) => Promise<Request>;
  readonly shown: (answer: Response) => Promise<Response>;
}

const isJson = ({ headers }: Request | Response): boolean => headers.get('content-type')?.includes('json') === true;

/**
 * Requests as the version before this one would have sent them: the stamps of comments do not name the other side's issue.
 * They bear the connection's true signature. Answers show the run its own stamps as it sent them, as that version would know
 * them again: Redmine's notes are found by theirs once they are written.
 */
export function withEarlierStamps(code: string): Transit {
  const { secret } = decodeInvitation(code, {});
  const sentAs = new Map<string, string>();
  const earlier = (whole: string, payload: string): string => {
    if (signedStamp(payload, secret) !== whole) return whole;
    const { data } = commentPayload.safeParse(payloadIn(payload));
    if (data === undefined) return whole;
    const { otherIssue: _, ...stamp } = data.stamp;
    const written = signedStamp(payloadOf({ ...data, stamp }), secret);
    sentAs.set(written, whole);
    return written;
  };
  return {
    sent: async (request) => {
      if (!isJson(request)) return request;
      const { url, method, headers } = request;
      return new Request(url, { method, headers, body: (await request.text()).replaceAll(token, earlier) });
    },
    shown: async (answer) => {
      if (sentAs.size === 0 || answer.body === null || !isJson(answer)) return answer;
      const { status, headers } = answer;
      // An answer that breaks off stays one.
      const text = await answer
        .clone()
        .text()
        .catch(() => undefined);
      if (text === undefined) return answer;
      return new Response(
        text.replaceAll(token, (written) => sentAs.get(written) ?? written),
        { status, headers },
      );
    },
  };
}
