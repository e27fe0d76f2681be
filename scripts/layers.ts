import { posix } from 'node:path';
import { importSpecifiers } from './import-specifiers.ts';
import type { ImportSpecifier } from './import-specifiers.ts';
import { impurities } from './purity.ts';

/** What a layer may import besides itself. */
interface Layer {
  /** Other layers, or single files that are contracts (`sides/side.ts`); `everything` for all of src. */
  readonly modules: readonly string[] | 'everything';
  /** npm packages and `node:` modules; `everything` where the layer is not pure. */
  readonly packages: readonly string[] | 'everything';
}

const pure = ['node:buffer', 'node:crypto', 'node:zlib', 'zod'];
const markdown = ['mdast', 'mdast-util-from-markdown', 'mdast-util-gfm', 'mdast-util-to-markdown', 'micromark-extension-gfm'];
const partOfASide = [
  'core',
  'content',
  'gateway',
  'errors.ts',
  'sides/side.ts',
  'sides/marked-body.ts',
  'connection/property-store.ts',
];

/**
 * The layer table of docs/design.md as data. A layer's name is the path below src of the folder whose files it holds; the
 * longest name that fits a file is its layer. A file outside of all layers is a violation in itself.
 */
export const layers: Readonly<Record<string, Layer>> = {
  'errors.ts': { modules: [], packages: [] },
  content: { modules: ['errors.ts'], packages: [...pure, ...markdown] },
  core: { modules: ['content', 'errors.ts'], packages: pure },
  invitation: { modules: ['errors.ts'], packages: pure },
  report: { modules: ['core/model.ts', 'core/result.ts', 'content/defuse.ts', 'errors.ts'], packages: pure },
  gateway: { modules: ['errors.ts'], packages: 'everything' },
  store: { modules: ['core', 'content', 'gateway', 'errors.ts'], packages: 'everything' },
  connection: { modules: ['core', 'content', 'gateway', 'errors.ts'], packages: 'everything' },
  sides: { modules: ['core', 'content', 'gateway', 'errors.ts'], packages: 'everything' },
  'sides/github': { modules: partOfASide, packages: 'everything' },
  'sides/jira': { modules: partOfASide, packages: 'everything' },
  'sides/jira-cloud': { modules: [...partOfASide, 'sides/jira'], packages: 'everything' },
  'sides/jira-dc': { modules: [...partOfASide, 'sides/jira'], packages: 'everything' },
  'sides/redmine': { modules: partOfASide, packages: 'everything' },
  cycle: {
    modules: [
      'core',
      'content',
      'errors.ts',
      'gateway/gateway.ts',
      'sides/side.ts',
      'store/store.ts',
      'connection/property-store.ts',
    ],
    packages: pure,
  },
  config: { modules: ['errors.ts'], packages: pure },
  console: {
    modules: ['operations', 'config', 'report', 'connection', 'invitation', 'core', 'content', 'errors.ts'],
    packages: 'everything',
  },
  simulators: { modules: [], packages: 'everything' },
  operations: {
    modules: [
      'config',
      'connection',
      'console',
      'content',
      'core',
      'cycle',
      'errors.ts',
      'gateway',
      'invitation',
      'report',
      'sides',
      'simulators',
      'store',
    ],
    packages: 'everything',
  },
  main: { modules: 'everything', packages: 'everything' },
};

/** I7: modules with which a layer could open a door of its own; only these layers may have them. */
const doors: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:cluster',
  'node:dgram',
  'node:http',
  'node:http2',
  'node:https',
  'node:inspector',
  'node:net',
  'node:tls',
  'node:worker_threads',
  'undici',
]);
const layersWithDoors: ReadonlySet<string> = new Set(['gateway', 'simulators', 'console', 'main']);

/** Layers that know no I/O, clock, randomness or environment; a cycle gets all four through its ports. */
const pureLayers: ReadonlySet<string> = new Set(['content', 'core', 'invitation', 'report', 'cycle', 'config']);

/** A source file: its path below src with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Every import and every global that the layer table does not allow, in the order of the files. */
export function checkLayers(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) => {
    const name = layerOf(file.path);
    const layer = name === undefined ? undefined : layers[name];
    if (name === undefined || layer === undefined)
      return [{ path: file.path, line: 1, message: 'lies in no layer: add its folder to scripts/layers.ts' }];
    const imports = importSpecifiers(file.text).flatMap((found) => {
      const message = problemOf(found, { path: file.path, name, layer });
      return message === undefined ? [] : [{ path: file.path, line: found.line, message }];
    });
    if (!pureLayers.has(name)) return imports;
    const impure = impurities(file.text).map(({ line, what }) => ({
      path: file.path,
      line,
      message: `${name} may not use ${what}: a pure layer gets time, chance, environment and I/O as arguments`,
    }));
    return [...imports, ...impure];
  });
}

/**
 * Rules that name what is not there: a file that does not exist, or a folder that is no layer. Such a rule would be silently
 * void, and a folder of the design that has no files yet stays a layer.
 */
export function checkTable(table: Readonly<Record<string, Layer>>, files: readonly SourceFile[]): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  const isThere = (name: string): boolean => (name.endsWith('.ts') ? paths.has(name) : Object.hasOwn(table, name));
  return Object.entries(table).flatMap(([name, { modules }]) => {
    const named = modules === 'everything' ? [name] : [name, ...modules];
    return named
      .filter((module) => !isThere(module))
      .map((module) => `scripts/layers.ts: the rule of ${name} names ${module}, which does not exist`);
  });
}

interface Importer {
  readonly path: string;
  readonly name: string;
  readonly layer: Layer;
}

function problemOf(found: ImportSpecifier, importer: Importer): string | undefined {
  if (found.kind === 'computed') return 'imports a module by a computed name, which cannot be checked';
  const { specifier } = found;
  if (!specifier.startsWith('.')) return packageProblem(specifier, importer);
  const target = posix.normalize(posix.join(posix.dirname(importer.path), specifier));
  if (target.startsWith('..')) return `imports ${specifier}, which lies outside src`;
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return `imports ${specifier}, which lies in no layer`;
  const { modules } = importer.layer;
  if (targetLayer === importer.name || modules === 'everything') return undefined;
  const allowed = modules.some((module) => target === module || targetLayer === module || targetLayer.startsWith(`${module}/`));
  return allowed ? undefined : `${importer.name} may not import ${target}`;
}

function packageProblem(specifier: string, { name, layer }: Importer): string | undefined {
  const owner = packageOf(specifier);
  if (layer.packages !== 'everything' && !layer.packages.includes(owner)) return `${name} may not import ${specifier}`;
  if (doors.has(owner) && !layersWithDoors.has(name))
    return `${name} may not import ${specifier}: every request passes the gateway`;
  return undefined;
}

/** `@scope/name` or `name` of an npm package, `node:name` of a built-in module, however it is written. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  const owner = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
  return doors.has(`node:${owner}`) ? `node:${owner}` : owner;
}

function layerOf(path: string): string | undefined {
  const parts = path.split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const name = parts.slice(0, length).join('/');
    // A file right in src is its own layer, so that nobody adds one in passing.
    if (Object.hasOwn(layers, name)) return name;
  }
  return undefined;
}
