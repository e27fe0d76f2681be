import { z } from 'zod';
import { SallyportError } from '../errors.ts';
import { type AcceptRecord, type InitiatorRecord, recordFormat } from './record.ts';

/** Characters of JSON that one user property takes (reference: Jira Cloud, properties). */
export const propertyLengthMax = 32_768;

const formatOnly = z.object({ format: z.int() });

/** The format of a value that a newer Sallyport wrote, whatever else it holds; undefined for every other value. */
export function newerFormatOf(value: unknown): number | undefined {
  const version = formatOnly.safeParse(value);
  return version.success && version.data.format > recordFormat ? version.data.format : undefined;
}

/**
 * What the schema says of a value. zod looks at the `length` of whatever has one even where a text or a list is wanted, and
 * throws a TypeError of its own if that is an object which JavaScript cannot compare: then nothing fits.
 */
function examined<T>(schema: z.ZodType<T>, value: unknown): { readonly data: T } | { readonly fields: string } {
  try {
    const parsed = schema.safeParse(value);
    return parsed.success ? { data: parsed.data } : { fields: fieldsOf(parsed.error) };
  } catch {
    return { fields: 'the whole value' };
  }
}

/** One value of the record, or undefined where it is damaged or of another format. Never throws. */
export function recordIfWhole<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const result = examined(schema, value);
  return 'data' in result ? result.data : undefined;
}

/**
 * Reads one value of the record.
 *
 * @throws SallyportError `configuration` if a newer Sallyport wrote it, or if it is damaged (its fields are named, never
 * shown).
 */
export function parseRecord<T>(schema: z.ZodType<T>, key: string, value: unknown): T {
  const newer = newerFormatOf(value);
  if (newer !== undefined) {
    throw new SallyportError(
      `connection record: ${key} was written by a newer Sallyport (format ${newer}, this one reads ` +
        `${recordFormat}); upgrade this one`,
      { kind: 'configuration' },
    );
  }
  const result = examined(schema, value);
  if ('data' in result) return result.data;
  throw new SallyportError(
    `connection record: the user property ${key} is damaged (${result.fields}), not by Sallyport, and nothing is done until ` +
      `it is mended. ${wayOut(key)}`,
    { kind: 'configuration' },
  );
}

/**
 * What mends a damaged value: what runs note is found again without it, and an acceptance is given again; nothing else
 * tells what the initiator set, or which twins had ended.
 */
function wayOut(key: string): string {
  const address = `/rest/api/3/user/properties/${key}?accountId=…`;
  const by = `of the Jira site, as the connection's account, whose id GET /rest/api/3/myself tells`;
  if (/\.(?:run|intent)\b/.test(key)) return `Delete it: DELETE ${address} ${by}. The next run finds by its stamps what it told.`;
  if (key.endsWith('.accept')) return `Delete it: DELETE ${address} ${by}. Then run accept again with the code.`;
  return `Put back what these fields held: GET and PUT ${address} ${by}.`;
}

/**
 * The value to write under a key, checked against its schema and Jira's limit.
 *
 * @throws SallyportError `configuration` if a field does not hold what it should, `limit` if it is longer than 32,768
 * characters of JSON.
 */
export function prepareRecord<T>(schema: z.ZodType<T>, key: string, value: T): T {
  const result = examined(schema, value);
  if (!('data' in result)) {
    throw new SallyportError(`connection record: cannot write ${key}, these fields are wrong: ${result.fields}`, {
      kind: 'configuration',
    });
  }
  if (JSON.stringify(result.data).length > propertyLengthMax) {
    throw new SallyportError(
      `connection record: cannot write ${key}, it would be longer than the ${propertyLengthMax} characters that Jira stores; ` +
        'shorten the trigger or the names in it',
      { kind: 'limit' },
    );
  }
  return result.data;
}

function fieldsOf(error: z.ZodError): string {
  const fields = new Set(error.issues.map((issue) => issue.path.join('.') || 'the whole value'));
  return [...fields].slice(0, 10).join(', ');
}

