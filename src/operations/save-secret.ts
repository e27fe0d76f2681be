import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { SallyportError } from '../errors.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { discard, readJson } from '../gateway/read-json.ts';
import { githubAddresses, githubHosts } from '../sides/github/addresses.ts';
import type { Runtime } from './runtime.ts';

const publicKeySchema = z.object({ key_id: z.string(), key: z.string() });

/** A secret of the repository that can be saved: what it takes was checked, and the repository's key is there. */
export interface OpenSecret {
  readonly name: string;
  /** Seals the value with the repository's public key (libsodium sealed box), so that it is never printed. */
  save(value: string): Promise<void>;
}

/**
 * Checks what saving takes before anything is written: the inputs, and by the repository's public key that the token may
 * read its secrets. The job's own token may not do this: it takes one with the permission "Secrets: write".
 *
 * @throws SallyportError `configuration` for the inputs, `permission` where GitHub refuses
 */
export async function openSecret(config: Config, runtime: Runtime, name: string): Promise<OpenSecret> {
  const { repository, token, url } = config.tracker;
  if (repository === undefined || token === '') {
    throw new SallyportError(
      'save-secret needs project and tracker-token: the repository to save the secret in, and a token that may write secrets.',
      { kind: 'configuration' },
    );
  }
  if (!/^[A-Z_][A-Z0-9_]*$/i.test(name) || /^GITHUB_/i.test(name)) {
    throw new SallyportError(
      `save-secret: ${name.slice(0, 80)} is no name of a secret; use letters, digits and _, such as SALLYPORT_INVITATION.`,
      { kind: 'configuration' },
    );
  }
  const addresses = githubAddresses(url);
  const gateway = createGateway({
    transport: runtime.transport(undefined),
    clock: runtime.clock,
    allowedHosts: githubHosts(addresses),
    userAgent: `sallyport/${runtime.version}`,
  });
  const base = `${addresses.apiUrl}/repos/${repository.owner}/${repository.name}/actions/secrets`;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
  const key = await publicKeyOf(gateway, { url: `${base}/public-key`, headers });
  return {
    name,
    save: async (value) => {
      const body = JSON.stringify({ encrypted_value: await sealed(value, key.key), key_id: key.key_id });
      const response = await gateway.send({
        method: 'PUT',
        url: `${base}/${encodeURIComponent(name)}`,
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        retry: 'idempotent',
        purpose: 'control',
      });
      await discard(response);
      if (!response.ok) throw refused(response.status);
    },
  };
}

async function sealed(value: string, publicKey: string): Promise<string> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const { ORIGINAL } = sodium.base64_variants;
  return sodium.to_base64(sodium.crypto_box_seal(value, sodium.from_base64(publicKey, ORIGINAL)), ORIGINAL);
}

async function publicKeyOf(
  gateway: Gateway,
  request: { url: string; headers: Record<string, string> },
): Promise<z.infer<typeof publicKeySchema>> {
  const response = await gateway.send({ method: 'GET', ...request, retry: 'idempotent', purpose: 'control' });
  if (response.ok) return readJson(response, publicKeySchema, 'the public key for secrets');
  await discard(response);
  throw refused(response.status);
}

function refused(status: number): SallyportError {
  return new SallyportError(
    `save-secret: GitHub answered ${status}. The token must have the permission "Secrets: write" for this repository; the job's own token never has it. Save the code by hand, or give such a token as tracker-token.`,
    { kind: 'permission', status },
  );
}
