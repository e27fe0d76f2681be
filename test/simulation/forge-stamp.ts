import { createHash } from 'node:crypto';
import { z } from 'zod';
import { itemKey, noteTampering, originOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { payloadIn, payloadOf } from './stamp-payload.ts';
import type { Trackers } from './trackers.ts';

/** So much of a stamp as its forger has to know: anybody who reads the bodies can find it out. */
const payloadSchema = z.looseObject({
  stamp: z.looseObject({
    base: z.looseObject({ counter: z.number(), ids: z.object({ public: z.string(), private: z.string() }) }),
  }),
});

/**
 * Somebody who may edit issues on the private side alters a copy's stamp, with a counter above all others, under the signature of the
 * true one: that Jira's summary as it is now was in step already, so that an edit of it waiting there would be overwritten
 * without a conflict. It has to tell nothing (I10).
 */
export function forgeStamp({ jira, there, clock }: Trackers, ledger: Ledger): void {
  const { bodies } = there;
  if (bodies === undefined) return;
  const stamped = there.issues().flatMap(({ id, summary: title }) => {
    const body = bodies.read(id);
    const found = /<!-- sallyport:([\w-]+)\.([\w-]+) -->/.exec(body);
    if (found === null) return [];
    const payload = found[1] ?? '';
    const stamp = payloadSchema.safeParse(payloadIn(payload)).data;
    const origin = stamp === undefined ? undefined : jira.people.issue(stamp.stamp.base.ids.public);
    if (stamp === undefined || origin === undefined) return [];
    return [{ id, body, title, payload, stamp, origin }];
  });
  const target = stamped.find(({ title, origin }) => title !== origin.summary) ?? stamped[0];
  if (target === undefined) return;
  const { stamp } = target.stamp;
  const summary = { public: createHash('sha256').update(target.origin.summary).digest('base64url').slice(0, 16), private: '' };
  const forged = { ...target.stamp, stamp: { ...stamp, base: { ...stamp.base, summary, counter: stamp.base.counter + 1000 } } };
  const payload = payloadOf(forged);
  const entry = ledger.issues.get(originOf(ledger, itemKey('private', target.id)));
  noteTampering(ledger, entry);
  ledger.edits.push({ field: 'description', issue: itemKey('private', target.id), at: clock.now() });
  bodies.write(target.id, target.body.replace(target.payload, payload));
}