/** The error for a connection whose initiator key is not there. */
export function connectionRemoved(connectionId: string): SallyportError {
  return new SallyportError(
    `connection ${connectionId}: its record is not among the properties of this Jira account: the connection was removed, ` +
      "or the credentials belong to another account; ask the public side's admin for a new invitation code, or correct the credentials",
    { kind: 'configuration' },
  );
}

/**
 * Refuses a connection that the public side revoked.
 *
 * @throws SallyportError `configuration`
 */
export function checkNotRevoked(initiator: Pick<InitiatorRecord, 'revokedAt' | 'name'>): void {
  if (initiator.revokedAt === undefined) return;
  throw new SallyportError(
    `the connection "${initiator.name}" was revoked by its public side on ${new Date(initiator.revokedAt).toISOString()}: nothing ` +
      "is synced any more, both sides' issues stay. Take its code out of the secrets; a new connection takes a new invitation",
    { kind: 'configuration' },
  );
}

/**
 * Refuses a connection that is being cleaned up.
 *
 * @throws SallyportError `inactive`
 */
export function checkNotRemoving(name: string, accept: Pick<AcceptRecord, 'removing'> | undefined): void {
  if (accept?.removing !== true) return;
  throw new SallyportError(
    `The connection ${name} is being removed: a clean-up has begun and can only be finished. Nothing was done. Run clean-up again until its status is Removed.`,
    { kind: 'inactive' },
  );
}

/**
 * Refuses a code whose secret is not the record's: a newer one was issued (connection.md, "Life": reissue). While a reissue of
 * an accepted connection is unfinished the code before is good until a run has worked with the newer one: from then on there
 * may be stamps that it cannot verify, and a run with it would take copies for strangers (I2).
 *
 * @param newestUsed the hash of the newest code that a run has worked with, as far as the record tells
 * @throws SallyportError `configuration`
 */
export function checkSecret(
  initiator: Pick<InitiatorRecord, 'secretHash' | 'previousSecretHash' | 'name'>,
  secretHash: string,
  newestUsed?: string,
): void {
  if (initiator.secretHash === secretHash) return;
  if (initiator.previousSecretHash === secretHash && newestUsed !== initiator.secretHash) return;
  throw new SallyportError(
    `invitation code: it was replaced by a newer one for the connection "${initiator.name}"; ask the public side's admin for ` +
      'the newest code and store that',
    { kind: 'configuration' },
  );
}

/**
 * Refuses a destination other than the one that accepted. Without an acceptance every destination is right.
 *
 * @throws SallyportError `configuration`
 */
export function checkDestination(
  accept: Pick<AcceptRecord, 'fingerprint' | 'destination'> | undefined,
  fingerprint: string,
): void {
  if (accept === undefined || accept.fingerprint === fingerprint) return;
  throw new SallyportError(
    `invitation code: the connection was already accepted by another destination ("${accept.destination}"); use its project ` +
      "and tracker, or ask the public side's admin to initiate another connection",
    { kind: 'configuration' },
  );
}

/**
 * Refuses a runner older than the initiator asks for. Versions are `major.minor.patch`, with or without a `v` before and a
 * suffix behind, which does not count.
 *
 * @throws SallyportError `configuration`
 */
export function checkRunnerVersion(initiator: Pick<InitiatorRecord, 'runnerVersionMin'>, version: string): void {
  const wanted = versionParts(initiator.runnerVersionMin);
  const given = versionParts(version);
  const different = wanted.findIndex((part, index) => part !== given[index]);
  if (different === -1 || (given[different] ?? 0) > (wanted[different] ?? 0)) return;
  throw new SallyportError(
    `connection record: this connection needs Sallyport ${initiator.runnerVersionMin} or newer, this is ${version}; upgrade it`,
    { kind: 'configuration' },
  );
}

function versionParts(version: string): readonly number[] {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match === null ? [0, 0, 0] : match.slice(1).map(Number);
}
