import { canonicalText } from '../content/canonical.ts';
import type { Neutral } from '../content/neutral.ts';
import { mapType } from '../core/basic-rules.ts';
import type { Effect } from '../core/effect.ts';
import { fieldsOf } from '../core/effect.ts';
import type { IssueSnapshot, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import { replicaOf } from '../core/replica.ts';
import type { Replica } from '../core/replica.ts';
import type { ChangeLine } from '../core/result.ts';
import { valueChange } from '../core/value-change.ts';
import type { ValueChange } from '../core/value-change.ts';
import type { Agenda } from './agenda.ts';
import type { Memory } from './memory.ts';
import { bothOf, linksOf } from './memory.ts';
import { planned } from './settle-twin.ts';
import type { Twin } from './state.ts';
import { typeRuleOf } from './twin-input.ts';

/** A dry run: the plan in the form of the report. Nothing is written, no lease, state or record either. */
export async function preview(memory: Memory, agenda: Agenda): Promise<void> {
  for (const twin of agenda.twins) {
    const snapshots = bothOf(memory, twin);
    if (snapshots === undefined) continue;
    const { input, plan } = await planned(memory, twin, snapshots);
    memory.held.push(...plan.held);
    memory.conflicts.push(...plan.conflicts.map((conflict) => ({ issues: linksOf(memory, twin), ...conflict })));
    for (const effect of plan.effects) {
      const line = lineOf(memory, twin, effect);
      if (line !== undefined) memory.changes.push({ ...line, values: valuesOf(effect, input.replicas[effect.side]) });
    }
  }
  for (const side of sideNames) for (const origin of agenda.origins[side]) await addCreation(memory, side, origin);
}

/** What an effect makes of what stands on its side now, in the form in which texts cross. */
function valuesOf(effect: Effect, standing: Replica): readonly ValueChange[] {
  const text = (root: Neutral | undefined): string | undefined => (root === undefined ? undefined : canonicalText(root));
  const comment = (id: string): string | undefined =>
    text(standing.comments.find(({ snapshot }) => snapshot.id === id)?.text.value);
  switch (effect.kind) {
    case 'fields.write': {
      const { summary, description, type } = effect;
      return valueChanges([
        ...(summary === undefined ? [] : [['summary', standing.summary.value, summary] as const]),
        ...(description === undefined ? [] : [['description', text(standing.description.value), text(description)] as const]),
        ...(type === undefined ? [] : [['type', standing.type.value, type] as const]),
      ]);
    }
    case 'comment.create':
      return valueChanges([['comment', undefined, text(effect.body)]]);
    case 'comment.write':
      return valueChanges([['comment', comment(effect.pair.ids[effect.side]), text(effect.body)]]);
    case 'comment.remove':
      return valueChanges([['comment', comment(effect.pair.ids[effect.side]), undefined]]);
    case 'attachment.create':
    case 'attachment.remove':
    case 'issue.create':
    case 'ledger.write':
      return [];
  }
}

function valueChanges(
  all: readonly (readonly [field: string, before: string | undefined, after: string | undefined])[],
): readonly ValueChange[] {
  return all.flatMap(([field, before, after]) => valueChange(field, before, after) ?? []);
}

function lineOf(memory: Memory, twin: Twin, effect: Effect): ChangeLine | undefined {
  // The title of now: the one that the state remembers may be what changes.
  const title = memory.snapshots[twin.base.origin].get(twin.base.ids[twin.base.origin])?.summary ?? twin.title;
  const common = { issues: linksOf(memory, twin), side: effect.side, title };
  switch (effect.kind) {
    case 'issue.create':
    case 'ledger.write':
      return undefined;
    case 'fields.write':
      return { ...common, action: 'updated', what: fieldsOf(effect).join(', ') };
    case 'comment.create':
      return { ...common, action: 'created', what: 'comment' };
    case 'comment.write':
      return { ...common, action: 'updated', what: 'comment' };
    case 'comment.remove':
      return { ...common, action: 'removed', what: 'comment' };
    case 'attachment.create':
      return { ...common, action: 'created', what: `attachment ${effect.name}` };
    case 'attachment.remove':
      return { ...common, action: 'removed', what: `attachment ${effect.name}` };
  }
}

/** A new copy and what goes along with it; items held under `restricted-comments: hold` stay out. */
async function addCreation(memory: Memory, originSide: SideName, origin: IssueSnapshot): Promise<void> {
  const link = { key: origin.key, url: origin.url };
  const issues = originSide === 'public' ? { public: link, private: undefined } : { public: undefined, private: link };
  const side = otherSide[originSide];
  const add = (what: string, values: ChangeLine['values']): void =>
    void memory.changes.push({ issues, side, action: 'created', what, title: origin.summary, values });
  const replica = replicaOf(origin, originSide, undefined);
  const type = mapType(origin.type ?? '', await typeRuleOf(memory, side)).name;
  add(
    'issue',
    valueChanges([
      ['summary', undefined, origin.summary],
      ['description', undefined, canonicalText(replica.description.value)],
      ['type', undefined, type],
    ]),
  );
  for (const { snapshot, text } of replica.comments)
    if (!(snapshot.restricted && memory.options.holdRestricted))
      add('comment', valueChanges([['comment', undefined, canonicalText(text.value)]]));
  for (const file of origin.attachments) add(`attachment ${file.name}`, []);
}
