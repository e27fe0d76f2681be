import fc from 'fast-check';
import { expect } from 'vitest';

/*
 * What accidents and attackers make of valid values. No seed is fixed: each run draws others, and a failing one prints the
 * seed that repeats it.
 */

/** Valid bytes with something done to them: never the same bytes. */
export function mutatedBytes(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(Math.max(0, valid.length - 1));
  const mutated = fc.oneof(
    fc.tuple(place, fc.nat(7)).map(([at, bit]) => withByte(valid, at, (valid[at] ?? 0) ^ (1 << bit))),
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => withByte(valid, at, byte)),
    place.map((length) => valid.slice(0, length)),
    place.map((start) => valid.slice(start)),
    fc.tuple(place, place).map(([one, other]) => without(valid, Math.min(one, other), Math.max(one, other))),
    fc.tuple(place, place).map(([one, other]) => Buffer.concat([valid.subarray(0, one), valid.subarray(other)])),
    place.map((at) => Buffer.concat([valid.subarray(at), valid.subarray(0, at)])),
    fc
      .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 40 }))
      .map(([at, bytes]) => Buffer.concat([valid.subarray(0, at), bytes, valid.subarray(at)])),
    fc.constant(Buffer.concat([valid, valid])),
  );
  return mutated.filter((bytes) => Buffer.compare(bytes, valid) !== 0).map((bytes) => Uint8Array.from(bytes));
}

function withByte(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = byte;
  return changed;
}

function without(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

const strangeText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '\u0000',
    '\uD800',
    '\uFEFF',
    '\u202E',
    '__proto__',
    'constructor',
    '{',
    '<!--',
    'A'.repeat(500),
  ),
);

/** Valid text with something done to it: never the same text. */
export function mutatedText(valid: string): fc.Arbitrary<string> {
  const place = fc.nat(valid.length);
  return fc
    .oneof(
      fc.tuple(place, strangeText).map(([at, text]) => valid.slice(0, at) + text + valid.slice(at)),
      fc.tuple(place, strangeText).map(([at, text]) => valid.slice(0, at) + text + valid.slice(at + text.length)),
      fc.tuple(place, place).map(([one, other]) => valid.slice(0, one) + valid.slice(other)),
      place.map((length) => valid.slice(0, length)),
      place.map((start) => valid.slice(start)),
      place.map((at) => valid.slice(at) + valid.slice(0, at)),
      fc.constantFrom(valid + valid, valid.toUpperCase(), valid.toLowerCase(), valid.split('.').toReversed().join('.')),
    )
    .filter((text) => text !== valid);
}

/** Keys that mean something to JavaScript, and values at the edges of what JSON can say. */
const strangeKey = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'toJSON', 'then', 'length', '', 'format'),
  fc.string({ maxLength: 8 }),
);
const strangeLeaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    0,
    -0,
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53,
    2 ** 53 - 1,
    8.64e15,
    8.64e15 + 1,
    '2',
    '1e9',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  strangeText,
);
const deep = fc.integer({ min: 10, max: 500 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);
const deepObject = fc.integer({ min: 10, max: 500 }).map((depth) => `${'{"format":'.repeat(depth)}1${'}'.repeat(depth)}`);

/** What has a length, and a number, only by its looks. */
const impostor = fc.constantFrom<unknown>(
  { length: { toString: 0 } },
  { length: 1e9 },
  { toString: 1, valueOf: 1 },
  { size: { valueOf: 0 }, toJSON: 'x' },
);

/** Any JSON, as JSON.parse gives it: with own members named `__proto__`, deep nesting, huge numbers, lone surrogates. */
export const strangeJson: fc.Arbitrary<unknown> = fc.oneof(
  strangeLeaf,
  impostor,
  fc.oneof(deep, deepObject).map((text): unknown => JSON.parse(text)),
  fc.array(strangeLeaf, { maxLength: 5 }),
  fc.array(fc.tuple(strangeKey, strangeLeaf), { maxLength: 6 }).map(objectOf),
  fc
    .tuple(strangeKey, fc.array(fc.tuple(strangeKey, strangeLeaf), { maxLength: 3 }))
    .map(([key, members]) => objectOf([[key, objectOf(members)]])),
);

/** `JSON.parse` makes every key an own member, which an assignment to `__proto__` would not. */
function objectOf(members: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(`{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`);
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members: readonly [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...members.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

interface Edit {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'add' | 'double';
  readonly key: string;
  readonly value: unknown;
}

function edited(value: unknown, path: Path, edit: Edit): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return atItsPlace(value, edit);
  if (Array.isArray(value)) {
    return value.flatMap((member: unknown, index) => {
      if (index !== step) return [member];
      if (rest.length === 0 && edit.kind === 'remove') return [];
      return rest.length === 0 && edit.kind === 'double' ? [member, member] : [edited(member, rest, edit)];
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  return objectOf(
    Object.entries(value).flatMap(([key, member]) => {
      if (key !== step) return [[key, member] as const];
      return rest.length === 0 && edit.kind === 'remove' ? [] : [[key, edited(member, rest, edit)] as const];
    }),
  );
}

function atItsPlace(value: unknown, edit: Edit): unknown {
  if (edit.kind !== 'add') return edit.value;
  if (Array.isArray(value)) return [...value, edit.value];
  return typeof value === 'object' && value !== null ? objectOf([...Object.entries(value), [edit.key, edit.value]]) : edit.value;
}

/** A valid JSON value after one to three edits somewhere in it: members replaced, removed, added or doubled. */
export function mutatedJson(valid: unknown): fc.Arbitrary<unknown> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('replace', 'remove', 'add', 'double'),
    key: strangeKey,
    value: strangeJson,
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) =>
    edits.reduce<unknown>(
      (value, one) => {
        const paths = pathsOf(value).slice(0, 1_000);
        return edited(value, paths[one.at % paths.length] ?? [], one);
      },
      JSON.parse(JSON.stringify(valid)),
    ),
  );
}

/** No input may have reached into what all objects share. */
export function expectNothingPolluted(): void {
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(ownNames);
  expect(Object.keys(Object.prototype)).toEqual([]);
}

const ownNames = Object.getOwnPropertyNames(Object.prototype).toSorted();
