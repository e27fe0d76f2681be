import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

/** axe finds nothing serious on the page as it stands, in light and in dark. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(async () => {
      const result = await window.axe.run(document);
      return {
        violations: result.violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
        passes: result.passes.length,
      };
    });
    expect({ page: name, colorScheme, violations }).toEqual({ page: name, colorScheme, violations: [] });
    // An axe that looked at nothing would find nothing.
    expect(passes).toBeGreaterThan(10);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}
