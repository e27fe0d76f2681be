import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../scripts/check-layers.ts';
import { importSpecifiers } from '../scripts/import-specifiers.ts';
import { checkLayers, checkTable, layers } from '../scripts/layers.ts';

const src = join(import.meta.dirname, '..', 'src');

function messagesFor(path: string, text: string): readonly string[] {
  return checkLayers([{ path, text }]).map(({ message }) => message);
}

describe('the layer table', () => {
  it('holds for the tree itself, with all of its files looked at', async () => {
    const files = await sourceFiles(src);
    expect(files.map(({ path }) => path)).toContain('core/model.ts');
    expect(checkLayers(files)).toEqual([]);
  });

  it('catches a violation planted in a copy of a real file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'layers-'));
    try {
      const model = (await sourceFiles(src)).find(({ path }) => path === 'core/model.ts');
      await mkdir(join(folder, 'core'));
      await writeFile(
        join(folder, 'core', 'model.ts'),
        `${model?.text}\nexport { createGateway } from '../gateway/create-gateway.ts';\n`,
      );
      expect(checkLayers(await sourceFiles(folder))).toEqual([
        { path: 'core/model.ts', line: expect.any(Number), message: 'core may not import gateway/create-gateway.ts' },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [
      'a type import',
      'core/plan.ts',
      "import type { Gateway } from '../gateway/gateway.ts';",
      'core may not import gateway/gateway.ts',
    ],
    [
      'an import type',
      'core/plan.ts',
      "type G = import('../gateway/gateway.ts').Gateway;",
      'core may not import gateway/gateway.ts',
    ],
    ['a re-export', 'content/adf.ts', "export * from '../core/model.ts';", 'content may not import core/model.ts'],
    [
      'a dynamic import',
      'cycle/apply.ts',
      "await import('../sides/github/github-side.ts');",
      'cycle may not import sides/github/github-side.ts',
    ],
    ['a plan in the report', 'report/text.ts', "import { plan } from '../core/plan.ts';", 'report may not import core/plan.ts'],
    ['a bare import', 'report/text.ts', "import '../store/store.ts';", 'report may not import store/store.ts'],
    [
      'one side in another',
      'sides/redmine/a.ts',
      "import { x } from '../github/b.ts';",
      'sides/redmine may not import sides/github/b.ts',
    ],
    [
      'a side in a simulator',
      'simulators/github/a.ts',
      "import { x } from '../../sides/side.ts';",
      'simulators may not import sides/side.ts',
    ],
    [
      'input and output in the core',
      'core/plan.ts',
      "import { readFile } from 'node:fs/promises';",
      'core may not import node:fs/promises',
    ],
    ['a package in the core', 'core/plan.ts', "import { Octokit } from 'octokit';", 'core may not import octokit'],
    ['a door beside the gateway', 'sides/github/a.ts', "import { request } from 'https';", 'every request passes the gateway'],
    ['a path out of src', 'main/cli.ts', "import { x } from '../../scripts/layers.ts';", 'lies outside src'],
    ['a computed import', 'core/plan.ts', 'await import(`../${name}.ts`);', 'by a computed name'],
    ['a require', 'core/plan.ts', "const x = require('node:net');", 'core may not import node:net'],
    ['a folder without a layer', 'helpers/a.ts', '', 'lies in no layer'],
    ['a file without a layer', 'index.ts', '', 'lies in no layer'],
    ['an import of a folder without a layer', 'core/plan.ts', "import { x } from '../helpers/a.ts';", 'lies in no layer'],
  ])('catches %s', (_, path, text, message) => {
    const messages = messagesFor(path, text);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });

  it.each([
    ['core/plan.ts', "import { neutral } from '../content/neutral.ts';"],
    ['core/stamp.ts', "import { createHmac } from 'node:crypto';"],
    ['sides/jira-dc/a.ts', "import { x } from '../jira/b.ts';"],
    ['cycle/apply.ts', "import type { Side } from '../sides/side.ts';"],
    ['gateway/transport.ts', "import { Agent } from 'undici';"],
    ['main/cli.ts', "import { x } from '../sides/github/github-side.ts';"],
    ['simulators/github/a.ts', "import { x } from '../simulator.ts';"],
  ])('lets %s do what its layer may: %s', (path, text) => {
    expect(messagesFor(path, text)).toEqual([]);
  });
});

describe('the rules of the layer table', () => {
  it('name only files and layers that exist', async () => {
    expect(checkTable(layers, await sourceFiles(src))).toEqual([]);
  });

  it('are an error where they name a file or a folder that does not exist', () => {
    const table = { report: { modules: ['cycle/result.ts', 'helpers'], packages: [] } };
    expect(checkTable(table, [])).toEqual([
      'scripts/layers.ts: the rule of report names cycle/result.ts, which does not exist',
      'scripts/layers.ts: the rule of report names helpers, which does not exist',
    ]);
  });
});

describe('a pure layer', () => {
  const uses: readonly (readonly [text: string, what: string])[] = [
    ['const a = Date.now();', 'Date.now'],
    ['const a = new Date();', 'new Date()'],
    ['const a = new Date;', 'new Date()'],
    ['const a = new Date(...[]);', 'new Date()'],
    ['const a = new Date(0).getHours();', '.getHours'],
    ['const a = Temporal.Now.instant();', 'Temporal'],
    ["const a = new Event('a').timeStamp;", 'Event'],
    ['const a = (0).constructor.name;', '.constructor'],
    ['const a = require;', 'require'],
    ["import { createECDH } from 'node:crypto';", 'createECDH'],
    ['const a = Date();', 'Date other than'],
    ['const { now } = Date;', 'Date other than'],
    ['const a = Math.random();', 'Math.random'],
    ["const a = Math['random']();", 'Math.random'],
    ['const { random } = Math;', 'Math.random'],
    ["import { randomBytes } from 'node:crypto';", 'randomBytes'],
    ["import { createHash, randomUUID as id } from 'node:crypto';", 'randomUUID'],
    ["import * as all from 'node:crypto';", 'node:crypto other than by named imports'],
    ['const a = globalThis.fetch;', 'globalThis'],
    ["const a = fetch('https://example.org');", 'fetch'],
    ['const a = crypto.subtle;', 'crypto'],
    ["const a = process.env['A'];", 'process'],
    ['const a = performance.now();', 'performance'],
    ['setTimeout(run, 1);', 'setTimeout'],
    ['setInterval(run, 1);', 'setInterval'],
    ['queueMicrotask(run);', 'queueMicrotask'],
    ["console.log('a');", 'console'],
    ['const a = import.meta.url;', 'import.meta'],
  ];

  for (const layer of ['content', 'core', 'invitation', 'report', 'cycle', 'config']) {
    it.each(uses)(`${layer} may not: %s`, (text, what) => {
      const [violation, ...others] = checkLayers([{ path: `${layer}/a.ts`, text: `// Date.now()\n${text}` }]);
      expect(others).toEqual([]);
      expect(violation).toMatchObject({ path: `${layer}/a.ts`, line: 2 });
      expect(violation?.message).toContain(`${layer} may not use ${what}`);
    });
  }

  it.each(['node:fs', 'node:http', 'node:net', 'node:os', 'node:child_process'])('may not import %s', (name) => {
    expect(messagesFor('content/a.ts', `import '${name}';`)).toEqual([`content may not import ${name}`]);
  });

  it('may compute with times that it is given, and have members of any name', () => {
    const text = "const a = [new Date(0), Date.parse('2026'), Math.max(1, 2), ports.fetch(), 'Date.now()'];";
    expect(messagesFor('core/a.ts', text)).toEqual([]);
  });
});

describe('scripts/check-layers.ts', () => {
  async function check(text: string): Promise<{ status: number | null; stderr: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'layers-'));
    try {
      await mkdir(join(folder, 'core'));
      await writeFile(join(folder, 'core', 'a.ts'), text);
      const script = join(src, '..', 'scripts', 'check-layers.ts');
      const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
      return { status, stderr };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('fails on a planted violation and names file, line and rule', async () => {
    const { status, stderr } = await check('export const a = 1;\nexport const b = Date.now();\n');
    expect(status).toBe(1);
    expect(stderr).toContain('src/core/a.ts:2: core may not use Date.now');
  });

  it('passes on a clean tree', async () => {
    expect((await check('export const a = 1;\n')).status).toBe(0);
  });
});

describe('importSpecifiers', () => {
  it('is not misled by strings, comments, templates and regular expressions', () => {
    const source = [
      "// import { a } from '../a.ts';",
      "/* export * from '../b.ts'; */",
      'const c = "import d from \'../d.ts\'";',
      "const e = `import f from '../f.ts' ${g({ h: `${i}` })} from '../j.ts'`;",
      'const k = /[`\'"]/.test(l) ? m / n / o : p;',
      "q.require('../r.ts');",
      "import s from '../s.ts';",
    ].join('\n');
    expect(importSpecifiers(source)).toEqual([{ kind: 'literal', specifier: '../s.ts', line: 7 }]);
  });

  it('finds an import inside of a template', () => {
    expect(importSpecifiers("`${await import('../a.ts')}`")).toEqual([{ kind: 'literal', specifier: '../a.ts', line: 1 }]);
  });
});
