import { describe, expect, it } from 'vitest';
import { covers, versionOf } from '../../../src/sides/github/versions.ts';

const at = Date.UTC(2026, 10, 2, 9, 0, 0);

describe('versions of issues', () => {
  it('are the time of the change once its second is over', () => {
    expect(versionOf(at, at + 3000)).toBe('2026-11-02T09:00:00Z');
  });

  it.each([0, 1000, 2000])('are unsettled when read %d ms after the second began', (later) => {
    expect(versionOf(at, at + later)).toContain('~');
  });

  it('are unsettled when the reading time is unknown', () => {
    expect(covers(versionOf(at, undefined), at)).toBe(false);
  });

  it('cover what is as old or older, unsettled ones only what is older', () => {
    const settled = versionOf(at, at + 3000);
    const unsettled = versionOf(at, at + 1000);
    expect([covers(settled, at - 1000), covers(settled, at), covers(settled, at + 1000)]).toEqual([true, true, false]);
    expect([covers(unsettled, at - 1000), covers(unsettled, at), covers(unsettled, at + 1000)]).toEqual([true, false, false]);
    expect(covers(undefined, at)).toBe(false);
    expect(covers('nonsense', at)).toBe(false);
  });
});
