import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Prints the section of CHANGELOG.md about the version of package.json: the text of its release. */
const root = join(import.meta.dirname, '..');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^(?=## )/m);
const section = sections.find((text) => text.startsWith(`## [${version}]`));
if (section === undefined) {
  console.error(`CHANGELOG.md has no section "## [${version}]": name what is unreleased after the version and its date.`);
  process.exitCode = 1;
} else {
  console.log(section.slice(section.indexOf('\n') + 1).trim());
}
