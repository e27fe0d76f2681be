import { SallyportError } from '../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ChosenProxy {
  /** Without credentials, so that it may appear in messages. */
  readonly url: URL;
  /** The value of `Proxy-Authorization`; a secret. */
  readonly authorization: string | undefined;
}

/**
 * The proxy for requests to `url`, from `HTTPS_PROXY` or `HTTP_PROXY` (by the protocol of `url`) and `NO_PROXY`, in either
 * case, the lower one first, as curl and git read them. Undefined where the request goes straight.
 *
 * @throws SallyportError `configuration` if the variable holds no http(s) URL; its value is not repeated.
 */
export function chooseProxy(url: URL, environment: Environment): ChosenProxy | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const address = variable(name, environment);
  if (address === undefined || isExempt(url, variable('no_proxy', environment) ?? '')) return undefined;
  const withProtocol = address.includes('://') ? address : `http://${address}`;
  const proxy = URL.canParse(withProtocol) ? new URL(withProtocol) : undefined;
  if (proxy === undefined || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') || proxy.hostname === '') {
    throw new SallyportError(
      `${name.toUpperCase()} holds no http or https URL; set it to http://host:port or http://user:password@host:port.`,
      { kind: 'configuration' },
    );
  }
  return { url: new URL(proxy.origin), authorization: authorizationOf(proxy) };
}

function variable(name: string, environment: Environment): string | undefined {
  const value = environment[name] ?? environment[name.toUpperCase()];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function authorizationOf(proxy: URL): string | undefined {
  if (proxy.username === '' && proxy.password === '') return undefined;
  const bytes = new TextEncoder().encode(`${decoded(proxy.username)}:${decoded(proxy.password)}`);
  return `Basic ${Buffer.from(bytes).toString('base64')}`;
}

/** A password with a bare percent sign is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether `NO_PROXY` exempts a URL: `*`, a host, a domain with or without a leading `.` or `*.` (all of its subdomains), an
 * IPv4 network as `10.0.0.0/8`, each with an optional `:port`; separated by commas or blanks.
 */
function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => exempts(entry.toLowerCase(), host, port));
}

function exempts(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const withPort = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry);
  if (withPort?.[2] !== undefined && withPort[2] !== port) return false;
  const name = (withPort?.[1] ?? entry)
    .replace(/^\[|\]$/g, '')
    .replace(/^\*?\./, '')
    .replace(/\.$/, '');
  return host === name || host.endsWith(`.${name}`) || inNetwork(host, name);
}

function inNetwork(host: string, network: string): boolean {
  const [base, bits] = network.split('/');
  const address = ipv4(host);
  const start = ipv4(base ?? '');
  if (bits === undefined || !/^\d{1,2}$/.test(bits) || address === undefined || start === undefined) return false;
  const size = 2 ** (32 - Math.min(32, Number(bits)));
  return Math.floor(address / size) === Math.floor(start / size);
}

function ipv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match?.slice(1).reduce((number, part) => number * 256 + Number(part), 0);
}
