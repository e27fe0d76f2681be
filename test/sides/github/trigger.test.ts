import { describe, expect, it } from 'vitest';
import { matches, parsePrivateTrigger } from '../../../src/sides/github/trigger.ts';

describe('the private trigger', () => {
  it.each([
    ['sync', ['sync'], true],
    ['sync', ['Sync'], true],
    ['sync', ['synced'], false],
    ['bug, sync', ['sync', 'other'], true],
    ['bug, sync', [], false],
    ['*', [], true],
    [' good first issue ', ['good first issue'], true],
    ['type: Bug', ['type: Bug'], true],
  ])('%j with labels %j: %j', (text, labels, expected) => {
    expect(matches(parsePrivateTrigger(text), labels)).toBe(expected);
  });

  it('takes a label once, however it is written', () => {
    expect(parsePrivateTrigger('sync, SYNC,sync')).toEqual({ kind: 'labels', anyOf: ['sync'] });
  });

  it.each([
    '',
    ' ',
    'a,,b',
    '*, sync',
    'x'.repeat(51),
    'a\nb',
    'label:sync',
    'is:open',
    Array.from({ length: 11 }, (_, n) => `l${n}`).join(),
  ])('refuses %j with what to write instead', (text) => {
    expect(() => parsePrivateTrigger(text)).toThrow(/private-trigger .* Write one label/);
  });
});
