import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputs } from '../src/config/inputs.ts';
import { outputsOf } from '../src/report/outputs.ts';
import { synced } from './report/sample-outcome.ts';

const root = join(import.meta.dirname, '..');
const action = readFileSync(join(root, 'action.yml'), 'utf8');

/** A section of the file up to the next empty line: the file's form is ours, so that no parser of YAML is needed. */
function section(name: string): string {
  const found = new RegExp(`^${name}:\\n(?:.+\\n)+`, 'm').exec(action)?.[0];
  if (found === undefined) throw new Error(`action.yml has no section ${name}`);
  return found;
}

function quoted(text: string): string {
  // As the formatter writes it: double quotes where the text holds single ones.
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** The job's token is no variable of a step: only the expression of a default can hand it over. */
const expressions: Readonly<Record<string, string>> = { 'job-token': '${{ github.token }}' };

const outputs = [...section('outputs').matchAll(/^ {2}([a-z-]+):\n {4}description: (['"])(.*)\2$/gm)].map((match) => ({
  name: match[1]!,
  description: match[3]!,
}));

describe('action.yml', () => {
  it('has every input of the table, word for word and in its order', () => {
    const wanted = inputs.map(
      (spec) =>
        `  ${spec.name}:\n    description: ${quoted(spec.description)}\n    required: false\n    default: ${quoted(expressions[spec.name] ?? spec.default)}\n`,
    );
    expect(section('inputs')).toBe(`inputs:\n${wanted.join('')}`);
  });

  it('has every output that a sync sets, the map of a clean-up, and the two paths of the entry', () => {
    const wanted = [...Object.keys(outputsOf(synced([{}]))), 'plan-path', 'report-path', 'twin-map-path'];
    expect(outputs.map((output) => output.name)).toEqual(wanted);
  });

  it('runs the committed bundle on Node 24', () => {
    expect(section('runs')).toBe('runs:\n  using: node24\n  main: dist/action.js\n');
  });
});

describe('README.md', () => {
  const lines = new Set(readFileSync(join(root, 'README.md'), 'utf8').split('\n'));

  for (const spec of inputs) {
    it(`says of the input ${spec.name} what the table says`, () => {
      const initial = spec.default === '' ? '' : `\`${spec.default}\``;
      expect(lines).toContain(`| \`${spec.name}\` | ${spec.description} | ${initial} |`);
    });
  }

  for (const { name, description } of outputs) {
    it(`says of the output ${name} what action.yml says`, () => {
      expect(lines).toContain(`| \`${name}\` | ${description} |`);
    });
  }
});
