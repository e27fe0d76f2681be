import { randomBytes, timingSafeEqual } from 'node:crypto';

/** What lets a browser in: made anew for every console, kept in memory alone. */
export interface Access {
  /** The path, with its one-time token, of the address that is printed. */
  readonly entryPath: string;
  /** Goes into every form and is asked for with every change. */
  readonly csrfToken: string;
  /** Why a request may not be answered, or undefined. */
  refusal(request: Request): string | undefined;
  /** Whether a request carries the cookie. */
  isKnown(request: Request): boolean;
  /** The cookie's header for the right token, the first time; undefined for any other token and every further time. */
  enter(token: string): string | undefined;
  isCsrfToken(given: unknown): boolean;
}

export interface AccessOptions {
  /** `127.0.0.1:<port>`: the only host that the console answers for. */
  readonly host: string;
  readonly port: number;
}

/** Cookies do not know ports: the name keeps two consoles of one machine apart. */
const cookiePrefix = 'sallyport-';

/**
 * Loopback is no fence by itself: any page in the browser can send requests there, and a name of its own can be pointed
 * at 127.0.0.1 (DNS rebinding). So the host must be the one printed, a request must not come from another origin, and both
 * the cookie and the token of the forms must be right.
 */
export function createAccess({ host, port }: AccessOptions): Access {
  const secret = (): string => randomBytes(32).toString('base64url');
  const [entryToken, cookie, csrfToken] = [secret(), secret(), secret()];
  const cookieName = `${cookiePrefix}${port}`;
  const origin = `http://${host}`;
  let isEntered = false;
  return {
    entryPath: `/enter?token=${entryToken}`,
    csrfToken,
    refusal: (request) => {
      // As it was sent: an address made of it would pass over a user name, capitals and forms of the same number.
      if (request.headers.get('host') !== host) return 'host';
      const from = request.headers.get('origin');
      const isChange = request.method !== 'GET' && request.method !== 'HEAD';
      // Browsers send an Origin with every change. `null` stands for a page that hides where it comes from.
      if (from === null ? isChange : from !== origin) return 'origin';
      const site = request.headers.get('sec-fetch-site');
      return site === null || site === 'same-origin' || site === 'none' ? undefined : 'origin';
    },
    isKnown: (request) => isSame(cookiesOf(request).get(cookieName), cookie),
    enter: (token) => {
      if (isEntered || !isSame(token, entryToken)) return undefined;
      isEntered = true;
      return `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`;
    },
    isCsrfToken: (given) => typeof given === 'string' && isSame(given, csrfToken),
  };
}

function cookiesOf(request: Request): ReadonlyMap<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  return new Map(pairs);
}

/** In constant time, so that an answer's delay tells nothing about the secret. */
function isSame(given: string | undefined, wanted: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
