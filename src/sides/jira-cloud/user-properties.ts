import { deleteUserProperty, getUserProperty, getUserPropertyKeys, setUserProperty } from 'jira.js/cloud';
import { z } from 'zod';
import type { PropertyStore } from '../../connection/property-store.ts';
import { kindOf } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { createJiraApi } from './client.ts';
import { parsed } from '../jira/answers.ts';
import type { JiraSite } from './hosts.ts';

const keysSchema = z.object({ keys: z.array(z.object({ key: z.string() })) });
/** Every value of the record is an object. */
const objectSchema = z.record(z.string(), z.unknown());
const valueSchema = z.object({ value: z.unknown() });

/** The user properties of the connection's own account, which any account may read and write (reference/jira-cloud.md). */
export function createUserProperties(options: {
  readonly gateway: Gateway;
  readonly site: JiraSite;
  readonly accountId: string;
}): PropertyStore {
  const client = createJiraApi(options).clientFor('control');
  const { accountId } = options;
  const address = (key: string): { accountId: string; propertyKey: string } => ({
    accountId,
    propertyKey: encodeURIComponent(key),
  });
  return {
    keys: async (prefix) => {
      const answer = parsed(keysSchema, await getUserPropertyKeys(client, { accountId }), 'the keys of the connection record');
      return answer.keys.map((entry) => entry.key).filter((key) => key.startsWith(prefix));
    },
    get: (key) =>
      unlessGone(async () => parsed(valueSchema, await getUserProperty(client, address(key)), `the record ${key}`).value),
    put: async (key, value) => {
      await setUserProperty(client, { ...address(key), body: objectSchema.parse(value) });
    },
    delete: async (key) => {
      await unlessGone(() => deleteUserProperty(client, address(key)));
    },
  };
}

/** A property that is not there answers 404. */
async function unlessGone<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (kindOf(error) === 'gone') return undefined;
    throw error;
  }
}
