import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().default('not stated') });

/**
 * The licences of the packages that a bundle holds, as their authors want them passed on: one text for all packages that
 * share it to the letter.
 *
 * @param inputs the bundled files, relative to the root with `/`
 */
export function bundledLicenses(root: string, inputs: readonly string[]): string {
  const folders = new Set(
    inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter((folder) => folder !== undefined),
  );
  const packagesByText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')));
    const text = licenseText(join(root, folder)) ?? `License: ${manifest.license} (the package holds no text of it)`;
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${manifest.name} ${manifest.version} (${manifest.license})`]);
  }
  const sections = [...packagesByText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  return `The bundles in this folder hold these packages besides Sallyport itself.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenseText(folder: string): string | undefined {
  const names = readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i.test(name))
    .sort();
  const texts = names.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return texts.length === 0 ? undefined : texts.join('\n\n');
}
