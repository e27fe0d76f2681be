import { expect, test } from 'vitest';
import { fieldTable, laterOf, mapType, presenceTable } from '../../src/core/basic-rules.ts';

test.each([
  ['same', 'same', 'nothing'],
  ['changed', 'same', 'write-private'],
  ['same', 'changed', 'write-public'],
  ['changed', 'changed', 'compare'],
] as const)('a field %s on the public side and %s on the private side: %s', (publicSide, privateSide, decision) => {
  expect(fieldTable[publicSide][privateSide]).toBe(decision);
});

test.each([
  ['present', 'present', 'compare'],
  ['present', 'absent', 'bury'],
  ['absent', 'present', 'remove-copy'],
  ['absent', 'absent', 'bury'],
] as const)('an origin %s with its copy %s: %s', (origin, copy, decision) => {
  expect(presenceTable[origin][copy]).toBe(decision);
});

test.each([
  [1_000, 4_000, 'private'],
  [4_000, 1_000, 'public'],
  [1_000, 3_000, 'public'],
  [undefined, 4_000, 'public'],
  [4_000, undefined, 'public'],
] as const)('edits at %s (public) and %s (private): %s stands', (publicTime, privateTime, winner) => {
  expect(laterOf({ public: publicTime, private: privateTime })).toBe(winner);
});

const jira = { names: ['Epic', 'Task', 'Bug'], defaultName: undefined, everyNameExists: false, required: true };

test('a type is mirrored by name, whatever its case', () => {
  expect(mapType('bug', jira)).toEqual({ name: 'Bug', how: 'mirrored' });
});

test('a type that is not there becomes the default type where one is set, else Task, else the first', () => {
  expect(mapType('Spike', { ...jira, defaultName: 'Bug' })).toEqual({ name: 'Bug', how: 'fallback' });
  expect(mapType('Spike', jira)).toEqual({ name: 'Task', how: 'fallback' });
  expect(mapType('Spike', { ...jira, names: ['Incident', 'Bug'] })).toEqual({ name: 'Incident', how: 'fallback' });
});

test('an issue without a type counts as fallback, and stays without one where none is needed', () => {
  expect(mapType('', jira)).toEqual({ name: 'Task', how: 'fallback' });
  expect(mapType('', { ...jira, names: [], required: false, everyNameExists: true })).toEqual({ name: '', how: 'fallback' });
});

test('where labels stand for types every name exists', () => {
  expect(mapType('Spike', { ...jira, names: [], everyNameExists: true })).toEqual({ name: 'Spike', how: 'mirrored' });
});
