import type { Transport } from '../../src/gateway/gateway.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Step = Response | Error | ((request: SeenRequest) => Response | Promise<Response>);

export interface ScriptedTransport {
  readonly transport: Transport;
  readonly seen: SeenRequest[];
}

/** Answers each request with the next step, and the last step again and again. */
export function createScriptedTransport(...steps: readonly Step[]): ScriptedTransport {
  const seen: SeenRequest[] = [];
  const transport: Transport = async (request) => {
    const step = steps[Math.min(seen.length, steps.length - 1)]!;
    const body = request.body === null ? '' : await request.text();
    const received = { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body };
    seen.push(received);
    if (step instanceof Error) throw step;
    return step instanceof Response ? step.clone() : step(received);
  };
  return { transport, seen };
}

export const dateHeader = 'Mon, 02 Nov 2026 10:00:00 GMT';
export const dateMs = Date.UTC(2026, 10, 2, 10, 0, 0);

/** A JSON answer with a `Date`. */
export function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { date: dateHeader, ...headers } });
}

/** An answer without a body; a status such as 503 is told by its head alone. */
export function bare(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { date: dateHeader, ...headers } });
}

/** A body that sends some text and then ends as told. */
export function brokenBody(text: string, end: 'cut' | 'silent'): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (!sent) {
          sent = true;
          controller.enqueue(new TextEncoder().encode(text));
          return undefined;
        }
        if (end === 'cut') {
          controller.error(new Error('socket closed'));
          return undefined;
        }
        return new Promise<void>(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
