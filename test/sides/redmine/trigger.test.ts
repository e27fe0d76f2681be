import { describe, expect, test } from 'vitest';
import type { RedmineIssue } from '../../../src/sides/redmine/schemas.ts';
import { issueSchema } from '../../../src/sides/redmine/schemas.ts';
import { parseTrigger } from '../../../src/sides/redmine/trigger.ts';

function issue(more: object = {}): RedmineIssue {
  return issueSchema.parse({
    id: 7,
    project: { id: 1, name: 'Demo' },
    tracker: { id: 2, name: 'Feature' },
    category: { id: 9, name: 'Backend' },
    created_on: '2026-11-24T12:00:00Z',
    updated_on: '2026-11-24T12:00:00Z',
    custom_fields: [
      { id: 5, name: 'Sync', value: '1' },
      { id: 6, name: 'Areas', multiple: true, value: ['a', 'b'] },
    ],
    ...more,
  });
}

describe("Redmine's private-trigger", () => {
  test.each([
    ['*', true],
    ['sync', true],
    ['SYNC', true],
    ['Areas', false],
    ['Nothing', false],
    ['tracker_id=2', true],
    ['tracker_id=1|2 & category_id=9', true],
    ['tracker_id=1,2&category_id=8', false],
    ['cf_5=1', true],
    ['cf_6=b', true],
    ['cf_6=c', false],
    ['cf_7=1', false],
    ['assigned_to_id=4', false],
  ])('%s: %s', (trigger, holds) => {
    expect(parseTrigger(trigger).holds(issue())).toBe(holds);
  });

  test('asks the server for less where it can, and never for what it passes over unknown', () => {
    expect(parseTrigger('tracker_id=1,2&cf_5=1').query).toEqual({ tracker_id: '1|2', cf_5: '1' });
    expect(parseTrigger('*').query).toEqual({});
    expect(parseTrigger('sync').query).toEqual({});
  });

  test('a box that is not ticked is not under sync', () => {
    expect(parseTrigger('sync').holds(issue({ custom_fields: [{ id: 5, name: 'Sync', value: '0' }] }))).toBe(false);
    expect(parseTrigger('sync').holds(issue({ custom_fields: [] }))).toBe(false);
  });

  test.each([
    ['project_id=3', /"project_id" is none of tracker_id[^]*cf_N/],
    ['tracker_id=Bug', /takes ids, which are numbers/],
    ['tracker_id=', /has no value/],
    ['set_filter=1&tracker_id=1', /"set_filter" is none of/],
  ])('%s is refused', (trigger, message) => {
    expect(() => parseTrigger(trigger)).toThrow(message);
  });
});
