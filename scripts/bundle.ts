import { relative, sep } from 'node:path';
import { build, transform } from 'esbuild';
import { bundledLicenses } from './bundled-licenses.ts';

export interface BundledFile {
  /** Relative to dist, with `/`. */
  readonly path: string;
  readonly contents: Uint8Array;
}

/**
 * Bundled CommonJS packages call `require` for Node's own modules, which ESM does not have. The import has a name of its
 * own, because esbuild does not see the banner and bundled packages import `createRequire` as well.
 */
const banner =
  "import{createRequire as createBundleRequire}from'node:module';const require=createBundleRequire(import.meta.url);";

/**
 * What dist holds, built in memory: the action and the command line as ESM for Node 20.19 and up, with shared code and
 * everything that is imported lazily in chunks, so that a command loads only what it uses. The same sources always give
 * the same bytes, whatever directory they lie in. The licences of bundled packages lie beside them.
 *
 * @throws Error if a bundle holds a path of the machine that it was built on, or cannot be parsed
 */
export async function bundle(root: string): Promise<readonly BundledFile[]> {
  const outdir = `${root}/dist`;
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/main/action.ts', 'src/main/cli.ts'],
    outdir,
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: banner },
    minifyWhitespace: true,
    minifySyntax: true,
    // Error names and stack traces stay readable, and bug reports with them.
    keepNames: true,
    legalComments: 'eof',
    charset: 'utf8',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const inputs = Object.keys(result.metafile.inputs);
  // The names of CommonJS modules are in the output, relative to the root: a linked package would bring its own place along.
  const outside = inputs.filter((input) => input.startsWith('..'));
  if (outside.length > 0)
    throw new Error(`Bundled files lie outside of the checkout, as ${outside[0]} does: run "npm ci" without links.`);
  const leaky = result.outputFiles.filter((file) => file.text.includes(root));
  if (leaky.length > 0) throw new Error(`The path of this checkout is in ${leaky[0]?.path}: import it without absolute paths.`);
  // A name that banner and bundle both declare shows only when a chunk is loaded, which may be late: parse all of them now.
  for (const file of result.outputFiles) await transform(file.text, { format: 'esm', logLevel: 'silent' });
  const bundles = result.outputFiles.map((file) => ({
    path: relative(outdir, file.path).split(sep).join('/'),
    contents: file.contents,
  }));
  bundles.push(...(await bundleAssets(root)));
  const licenses = { path: 'licenses.txt', contents: new TextEncoder().encode(bundledLicenses(root, inputs)) };
  return [...bundles, licenses].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** The console's script and style, as browsers get them: one file each, without any import. */
export async function bundleAssets(root: string): Promise<readonly BundledFile[]> {
  const outdir = `${root}/dist`;
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/console/assets/console.ts', 'src/console/assets/console.css'],
    outdir,
    entryNames: 'assets/[name]',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  return result.outputFiles.map((file) => ({
    path: relative(outdir, file.path).split(sep).join('/'),
    contents: file.contents,
  }));
}
