import { describe, expect, it } from 'vitest';
import { createUserProperties } from '../../../src/sides/jira-cloud/user-properties.ts';
import { errorOf, openSide } from './open-side.ts';

function openProperties(options: Parameters<typeof openSide>[0] = {}) {
  const opened = openSide(options);
  const { gateway, site, sync } = opened;
  return { ...opened, properties: createUserProperties({ gateway, site, accountId: sync.accountId }) };
}

describe('user properties', () => {
  it.each([false, true])('are put, read, listed and deleted (through the gateway host: %s)', async (throughGateway) => {
    const { properties, people, sync, gateway } = openProperties({ throughGateway });
    expect(await properties.get('sallyport.a')).toBeUndefined();
    await properties.put('sallyport.a', { one: 1 });
    await properties.put('sallyport.a', { two: 2 });
    await properties.put('sallyport.a.lease.x', { until: 3 });
    await properties.put('other', {});
    expect(await properties.get('sallyport.a')).toEqual({ two: 2 });
    expect(people.userProperties(sync)).toMatchObject({ 'sallyport.a': { two: 2 } });
    expect((await properties.keys('sallyport.a')).toSorted()).toEqual(['sallyport.a', 'sallyport.a.lease.x']);
    await properties.delete('sallyport.a');
    await properties.delete('sallyport.a');
    expect(await properties.get('sallyport.a')).toBeUndefined();
    expect(gateway.counts()).toMatchObject({ work: 0, audit: 0, writes: 0 });
  });

  it('keeps a key’s unusual characters', async () => {
    const { properties } = openProperties();
    await properties.put('sallyport.a/b c?d', { one: 1 });
    expect(await properties.get('sallyport.a/b c?d')).toEqual({ one: 1 });
  });

  it('does not take a proxy’s 404 for a property that is not there', async () => {
    const { properties, fail } = openProperties();
    fail(/properties/, { kind: 'html', status: 404 });
    expect((await errorOf(properties.get('sallyport.a'))).kind).toBe('answer');
  });

  it('says permission where the token was revoked, and never the token', async () => {
    const { properties, people, sync } = openProperties();
    people.revokeToken(sync);
    const error = await errorOf(properties.get('sallyport.a'));
    expect(error).toMatchObject({ kind: 'permission', status: 401 });
    expect(JSON.stringify(error) + error.message).not.toContain('secret-token');
  });
});
