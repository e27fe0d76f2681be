import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SallyportError } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { discard } from '../../gateway/read-json.ts';
import type { GitHubAddresses } from './addresses.ts';
import { answerError, messageIn } from './api-errors.ts';
import type { GitHubAnswer, GitHubApi } from './github-api.ts';
import { createGitHubApi, parseAnswer } from './github-api.ts';
import type { RepositoryName } from './repository.ts';
import { pathOf } from './repository.ts';
import { installationSchema, installationTokenSchema } from './schemas.ts';

/** A token of a GitHub App's installation, and whose it is. */
export interface AppTokens {
  /** The current token; a new one five minutes before the old one expires. */
  token(): Promise<string>;
  /** The name in the app's account: it writes as `slug[bot]`. Undefined where the server does not tell. */
  slug(): Promise<string | undefined>;
}

export interface AppTokenOptions {
  readonly gateway: Gateway;
  readonly addresses: GitHubAddresses;
  /** The app's id or client id. */
  readonly appId: string;
  /** PEM, PKCS#1 as GitHub gives it, or PKCS#8; line breaks may be written as `\n`. */
  readonly privateKey: string;
  readonly repository: RepositoryName;
  /** Told of each token before it is used, so that it can be masked. */
  readonly onToken?: (token: string) => void;
}

/** GitHub takes at most ten minutes, and clocks differ. */
const jwtLifeSeconds = 540;
const jwtBackdatedSeconds = 60;
const refreshEarlyMs = 5 * 60_000;

/**
 * Installation tokens for one repository, made with the app's private key: a JWT (RS256), the installation of the
 * repository, a token for it that lives an hour.
 *
 * @throws SallyportError `configuration` for a key that is none, or an app that is not installed there; `permission` where
 * GitHub does not take the key.
 */
export function createAppTokens(options: AppTokenOptions): AppTokens {
  const { gateway, addresses, repository } = options;
  const key = readKey(options.privateKey);
  const host = new URL(addresses.apiUrl).host;
  const asApp = createGitHubApi({
    gateway,
    addresses,
    token: async () => appJwt({ appId: options.appId, key, nowMs: await timeOf() }),
  });

  /** The server's own time, not this machine's: a wrong clock would make assertions that are refused. */
  async function timeOf(): Promise<number> {
    if (gateway.serverTime(host) === undefined) {
      await discard(
        await gateway.send({ method: 'GET', url: `${addresses.apiUrl}/rate_limit`, retry: 'idempotent', purpose: 'control' }),
      );
    }
    const time = gateway.serverTime(host);
    if (time !== undefined) return time;
    throw new SallyportError(
      `${host} does not tell its time (no Date header), which a token of the app needs. Check the proxy.`,
      {
        kind: 'answer',
      },
    );
  }

  let installation: Promise<Installation> | undefined;
  let current: Promise<IssuedToken> | undefined;

  function installed(): Promise<Installation> {
    installation ??= findInstallation(asApp, repository).catch((error: unknown) => {
      installation = undefined;
      throw error;
    });
    return installation;
  }

  function renew(): Promise<IssuedToken> {
    const issued = installed()
      .then((found) => issueToken(asApp, repository, found.id))
      .then((token) => {
        options.onToken?.(token.token);
        return token;
      });
    issued.catch(() => {
      if (current === issued) current = undefined;
    });
    return issued;
  }

  return {
    async token() {
      current ??= renew();
      const held = current;
      const issued = await held;
      if (issued.expires_at - (await timeOf()) > refreshEarlyMs) return issued.token;
      // Several requests may find out at once; the first of them renews.
      if (current === held) current = undefined;
      current ??= renew();
      return (await current).token;
    },
    slug: async () => (await installed()).app_slug,
  };
}

/** The tokens alone, as a side asks for them. */
export function createAppToken(options: AppTokenOptions): () => Promise<string> {
  const tokens = createAppTokens(options);
  return () => tokens.token();
}

interface Installation {
  readonly id: number;
  readonly app_slug?: string | undefined;
}

interface IssuedToken {
  readonly token: string;
  readonly expires_at: number;
}

/**
 * The signed assertion that an app is itself (RFC 7519, RS256): issued a minute ago and good for nine, because clocks differ.
 */
export function appJwt(claims: { readonly appId: string; readonly key: KeyObject; readonly nowMs: number }): string {
  const now = Math.floor(claims.nowMs / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iat: now - jwtBackdatedSeconds, exp: now + jwtLifeSeconds, iss: claims.appId };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), claims.key).toString('base64url')}`;
}

function readKey(text: string): KeyObject {
  try {
    const key = createPrivateKey(text.trim().replaceAll(String.raw`\n`, '\n'));
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // What is wrong with it must not be repeated: it may be a part of the key.
  }
  throw new SallyportError(
    'app-private-key is no RSA private key in PEM form. Paste the whole .pem file that GitHub gave for the app.',
    { kind: 'configuration' },
  );
}

async function findInstallation(api: GitHubApi, repository: RepositoryName): Promise<Installation> {
  const what = `the app's installation in ${repository.owner}/${repository.name}`;
  const host = new URL(api.addresses.apiUrl).host;
  const answer = await api.send('GET /repos/{owner}/{repo}/installation', pathOf(repository), { purpose: 'control', what });
  if (answer.status === 404) {
    throw new SallyportError(
      `The app is not installed in ${repository.owner}/${repository.name}, or app-id is another app's. Install it there.`,
      { kind: 'configuration', status: 404 },
    );
  }
  if (answer.status === 401) throw refusedKey(answer);
  return parseAnswer(answer, installationSchema, { what, host, isRead: true });
}

async function issueToken(api: GitHubApi, repository: RepositoryName, installationId: number): Promise<IssuedToken> {
  const what = 'a token of the app';
  const host = new URL(api.addresses.apiUrl).host;
  const answer = await api.send(
    'POST /app/installations/{installation_id}/access_tokens',
    { installation_id: installationId, repositories: [repository.name] },
    // A token whose answer was lost expires by itself.
    { purpose: 'control', what, retry: 'idempotent' },
  );
  if (answer.status === 401) throw refusedKey(answer);
  if (answer.status !== 201) throw answerError(answer, { what, host, isRead: true });
  return parseAnswer(answer, installationTokenSchema, { what, host, isRead: true });
}

function refusedKey(answer: GitHubAnswer): SallyportError {
  return new SallyportError(
    `GitHub does not take the app's key (${messageIn(answer)}). Check that app-id and app-private-key belong together and that the key was not deleted.`,
    { kind: 'permission', status: 401 },
  );
}
