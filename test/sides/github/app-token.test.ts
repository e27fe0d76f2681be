import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appJwt, createAppToken, createAppTokens } from '../../../src/sides/github/app-token.ts';
import type { AppTokenOptions } from '../../../src/sides/github/app-token.ts';
import { newLines, openWorld, request, shapes } from './setup.ts';
import type { World } from './setup.ts';

const minute = 60_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

function optionsFor(world: World, more: Partial<AppTokenOptions> = {}): AppTokenOptions {
  const { appId } = world.github.addApp({
    slug: 'gate',
    repositories: ['acme/app'],
    access: { issues: 'write', contents: 'write' },
  });
  return {
    gateway: world.gateway,
    addresses: world.addresses,
    appId: String(appId),
    privateKey,
    repository: { owner: 'acme', name: 'app' },
    ...more,
  };
}

describe.each(shapes)('tokens of an app at %s', (shape) => {
  it('are made once and serve until five minutes before they expire', async () => {
    const world = openWorld({ shape });
    const issued: string[] = [];
    const token = createAppToken(optionsFor(world, { onToken: (value) => issued.push(value) }));

    const first = await Promise.all([token(), token()]);
    world.clock.advance(50 * minute);
    const same = await token();
    world.clock.advance(6 * minute);
    const next = await Promise.all([token(), token()]);

    expect(new Set([...first, same]).size).toBe(1);
    expect(new Set(next).size).toBe(1);
    expect(next[0]).not.toBe(first[0]);
    expect(issued).toEqual([first[0], next[0]]);
    expect((await world.side({ token }).reader.observe(request())).touched).toEqual([]);
    expect(world.violations).toEqual([]);
  });

  it('belong to an account that the app names', async () => {
    const world = openWorld({ shape });
    expect(await createAppTokens(optionsFor(world)).slug()).toBe('gate');
  });

  it('need an app that is installed', async () => {
    const world = openWorld({ shape });
    world.github.addRepository({ owner: 'acme', name: 'other', private: true });
    const token = createAppToken(optionsFor(world, { repository: { owner: 'acme', name: 'other' } }));
    await expect(token()).rejects.toMatchObject({ kind: 'configuration', message: expect.stringContaining('not installed') });
  });

  it('need a key that GitHub takes', async () => {
    const world = openWorld({ shape });
    await expect(createAppToken(optionsFor(world, { appId: '999' }))()).rejects.toMatchObject({
      kind: 'permission',
      status: 401,
    });
  });

  it('are asked for again after a failure', async () => {
    const world = openWorld({ shape, limits: { attemptsMax: 1 } });
    const token = createAppToken(optionsFor(world));
    world.faults.push({ when: /POST .*access_tokens$/, fault: { kind: 'status', status: 502 } });
    await expect(token()).rejects.toMatchObject({ kind: 'passing' });
    expect(await token()).toMatch(/^ghs_/);
  });

  it('are asked for with the time of the server', async () => {
    const world = openWorld({ shape });
    await createAppToken(optionsFor(world))();
    expect(newLines(world)[0]).toContain('rate_limit');
  });
});

describe('the assertion of an app', () => {
  it('is signed with RS256, issued a minute ago and good for nine minutes', () => {
    const nowMs = Date.UTC(2026, 10, 2);
    const jwt = appJwt({ appId: 'Iv1.abc', key: createPrivateKey(privateKey), nowMs });
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      iat: nowMs / 1000 - 60,
      exp: nowMs / 1000 + 540,
      iss: 'Iv1.abc',
    });
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify('RSA-SHA256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('takes a key with its line breaks written out', async () => {
    const world = openWorld();
    const token = createAppToken(optionsFor(world, { privateKey: privateKey.replaceAll('\n', String.raw`\n`) }));
    expect(await token()).toMatch(/^ghs_/);
  });

  it('never repeats what is no key', () => {
    const world = openWorld();
    const make = () => createAppToken(optionsFor(world, { privateKey: '-----BEGIN RSA PRIVATE KEY-----\nsecret\n-----END' }));
    expect(make).toThrow(/app-private-key is no RSA private key/);
    expect(make).not.toThrow(/secret/);
  });
});
