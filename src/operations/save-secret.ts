import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { SallyportError } from '../errors.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { discard, readJson } from '../gateway/read-json.ts';
import { githubAddresses, githubHosts } from '../sides/github/addresses.ts';
import type { Runtime } from './runtime.ts';

const publicKeySchema = z.object({ key_id: z.string(), key: z.string() });

/**
 * Saves a value as a secret of the repository, sealed with its public key (libsodium sealed box), so that it is never
 * printed. The job's own token may not do this: it takes one with the permission "Secrets: write".
 *
 * @returns the secret's name.
 */
export async function saveSecret(
  config: Config,
  runtime: Runtime,
  secret: { readonly name: string; readonly value: string },
): Promise<string> {
  const { repository, token, url } = config.tracker;
  if (repository === undefined || token === '') {
    throw new SallyportError(
      'save-secret needs project and tracker-token: the repository to save the secret in, and a token that may write secrets.',
      { kind: 'configuration' },
    );
  }
  if (!/^[A-Z_][A-Z0-9_]*$/i.test(secret.name) || /^GITHUB_/i.test(secret.name)) {
    throw new SallyportError(
      `save-secret: ${secret.name.slice(0, 80)} is no name of a secret; use letters, digits and _, such as SALLYPORT_INVITATION.`,
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
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(secret.value, sodium.from_base64(key.key, sodium.base64_variants.ORIGINAL));
  const response = await gateway.send({
    method: 'PUT',
    url: `${base}/${encodeURIComponent(secret.name)}`,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ encrypted_value: sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL), key_id: key.key_id }),
    retry: 'idempotent',
    purpose: 'control',
  });
  await discard(response);
  if (!response.ok) throw refused(response.status);
  return secret.name;
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
