import { SallyportError } from '../errors.ts';
import { issuerAt, issuerName } from './certificate-issuer.ts';
import type { ChosenProxy } from './proxy-choice.ts';

/** Why a host could not be reached, by the code of Node's error, with what to do about it. */
const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be resolved; check the URL for typing errors and the DNS of this machine',
  ECONNREFUSED: 'it refused the connection; check port and firewall, and that the server runs',
  EHOSTUNREACH: 'there is no route to it; check network and firewall',
  ENETUNREACH: 'there is no route to its network; check network and firewall',
  EADDRNOTAVAIL: 'its address cannot be used from here; check the URL',
  EACCES: 'this machine forbids the connection; check its firewall',
  EPROTO: 'it does not speak TLS as expected; check the protocol and port of the URL',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; check the protocol and port of the URL',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; check the protocol and port of the URL',
};

/** Failures before anything left that often pass by themselves. */
const neverConnected: readonly string[] = ['EAI_AGAIN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];

const certificateProblems: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet; check the clock of this machine',
  CERT_REVOKED: 'was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another host name',
  HOSTNAME_MISMATCH: 'is for another host name',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an issuer that this machine does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an issuer that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an issuer that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from an issuer that this machine does not know',
};

/** What went wrong, as deep as Node's errors say it. */
interface Cause {
  readonly code: string;
  readonly message: string;
  readonly error: Error;
}

/**
 * A SallyportError for what undici's `fetch` threw: `host` where the host cannot be reached or trusted, `passing` where the
 * connection broke, with `outcomeUnknown` unless it was never made.
 */
export async function explainFailure(error: unknown, url: URL, proxy: ChosenProxy | undefined): Promise<SallyportError> {
  if (error instanceof SallyportError) return error;
  const causes = causesOf(error);
  const where = proxy === undefined ? url.host : `${url.host} (through the proxy ${proxy.url.host})`;
  for (const cause of causes) {
    const problem = certificateProblems[cause.code];
    if (problem !== undefined) return certificateError(cause, problem, { url, where, proxy });
  }
  const refusal = causes.map((cause) => proxyRefusal(cause.message)).find((status) => status !== undefined);
  if (proxy !== undefined && refusal !== undefined) return proxyError(proxy, url, refusal);
  for (const { code, error: cause } of causes) {
    const problem = unreachable[code];
    if (problem !== undefined) return new SallyportError(`Cannot reach ${where}: ${problem} (${code}).`, { kind: 'host', cause });
    if (neverConnected.includes(code)) {
      return new SallyportError(`No connection to ${where} (${code}); check network, proxy and firewall if it stays so.`, {
        kind: 'passing',
        cause,
      });
    }
  }
  // The Fetch standard, "port blocking": no connection is tried, whatever listens there.
  if (causes.some(({ message }) => message === 'bad port'))
    return new SallyportError(`Cannot reach ${where}: port ${url.port} is one that HTTP clients refuse to use; check the URL.`, {
      kind: 'host',
      cause: error,
    });
  const code = causes.find((cause) => cause.code !== '')?.code ?? 'no code';
  return new SallyportError(`The connection to ${where} was cut (${code}). It may go through later.`, {
    kind: 'passing',
    cause: error,
    outcomeUnknown: true,
  });
}

async function certificateError(
  cause: Cause,
  problem: string,
  seen: { readonly url: URL; readonly where: string; readonly proxy: ChosenProxy | undefined },
): Promise<SallyportError> {
  const shown: unknown = Reflect.get(cause.error, 'cert');
  const known = typeof shown === 'object' && shown !== null ? issuerName(Reflect.get(shown, 'issuer')) : undefined;
  const issuer = known ?? (await issuerAt(seen.url, seen.proxy)) ?? 'unknown';
  return new SallyportError(
    `The certificate of ${seen.where} ${problem} (${cause.code}; issuer: ${issuer}). ` +
      `If that issuer is your organisation's, give its CA certificate as ca-file or by NODE_EXTRA_CA_CERTS.`,
    { kind: 'host', cause: cause.error },
  );
}

function proxyError(proxy: ChosenProxy, url: URL, status: string): SallyportError {
  const advice =
    status === '407' ? 'it wants a user name and password, http://user:password@host:port' : `ask its admin to allow ${url.host}`;
  // A proxy that is itself out of order is worth another try; one that says no is not.
  const kind = status.startsWith('5') ? 'passing' : 'host';
  return new SallyportError(`The proxy ${proxy.url.host} did not let through to ${url.host} (${status}): ${advice}.`, { kind });
}

/** undici has no code of its own for a proxy's refusal, only these two messages. */
function proxyRefusal(message: string): string | undefined {
  return /^Proxy response \((\d{3})\)/.exec(message)?.[1] ?? /^Proxy Authentication Required \((407)\)/.exec(message)?.[1];
}

/** The error, its causes and, where several addresses were tried, what each of them said. */
function causesOf(error: unknown): readonly Cause[] {
  const found: Cause[] = [];
  const pending: unknown[] = [error];
  while (pending.length > 0 && found.length < 20) {
    const current = pending.shift();
    if (!(current instanceof Error)) continue;
    const code: unknown = Reflect.get(current, 'code');
    found.push({ code: typeof code === 'string' ? code : '', message: current.message, error: current });
    if (current instanceof AggregateError) pending.push(...current.errors);
    pending.push(current.cause);
  }
  return found;
}
