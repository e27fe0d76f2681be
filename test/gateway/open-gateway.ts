import { createGateway, type GatewayOptions } from '../../src/gateway/create-gateway.ts';
import type { Gateway, GatewayRequest, TraceLine } from '../../src/gateway/gateway.ts';
import type { SallyportError } from '../../src/errors.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createScriptedTransport, type SeenRequest, type Step } from './scripted-transport.ts';

export interface OpenGateway {
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  readonly seen: SeenRequest[];
  readonly lines: TraceLine[];
}

/** A gateway over scripted answers that may reach acme.atlassian.net, api.github.com, *.media.example and http://tracker.internal:3000. */
export function openGateway(steps: readonly Step[], options: Partial<GatewayOptions> = {}): OpenGateway {
  const clock = createManualClock();
  const { transport, seen } = createScriptedTransport(...steps);
  const lines: TraceLine[] = [];
  const gateway = createGateway({
    transport,
    clock,
    allowedHosts: [
      { host: 'acme.atlassian.net', protocol: 'https:' },
      { host: 'api.github.com', protocol: 'https:' },
      { host: '*.media.example', protocol: 'https:' },
      { host: 'tracker.internal:3000', protocol: 'http:' },
    ],
    userAgent: 'sallyport/test',
    onTrace: (line) => lines.push(line),
    ...options,
  });
  return { gateway, clock, seen, lines };
}

export function get(url: string, more: Partial<GatewayRequest> = {}): GatewayRequest {
  return { method: 'GET', url, retry: 'idempotent', purpose: 'work', ...more };
}

export function create(url: string, more: Partial<GatewayRequest> = {}): GatewayRequest {
  return { method: 'POST', url, retry: 'never', purpose: 'work', body: '{}', ...more };
}

/** The error that a promise rejects with; fails if it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<SallyportError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error('expected a rejection');
  return outcome.error as SallyportError;
}
