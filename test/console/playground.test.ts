import { expect, onTestFinished, test } from 'vitest';
import { createAccess } from '../../src/console/access.ts';
import { createPlaygroundPage } from '../../src/console/playground.ts';
import { createPlayground } from '../../src/operations/playground.ts';

const host = '127.0.0.1:4711';

async function openPage(): Promise<(path: string, fields: Readonly<Record<string, string>>) => Promise<Response>> {
  const playground = await createPlayground();
  onTestFinished(() => playground.close());
  const access = createAccess({ host, port: 4711 });
  const page = createPlaygroundPage({ playground, assets: { style: '', script: '' } }, access);
  const entered = await page.fetch(new Request(`http://${host}${access.entryPath}`, { headers: { host } }));
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return (path, fields) =>
    page.fetch(
      new Request(`http://${host}${path}`, {
        method: 'POST',
        headers: { host, cookie, origin: `http://${host}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ csrf: access.csrfToken, ...fields }).toString(),
      }),
    );
}

test('a form that the tracker refuses keeps what was typed, and stands open', async () => {
  const post = await openPage();
  for (const [path, fields] of [
    ['/act/public/issue', { title: 'x'.repeat(300), text: 'My "long" text', type: 'Bug' }],
    ['/act/private/issue', { title: 'x'.repeat(300), text: 'My "long" text', type: 'Bug' }],
    ['/act/public/comment', { issue: 'ACME-1', text: `My long text ${'x'.repeat(40_000)}` }],
    ['/act/private/comment', { issue: '#1', text: `My long text ${'x'.repeat(70_000)}` }],
    ['/act/private/edit', { issue: '#1', title: 'x'.repeat(300), text: 'My long text' }],
    ['/act/public/edit', { issue: 'ACME-1', title: 'x'.repeat(300), text: 'My long text' }],
  ] as const) {
    const answer = await post(path, fields);
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('The tracker refused this');
    // One form is open, and it holds every field as it was typed.
    const open = [...page.matchAll(/<details class="more[^"]*" open="">.*?<\/details>/gs)].map(String);
    expect(open).toHaveLength(1);
    for (const [name, value] of Object.entries(fields))
      if (name === 'type') expect(open[0]).toContain(`<option value="${value}" selected="">`);
      else expect(open[0]).toContain(value.replaceAll('"', '&quot;'));
  }
});
